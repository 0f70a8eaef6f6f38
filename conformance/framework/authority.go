package framework

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	certutil "k8s.io/client-go/util/cert"
)

// Authority issues certificates of clients, good ones and others.
type Authority struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
}

// NewAuthority is one that nobody knows yet.
func NewAuthority(name string) *Authority {
	ginkgo.GinkgoHelper()
	key := newKey()
	certificate, err := certutil.NewSelfSignedCACert(certutil.Config{CommonName: name}, key)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return &Authority{certificate, key}
}

// Issue makes a certificate of a client, but for what change makes of it.
func (a *Authority) Issue(subject pkix.Name, change func(*x509.Certificate)) *tls.Certificate {
	ginkgo.GinkgoHelper()
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: subject,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	change(template)
	key := newKey()
	encoded, err := x509.CreateCertificate(rand.Reader, template, a.Certificate, key.Public(), a.Key)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return &tls.Certificate{Certificate: [][]byte{encoded, a.Certificate.Raw}, PrivateKey: key}
}

func newKey() crypto.Signer {
	ginkgo.GinkgoHelper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return key
}
