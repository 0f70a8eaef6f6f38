package aggregated_test

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	certutil "k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

// The names that kube-apiserver and its authority have.
const (
	proxyName     = "front-proxy-client"
	authorityName = "front-proxy-ca"
)

// authority issues certificates of kube-apiserver as a front proxy.
type authority struct{ *framework.Authority }

// newAuthority is one that nobody knows yet. The name tells nobody from another.
func newAuthority() *authority {
	GinkgoHelper()
	return &authority{framework.NewAuthority(authorityName)}
}

// proxyAuthority is the one of kube-apiserver's certificate as a front proxy.
func proxyAuthority() *authority {
	GinkgoHelper()
	files := framework.Env.FrontProxyAuthority
	certificates, err := certutil.CertsFromFile(files.CertFile)
	Expect(err).NotTo(HaveOccurred())
	key, err := keyutil.PrivateKeyFromFile(files.KeyFile)
	Expect(err).NotTo(HaveOccurred())
	return &authority{&framework.Authority{Certificate: certificates[0], Key: key.(crypto.Signer)}}
}

// issue makes a certificate of kube-apiserver, but for what change makes of it.
func (a *authority) issue(change func(*x509.Certificate)) *tls.Certificate {
	GinkgoHelper()
	return a.Issue(pkix.Name{CommonName: proxyName}, change)
}

// proxy is a good certificate of kube-apiserver.
func (a *authority) proxy() *tls.Certificate {
	GinkgoHelper()
	return a.issue(func(*x509.Certificate) {})
}

// write keeps the authority and a certificate of kube-apiserver in a folder.
func (a *authority) write(dir string) (authority string, proxy environment.Certificate) {
	GinkgoHelper()
	certificate := a.proxy()
	key, err := keyutil.MarshalPrivateKeyToPEM(certificate.PrivateKey)
	Expect(err).NotTo(HaveOccurred())
	authority = filepath.Join(dir, "ca.crt")
	proxy = environment.Certificate{CertFile: filepath.Join(dir, "proxy.crt"), KeyFile: filepath.Join(dir, "proxy.key")}
	for file, content := range map[string][]byte{authority: encoded(a.Certificate.Raw), proxy.CertFile: encoded(certificate.Certificate[0]), proxy.KeyFile: key} {
		Expect(os.WriteFile(file, content, 0o600)).To(Succeed())
	}
	return authority, proxy
}

func encoded(certificate []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certutil.CertificateBlockType, Bytes: certificate})
}
