package framework

import (
	"slices"

	"github.com/onsi/ginkgo/v2"

	"ark.ai/apiserver/conformance/environment"
)

// Labels of specs that are about one database, and skipped on others.
var (
	OnSQLite     = ginkgo.Label(environment.SQLite)
	OnPostgreSQL = ginkgo.Label(environment.PostgreSQL)
)

// skipOtherDatabases skips the spec that runs if it is about another database than the
// environment's.
func skipOtherDatabases() {
	for _, driver := range environment.Drivers {
		if driver != Env.Driver && slices.Contains(ginkgo.CurrentSpecReport().Labels(), driver) {
			ginkgo.Skip("this is about " + driver)
		}
	}
}
