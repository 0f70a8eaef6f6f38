package framework

import (
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"

	"ark.ai/apiserver/conformance/environment"
)

// Labels of specs that are about some databases, and skipped on others.
var (
	OnSQLite     = ginkgo.Label(environment.SQLite)
	OnPostgreSQL = ginkgo.Label(environment.PostgreSQL)
	OnMySQL      = ginkgo.Label(environment.MySQL)
	// OnDatabaseServer is for what has a server of its own, and several of ours on it.
	OnDatabaseServer = ginkgo.Label(environment.PostgreSQL, environment.MySQL)
)

// skipOtherDatabases skips the spec that runs if it is about other databases than the
// environment's.
func skipOtherDatabases() {
	about := slices.DeleteFunc(ginkgo.CurrentSpecReport().Labels(), func(label string) bool { return !slices.Contains(environment.Drivers, label) })
	if len(about) > 0 && !slices.Contains(about, Env.Driver) {
		ginkgo.Skip("this is about " + strings.Join(about, ", "))
	}
}
