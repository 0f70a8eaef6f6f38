package aggregated_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

func TestAggregated(t *testing.T) { framework.RunSpecs(t, framework.Aggregated) }

var _ = BeforeEach(func() {
	Expect(framework.Env.Mode).To(Equal(environment.Aggregated), "these specs are about a server behind kube-apiserver: run them with -mode=aggregated")
})

// program is ark-apiserver; it is built when no environment variable names one.
func program() string {
	GinkgoHelper()
	if path := os.Getenv("ARK_APISERVER"); path != "" {
		return path
	}
	path := filepath.Join(GinkgoT().TempDir(), "ark-apiserver")
	output, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, "ark.ai/apiserver/src/cmd/ark-apiserver").CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), string(output))
	return path
}
