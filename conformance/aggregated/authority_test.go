package aggregated_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"time"

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

// authority issues certificates of clients, good ones and others.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// newAuthority is one that nobody knows yet. The name tells nobody from another.
func newAuthority() *authority {
	GinkgoHelper()
	key := newKey()
	certificate, err := certutil.NewSelfSignedCACert(certutil.Config{CommonName: authorityName}, key)
	Expect(err).NotTo(HaveOccurred())
	return &authority{certificate, key}
}

// proxyAuthority is the one of kube-apiserver's certificate as a front proxy.
func proxyAuthority() *authority {
	GinkgoHelper()
	files := framework.Env.FrontProxyAuthority
	certificates, err := certutil.CertsFromFile(files.CertFile)
	Expect(err).NotTo(HaveOccurred())
	key, err := keyutil.PrivateKeyFromFile(files.KeyFile)
	Expect(err).NotTo(HaveOccurred())
	return &authority{certificates[0], key.(crypto.Signer)}
}

// issue makes a certificate of kube-apiserver, but for what change makes of it.
func (a *authority) issue(change func(*x509.Certificate)) *tls.Certificate {
	GinkgoHelper()
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: proxyName},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	change(template)
	key := newKey()
	encoded, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	Expect(err).NotTo(HaveOccurred())
	return &tls.Certificate{Certificate: [][]byte{encoded, a.certificate.Raw}, PrivateKey: key}
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
	for file, content := range map[string][]byte{authority: encoded(a.certificate.Raw), proxy.CertFile: encoded(certificate.Certificate[0]), proxy.KeyFile: key} {
		Expect(os.WriteFile(file, content, 0o600)).To(Succeed())
	}
	return authority, proxy
}

func encoded(certificate []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certutil.CertificateBlockType, Bytes: certificate})
}

func newKey() crypto.Signer {
	GinkgoHelper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	Expect(err).NotTo(HaveOccurred())
	return key
}
