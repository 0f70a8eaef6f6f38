package kubectl_test

import (
	"slices"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

func TestKubectl(t *testing.T) {
	cache = t.TempDir()
	SetDefaultEventuallyTimeout(time.Minute)
	SetDefaultEventuallyPollingInterval(100 * time.Millisecond)
	EnforceDefaultTimeoutsWhenUsingContexts()
	framework.RunSpecs(t, framework.Kubectl)
}

// cache is where kubectl keeps what it was told of the API. All users of this process share it.
var cache string

// Labels of specs that can't run everywhere.
var (
	// beyondCustomResources is what the Ark API server does and CustomResourceDefinitions can't, or
	// say in other words.
	beyondCustomResources = Label("beyond custom resources")
	// standaloneOnly is about what else a standalone server serves.
	standaloneOnly = Label("standalone only")
)

var _ = BeforeEach(func() {
	if has(beyondCustomResources) && framework.Env.Mode == environment.CRD {
		Skip("custom resources can't do this, or say it in other words")
	}
	if has(standaloneOnly) && framework.Env.Mode != environment.Standalone {
		Skip("a whole Kubernetes serves more")
	}
})

// has reports whether the spec that runs has a label.
func has(label Labels) bool { return slices.Contains(CurrentSpecReport().Labels(), label[0]) }
