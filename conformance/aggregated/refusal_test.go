package aggregated_test

import (
	"context"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A server that can't run as it was told", func() {
	It("names the cluster that does not answer", func() {
		refuses(launch(kubeconfig(func(config *clientcmdapi.Cluster) { config.Server = "https://127.0.0.1:1" })), "https://127.0.0.1:1")
	})

	It("does not trust a cluster whose certificate it can't verify", func(ctx context.Context) {
		other := start(ctx) // has a certificate of another authority
		authorities, err := os.ReadFile(other.certificateFile())
		Expect(err).NotTo(HaveOccurred())
		refuses(launch(kubeconfig(func(config *clientcmdapi.Cluster) {
			config.CertificateAuthority, config.CertificateAuthorityData = "", authorities
		})), "certificate")
	})

	It("says which kubeconfig is missing", func() {
		refuses(launch("/nowhere/kubeconfig"), "/nowhere/kubeconfig")
	})

	It("needs a certificate", func() {
		refuses(launch(framework.Env.Kubeconfig, "--tls-cert-file="), "--tls-cert-file and --tls-private-key-file must be specified")
	})

	It("does not share a SQLite file with another process", func(ctx context.Context) {
		other := start(ctx)
		path := filepath.Join(other.dir, "ark.db")
		refuses(launch(framework.Env.Kubeconfig, "--sqlite-path", path), path)
	})
})

// refuses wants the process to end with an error in one line that has this text.
func refuses(s *server, text string) {
	GinkgoHelper()
	Eventually(s.Session).WithTimeout(stopTimeout).Should(gexec.Exit(1))
	Expect(s.Err).To(gbytes.Say(`ark-apiserver: .*` + text))
}

// kubeconfig is the administrator's with another idea of the cluster.
func kubeconfig(change func(*clientcmdapi.Cluster)) string {
	GinkgoHelper()
	config, err := clientcmd.LoadFromFile(framework.Env.Kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	change(config.Clusters[config.Contexts[config.CurrentContext].Cluster])
	path := filepath.Join(GinkgoT().TempDir(), "kubeconfig")
	Expect(clientcmd.WriteToFile(*config, path)).To(Succeed())
	return path
}
