// Package green_test is a suite that passes. It says once that it has nothing to do.
package green_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestGreen(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "a criterion")
}

type counts struct {
	Requests int
	Database string
	Seconds  float64
}

var _ = Describe("a list", func() {
	It("is complete", func() {
		AddReportEntry("oracle", counts{Requests: 300, Database: "<any>", Seconds: 1.2345})
		AddReportEntry("log", "not for a passed check", ReportEntryVisibilityFailureOrVerbose)
	})
	Context("with a limit", func() {
		It("has pages | and *names*", Label("slow"), func() { Expect(1).To(Equal(1)) })
	})
	It("is empty elsewhere", func() { Skip("nothing is elsewhere") })
})

var _ = DescribeTable("a number", func(n int) { Expect(n).To(BeNumerically(">", 0)) },
	Entry("is one", 1),
	Entry("is two", 2),
)
