// Package red_test is a suite with everything that can go wrong.
package red_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestRed(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "a criterion")
}

var _ = Describe("a list", func() {
	It("is complete", func() {
		AddReportEntry("log", "the last words", ReportEntryVisibilityFailureOrVerbose)
		Expect("two <items>").To(Equal("three"))
	})
	It("is stable", func() { panic("out of order") })
	It("is short", func() {})
	PIt("is for later", func() {})
})
