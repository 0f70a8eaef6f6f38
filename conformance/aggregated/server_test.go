package aggregated_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"k8s.io/client-go/rest"
	certutil "k8s.io/client-go/util/cert"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

const (
	readyTimeout = time.Minute
	stopTimeout  = time.Minute
)

// server is one more process of ark-apiserver at the environment's cluster, with a database of its
// own. No APIService points to it: the specs use it directly.
type server struct {
	*gexec.Session
	dir     string
	address string
}

// launch starts a server without waiting for it.
func launch(kubeconfig string, flags ...string) *server {
	GinkgoHelper()
	s := prepare()
	s.run(kubeconfig, append([]string{"--sqlite-path", filepath.Join(s.dir, "ark.db")}, flags...)...)
	return s
}

// prepare gives a server that is not started yet an address and a certificate.
func prepare() *server {
	GinkgoHelper()
	s := &server{dir: GinkgoT().TempDir()}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	s.address = listener.Addr().String()
	Expect(listener.Close()).To(Succeed())
	s.issueCertificate()
	return s
}

func (s *server) run(kubeconfig string, flags ...string) {
	GinkgoHelper()
	command := exec.Command(program(), append([]string{
		"aggregated", "--kubeconfig", kubeconfig, "--bind-address=127.0.0.1", "--secure-port", s.port(),
		"--tls-cert-file", s.certificateFile(), "--tls-private-key-file", s.keyFile(),
	}, flags...)...)
	var err error
	s.Session, err = gexec.Start(command, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { s.Kill().Wait(stopTimeout) })
}

func (s *server) port() string {
	GinkgoHelper()
	_, port, err := net.SplitHostPort(s.address)
	Expect(err).NotTo(HaveOccurred())
	return port
}

// start is startAt the environment's cluster.
func start(ctx context.Context, flags ...string) *server {
	GinkgoHelper()
	return startAt(ctx, framework.Env.Kubeconfig, flags...)
}

// startAt waits until the server is ready.
func startAt(ctx context.Context, kubeconfig string, flags ...string) *server {
	GinkgoHelper()
	s := launch(kubeconfig, flags...)
	s.awaitReady(ctx)
	return s
}

func (s *server) awaitReady(ctx context.Context) {
	GinkgoHelper()
	Eventually(func(g Gomega) {
		g.Expect(s.ExitCode()).To(Equal(-1), "the server ended: %s", s.Err.Contents())
		status, body := s.get(ctx, "/readyz")
		g.Expect(status).To(Equal(http.StatusOK), body)
	}).WithTimeout(readyTimeout).Should(Succeed())
}

func (s *server) certificateFile() string { return filepath.Join(s.dir, "tls.crt") }
func (s *server) keyFile() string         { return filepath.Join(s.dir, "tls.key") }

// issueCertificate writes a new serving certificate, for kube-apiserver too, followed by that of
// its own authority.
func (s *server) issueCertificate() {
	GinkgoHelper()
	certificate, key, err := certutil.GenerateSelfSignedCertKey("localhost", []net.IP{net.IPv4(127, 0, 0, 1)}, []string{"ark-apiserver.ark-system.svc"})
	Expect(err).NotTo(HaveOccurred())
	Expect(os.WriteFile(s.keyFile(), key, 0o600)).To(Succeed())
	Expect(os.WriteFile(s.certificateFile(), certificate, 0o600)).To(Succeed())
}

// anonymous is a client without credentials and without connections to reuse.
func (s *server) anonymous() *http.Client {
	GinkgoHelper()
	authorities, err := os.ReadFile(s.certificateFile())
	Expect(err).NotTo(HaveOccurred())
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authorities)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		DisableKeepAlives: true,
	}}
}

// get is an anonymous request. Status 0 means that there was no answer, which body explains.
func (s *server) get(ctx context.Context, path string) (status int, body string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+s.address+path, nil)
	if err != nil {
		return 0, err.Error()
	}
	response, err := s.anonymous().Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(text)
}

// administrator is the cluster's, with a client certificate, and talks to the server itself.
func (s *server) administrator() *versioned.Clientset {
	GinkgoHelper()
	return versioned.NewForConfigOrDie(s.config())
}

func (s *server) config() *rest.Config {
	config := rest.CopyConfig(framework.Config)
	config.Host = "https://" + s.address
	config.CAData, config.CAFile = nil, s.certificateFile()
	return config
}

// read is an administrator's request for text.
func (s *server) read(ctx context.Context, path string) string {
	GinkgoHelper()
	text, err := s.administrator().Discovery().RESTClient().Get().RequestURI(path).Do(ctx).Raw()
	Expect(err).NotTo(HaveOccurred(), fmt.Sprint(path, ": ", string(text)))
	return string(text)
}
