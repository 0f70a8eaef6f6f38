package rbac_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
)

// server is one that clients can reach: that of the kubeconfig, or an Ark API server itself.
type server struct {
	url string
	// authorities are those of its certificate.
	authorities *x509.CertPool
	// name is the host in its certificate, where it is not the one in the URL.
	name string
}

func kubeconfigServer() server {
	GinkgoHelper()
	trusted, err := rest.TLSConfigFor(rest.AnonymousClientConfig(framework.Config))
	Expect(err).NotTo(HaveOccurred())
	return server{url: framework.Config.Host, authorities: trusted.RootCAs}
}

// arkServers are the Ark API servers themselves; where there are none, with CustomResourceDefinitions, it is the one
// of the kubeconfig that takes part of them.
func arkServers() []server {
	GinkgoHelper()
	var servers []server
	for _, s := range framework.Env.Servers {
		certificates, err := os.ReadFile(s.CAFile)
		Expect(err).NotTo(HaveOccurred())
		authorities := x509.NewCertPool()
		Expect(authorities.AppendCertsFromPEM(certificates)).To(BeTrue(), s.CAFile)
		servers = append(servers, server{url: s.URL, authorities: authorities, name: s.Name})
	}
	if len(servers) == 0 {
		return []server{kubeconfigServer()}
	}
	return servers
}

func allServers() []server { return append(arkServers(), kubeconfigServer()) }

// response is what a server answers.
type response struct {
	code   int
	header http.Header
	body   string
}

// get makes a request with nothing but the headers and client certificates that it is given.
func get(ctx context.Context, server server, path string, header http.Header, certificates ...tls.Certificate) response {
	GinkgoHelper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: server.authorities, ServerName: server.name, Certificates: certificates, MinVersion: tls.VersionTLS12,
	}}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.url+path, nil)
	Expect(err).NotTo(HaveOccurred())
	for name, values := range header {
		request.Header[name] = values
	}
	got, err := (&http.Client{Transport: transport}).Do(request)
	Expect(err).NotTo(HaveOccurred())
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	Expect(err).NotTo(HaveOccurred())
	return response{code: got.StatusCode, header: got.Header, body: string(body)}
}
