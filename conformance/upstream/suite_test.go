package upstream_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	_ "k8s.io/kubernetes/test/e2e/apimachinery"
	e2e "k8s.io/kubernetes/test/e2e/framework"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// chosen are the checks of the API machinery, with the features that kube-apiserver has without
// being told. Checks of other subjects come along with upstream's packages.
const chosen = "sig-api-machinery && Feature: isSubsetOf {PodPriority} && !(Disruptive || Flaky)"

func TestUpstream(t *testing.T) {
	// Upstream's flags have their defaults: the command line is ours.
	flags := flag.NewFlagSet("upstream", flag.PanicOnError)
	e2e.RegisterCommonFlags(flags)
	e2e.RegisterClusterFlags(flags)
	e2e.AfterReadingAllFlags(&e2e.TestContext)
	// Which forgets all that was to be done before each check.
	ginkgo.BeforeEach(prepare)
	framework.RunSpecs(t, framework.Upstream, chosen)
}

func prepare() {
	text := ginkgo.CurrentSpecReport().FullText()
	for _, beginning := range needNodes {
		if strings.HasPrefix(text, "[sig-api-machinery] "+beginning) {
			ginkgo.Skip("it needs nodes")
		}
	}
	kubectl, err := environment.Program("kubectl")
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	e2e.TestContext.KubectlPath = kubectl
	e2e.TestContext.KubeConfig, e2e.TestContext.Host = framework.Env.Kubeconfig, ""
}

// needNodes are how the checks begin that wait for pods to run, or count nodes. On etcd they fail
// as well without any.
var needNodes = []string{
	// These have a pod that serves webhooks or an API.
	"AdmissionWebhook ",
	"Aggregator ",
	"CustomResourceConversionWebhook ",
	"CustomResourceFieldSelectors ",

	"Garbage collector should keep the rc around until all its pods are deleted",
	"Garbage collector should not delete dependents that have both valid owner and owner that's waiting",
	"Garbage collector should orphan pods created by rc if delete options say so",
	"Generated clientset should create pods",
	"Namespaces should ensure that all pods are removed",
	"OpenAPIV3 should contain OpenAPI V3 for Aggregated APIServer",
	"OrderedNamespaceDeletion ",
	"Servers with support for Table transformation should return generic metadata details across all namespaces for nodes",
}
