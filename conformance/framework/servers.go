package framework

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	"k8s.io/client-go/rest"
)

// Server is one that clients can reach: that of the kubeconfig, or an Ark API server itself.
type Server struct {
	URL string
	// authorities are those of its certificate.
	authorities *x509.CertPool
	// name is the host in its certificate, where it is not the one in the URL.
	name string
}

// KubeconfigServer is the one of the kubeconfig.
func KubeconfigServer() Server {
	ginkgo.GinkgoHelper()
	trusted, err := rest.TLSConfigFor(rest.AnonymousClientConfig(Config))
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return Server{URL: Config.Host, authorities: trusted.RootCAs}
}

// ArkServers are the Ark API servers themselves; where there are none, with CustomResourceDefinitions, it is the one
// of the kubeconfig that takes part of them.
func ArkServers() []Server {
	ginkgo.GinkgoHelper()
	var servers []Server
	for _, s := range Env.Servers {
		certificates, err := os.ReadFile(s.CAFile)
		gomega.Expect(err).NotTo(gomega.HaveOccurred())
		authorities := x509.NewCertPool()
		gomega.Expect(authorities.AppendCertsFromPEM(certificates)).To(gomega.BeTrue(), s.CAFile)
		servers = append(servers, Server{URL: s.URL, authorities: authorities, name: s.Name})
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

// Get makes a request with nothing but the headers and the client's certificate that it is given, if any.
func (s Server) Get(ctx context.Context, path string, header http.Header, certificate *tls.Certificate) Response {
	ginkgo.GinkgoHelper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.authorities, ServerName: s.name, MinVersion: tls.VersionTLS12}}
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
