package framework

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"k8s.io/client-go/rest"
)

// Server is one that clients can reach: that of the kubeconfig, or an Ark API server itself.
type Server struct {
	URL string
	// trust is for its certificate.
	trust *tls.Config
}

// newServer takes nothing of a client's configuration but where the server is, and its authority.
func newServer(config *rest.Config) Server {
	ginkgo.GinkgoHelper()
	trust, err := rest.TLSConfigFor(rest.AnonymousClientConfig(config))
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return Server{URL: config.Host, trust: trust}
}

// KubeconfigServer is the one of the kubeconfig.
func KubeconfigServer() Server {
	ginkgo.GinkgoHelper()
	return newServer(Config)
}

// ArkServers are the Ark API servers themselves; where there are none, with
// CustomResourceDefinitions, it is the one of the kubeconfig that takes part of them.
func ArkServers() []Server {
	ginkgo.GinkgoHelper()
	var servers []Server
	for _, server := range Env.Servers {
		servers = append(servers, newServer(server.Config(Config)))
	}
	if len(servers) == 0 {
		return []Server{KubeconfigServer()}
	}
	return servers
}

// Response is what a server answers.
type Response struct {
	Code   int
	Header http.Header
	Body   string
}

// Get makes a request with nothing but the headers and the client's certificate that it is given,
// if any.
func (s Server) Get(ctx context.Context, path string, header http.Header, certificate *tls.Certificate) Response {
	ginkgo.GinkgoHelper()
	transport := &http.Transport{TLSClientConfig: s.trust.Clone()}
	defer transport.CloseIdleConnections()
	if certificate != nil {
		// It is sent even if the server does not name its authority.
		transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate, nil }
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	for name, values := range header {
		request.Header[name] = values
	}
	got, err := (&http.Client{Transport: transport}).Do(request)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return Response{Code: got.StatusCode, Header: got.Header, Body: string(body)}
}
