package aggregated_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"ark.ai/apiserver/conformance/environment"
)

// kube-apiserver adds its authority to those that the cluster knows (the ConfigMap
// extension-apiserver-authentication), and takes none away but those that have expired: that is up
// to whoever exchanges them.
var _ = Describe("A kube-apiserver that restarts with a new authority of its own certificate", func() {
	It("is believed without a restart of the server, and the old one is not once the cluster has forgotten it", func(ctx context.Context) {
		before, after := newAuthority(), newAuthority()
		plane := newPlane(before)
		s := startAt(ctx, plane.kubeconfig())
		old, renewed := s.asProxy(before.proxy()), s.asProxy(after.proxy())
		// The user has no rights, but is known.
		Expect(old(ctx)).To(Equal(http.StatusForbidden))
		Expect(renewed(ctx)).To(Equal(http.StatusUnauthorized))

		By("restarting kube-apiserver")
		Expect(plane.APIServer.Stop()).To(Succeed())
		plane.trust(after)
		Expect(plane.APIServer.Start()).To(Succeed())
		Eventually(ctx, renewed).WithTimeout(readyTimeout).Should(Equal(http.StatusForbidden))
		Expect(old(ctx)).To(Equal(http.StatusForbidden))

		By("letting the cluster forget the old authority")
		configMaps := kubernetes.NewForConfigOrDie(plane.admin.Config()).CoreV1().ConfigMaps(metav1.NamespaceSystem)
		Expect(configMaps.Delete(ctx, "extension-apiserver-authentication", metav1.DeleteOptions{})).To(Succeed())
		Eventually(ctx, old).WithTimeout(readyTimeout).Should(Equal(http.StatusUnauthorized))
		Expect(renewed(ctx)).To(Equal(http.StatusForbidden))
		Expect(s.ExitCode()).To(Equal(-1), "the server goes on")
	})
})

// plane is etcd and a kube-apiserver that can be started again with other flags.
type plane struct {
	*envtest.ControlPlane
	admin *envtest.AuthenticatedUser
}

func newPlane(frontProxy *authority) *plane {
	GinkgoHelper()
	find := func(name string) string {
		program, err := environment.Program(name)
		Expect(err).NotTo(HaveOccurred())
		return program
	}
	p := &plane{ControlPlane: &envtest.ControlPlane{
		Etcd: &envtest.Etcd{Path: find("etcd"), DataDir: GinkgoT().TempDir(), StartTimeout: readyTimeout},
		APIServer: &envtest.APIServer{
			Path: find("kube-apiserver"), CertDir: GinkgoT().TempDir(), StartTimeout: readyTimeout, StopTimeout: stopTimeout,
			Out: GinkgoWriter, Err: GinkgoWriter,
		},
	}}
	p.APIServer.Configure().
		Set("advertise-address", "192.0.2.1").
		// Else it waits a minute for those who watch.
		Set("shutdown-send-retry-after", "true").
		Set("shutdown-watch-termination-grace-period", "1s")
	p.trust(frontProxy)
	DeferCleanup(func() { Expect(p.Stop()).To(Succeed()) })
	Expect(p.Start()).To(Succeed())
	var err error
	p.admin, err = p.AddUser(envtest.User{Name: "admin", Groups: []string{"system:masters"}}, nil)
	Expect(err).NotTo(HaveOccurred())
	return p
}

// trust is for the next start: kube-apiserver has a certificate of this authority as a front proxy.
func (p *plane) trust(frontProxy *authority) {
	GinkgoHelper()
	authority, proxy := frontProxy.write(GinkgoT().TempDir())
	p.APIServer.Configure().
		Set("requestheader-client-ca-file", authority).
		Set("requestheader-allowed-names", proxyName).
		Set("requestheader-username-headers", "X-Remote-User").
		Set("requestheader-group-headers", "X-Remote-Group").
		Set("requestheader-extra-headers-prefix", "X-Remote-Extra-").
		Set("proxy-client-cert-file", proxy.CertFile).
		Set("proxy-client-key-file", proxy.KeyFile)
}

func (p *plane) kubeconfig() string {
	GinkgoHelper()
	content, err := p.admin.KubeConfig()
	Expect(err).NotTo(HaveOccurred())
	path := filepath.Join(GinkgoT().TempDir(), "kubeconfig")
	Expect(os.WriteFile(path, content, 0o600)).To(Succeed())
	return path
}

// asProxy is a request for a user, over one connection, with the status of its answer. Another
// certificate is another client.
func (s *server) asProxy(certificate *tls.Certificate) func(context.Context) int {
	GinkgoHelper()
	client := s.anonymous()
	transport := client.Transport.(*http.Transport)
	transport.DisableKeepAlives = false
	transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	DeferCleanup(transport.CloseIdleConnections)
	return func(ctx context.Context) int {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+s.address+"/apis/ark.ai/v1alpha1/queries", nil)
		Expect(err).NotTo(HaveOccurred())
		request.Header.Set("X-Remote-User", "jane")
		response, err := client.Do(request)
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		return response.StatusCode
	}
}
