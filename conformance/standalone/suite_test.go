package standalone_test

import (
	"os"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestMain ends the PostgreSQL server that the specs share.
func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func TestStandalone(t *testing.T) {
	SetDefaultEventuallyTimeout(90 * time.Second)
	SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	EnforceDefaultTimeoutsWhenUsingContexts()
	framework.RunSpecs(t, framework.Standalone)
}

// Labels of specs about one kind of database.
var (
	sqliteOnly     = Label("SQLite only")
	postgresqlOnly = Label("PostgreSQL only")
)

var _ = BeforeEach(func() {
	Expect(framework.Env.Mode).To(Equal(environment.Standalone), "these specs are about standalone servers: run them with -mode=standalone")
	skipUnless(environment.SQLite, sqliteOnly)
	skipUnless(environment.PostgreSQL, postgresqlOnly)
})

// skipUnless skips the spec that runs if it has a label, unless the environment has this kind of database.
func skipUnless(driver string, label Labels) {
	if framework.Env.Driver != driver && slices.Contains(CurrentSpecReport().Labels(), label[0]) {
		Skip("this is about " + driver)
	}
}
