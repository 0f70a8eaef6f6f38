package helm_test

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/e2e/provision"
)

func TestHelm(t *testing.T) { framework.RunSpecs(t, framework.Helm) }

var _ = BeforeEach(func() {
	Expect(framework.Env.Release).NotTo(BeNil(), "these specs are about a release of the chart: run them with -mode=kind")
	// Pods start, are asked to end, and drain.
	SetDefaultEventuallyTimeout(5 * time.Minute)
	SetDefaultEventuallyPollingInterval(200 * time.Millisecond)
})

// release is what Helm has installed. Specs leave it as it was.
func release() *provision.Release { return framework.Env.Release }
