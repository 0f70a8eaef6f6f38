package helm_test

import (
	"slices"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/e2e/provision"
)

func TestHelm(t *testing.T) { framework.RunSpecs(t, framework.Helm) }

// Specs that are about one database only.
var (
	onSQLite     = Label(environment.SQLite)
	onPostgreSQL = Label(environment.PostgreSQL)
)

var _ = BeforeEach(func() {
	Expect(framework.Env.Release).NotTo(BeNil(), "these specs are about a release of the chart: run them with -mode=kind")
	for _, driver := range []string{environment.SQLite, environment.PostgreSQL} {
		if driver != framework.Env.Driver && slices.Contains(CurrentSpecReport().Labels(), driver) {
			Skip("this is about " + driver)
		}
	}
	// Pods start, are asked to end, and drain.
	SetDefaultEventuallyTimeout(5 * time.Minute)
	SetDefaultEventuallyPollingInterval(200 * time.Millisecond)
})

// release is what Helm has installed. Specs leave it as it was.
func release() *provision.Release { return framework.Env.Release }
