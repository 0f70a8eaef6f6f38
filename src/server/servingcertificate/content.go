package servingcertificate

import (
	"crypto"
	"crypto/x509"
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	certutil "k8s.io/client-go/util/cert"

	"ark.ai/apiserver/src/server/certificate"
)

// Keys of the secret, beside tls.crt and tls.key. They are those of cert-manager, so that others,
// such as Prometheus, find the authorities where they expect them.
const (
	// authoritiesKey has those that kube-apiserver is to trust. The first is the newest, which
	// issues.
	authoritiesKey = "ca.crt"
	// authorityKeyKey has the key of the newest.
	authorityKeyKey = "ca.key"
)

// content is what a secret has, without what is damaged.
type content struct {
	authorities []*x509.Certificate
	// issuer is the newest authority, or nil if its key is not there.
	issuer *certificate.Pair
	// chain has the serving certificate first.
	chain []*x509.Certificate
	// key is that of the serving certificate, or nil.
	key crypto.Signer
}

func parse(data map[string][]byte) *content {
	c := &content{authorities: certificates(data[authoritiesKey]), chain: certificates(data[corev1.TLSCertKey])}
	if key, err := certificate.ParseKey(data[corev1.TLSPrivateKeyKey]); err == nil {
		c.key = key
	}
	if key, err := certificate.ParseKey(data[authorityKeyKey]); err == nil && len(c.authorities) > 0 {
		if pair, err := certificate.NewPair(c.authorities[0], key); err == nil {
			c.issuer = pair
		}
	}
	return c
}

// certificates are none if one of them is damaged.
func certificates(encoded []byte) []*x509.Certificate {
	parsed, err := certutil.ParseCertsPEM(encoded)
	if err != nil {
		return nil
	}
	return parsed
}

// serves is an error if kube-apiserver, which trusts the authorities, could not verify the serving
// certificate for a host.
func (c *content) serves(host string, now time.Time) error {
	if len(c.chain) == 0 || c.key == nil {
		return errors.New("there was none")
	}
	if _, err := certificate.NewPair(c.chain[0], c.key); err != nil {
		return err
	}
	return c.verify(host, now, c.authorities...)
}

func (c *content) verify(host string, now time.Time, authorities ...*x509.Certificate) error {
	_, err := c.chain[0].Verify(x509.VerifyOptions{
		DNSName:       host,
		Roots:         pool(authorities),
		Intermediates: pool(c.chain[1:]),
		CurrentTime:   now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return err
}

func pool(certificates []*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, certificate := range certificates {
		pool.AddCert(certificate)
	}
	return pool
}
