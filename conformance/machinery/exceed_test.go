package machinery_test

import (
	. "github.com/onsi/ginkgo/v2"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// beyondCustomResources is the label of specs that custom resources do not pass, with a reason
// each.
var beyondCustomResources = Label("beyond custom resources")

// unlessCustomResources skips what is about a promise of ours that custom resources do not make.
func unlessCustomResources(reason string) {
	GinkgoHelper()
	if framework.Env.Mode == environment.CRD {
		Skip(reason)
	}
}
