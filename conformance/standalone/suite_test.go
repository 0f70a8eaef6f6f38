package standalone_test

import (
	"os"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// TestMain ends the database servers that the specs share.
func TestMain(m *testing.M) {
	os.Exit(mysqltest.Main(testserver.Then(func() int { return postgrestest.Main(m) })))
}

func TestStandalone(t *testing.T) {
	SetDefaultEventuallyTimeout(90 * time.Second)
	SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	EnforceDefaultTimeoutsWhenUsingContexts()
	framework.RunSpecs(t, framework.Standalone)
}

var _ = BeforeEach(func() {
	Expect(framework.Env.Mode).To(Equal(environment.Standalone), "these specs are about standalone servers: run them with -mode=standalone")
})
