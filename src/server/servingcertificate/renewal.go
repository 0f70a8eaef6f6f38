package servingcertificate

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	certutil "k8s.io/client-go/util/cert"

	"ark.ai/apiserver/src/server/certificate"
)

const (
	// authorityName begins the names of our authorities.
	authorityName = "ark-apiserver-serving-ca"
	// settling is for how long a new authority is trusted before it issues what others wait for
	// calmly, and for how long an old one is trusted after nothing of it is left: in a day every
	// replica and every kube-apiserver has heard of it.
	settling = 24 * time.Hour
)

// renew returns a secret's data with everything that is missing, damaged or due made anew, for a
// Service with these hosts, and says what that is: nothing, mostly.
func renew(data map[string][]byte, hosts []string, now time.Time) (renewed map[string][]byte, changes []string, err error) {
	c := parse(data)
	before := c.authorities
	renewed = maps.Clone(data)
	if renewed == nil {
		renewed = map[string][]byte{}
	}
	broken := c.serves(hosts[0], now)
	if c.issuer == nil || !c.issuer.Certificate.IsCA || due(c.issuer.Certificate, now) {
		if err := c.succeed(now); err != nil {
			return nil, nil, err
		}
		if renewed[authorityKeyKey], err = c.issuer.KeyPEM(); err != nil {
			return nil, nil, err
		}
		changes = append(changes, "a new authority")
	}
	if broken != nil || due(c.chain[0], now) && settled(c.issuer.Certificate, now) {
		if err := c.issue(hosts, now); err != nil {
			return nil, nil, err
		}
		renewed[corev1.TLSCertKey] = encode(c.chain)
		if renewed[corev1.TLSPrivateKeyKey], err = (&certificate.Pair{Certificate: c.chain[0], Key: c.key}).KeyPEM(); err != nil {
			return nil, nil, err
		}
		changes = append(changes, reissued(broken))
	}
	c.retire(hosts[0], now)
	if slices.EqualFunc(before, c.authorities, (*x509.Certificate).Equal) {
		return renewed, changes, nil
	}
	renewed[authoritiesKey] = encode(c.authorities)
	if len(changes) == 0 {
		changes = append(changes, "nothing of a former authority is left")
	}
	return renewed, changes, nil
}

func reissued(broken error) string {
	if broken == nil {
		return "a new certificate: two thirds of the life of that before are over"
	}
	return fmt.Sprintf("a new certificate: %v", broken)
}

// succeed makes a new authority beside those before.
func (c *content) succeed(now time.Time) (err error) {
	if c.issuer, err = certificate.NewAuthority(authorityName, now); err != nil {
		return err
	}
	c.authorities = append([]*x509.Certificate{c.issuer.Certificate}, c.authorities...)
	return nil
}

// issue makes a new serving certificate.
func (c *content) issue(hosts []string, now time.Time) error {
	issued, err := c.issuer.Issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "ark-apiserver"},
		DNSNames:    hosts,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, now)
	if err != nil {
		return err
	}
	c.chain, c.key = []*x509.Certificate{issued.Certificate}, issued.Key
	return nil
}

// retire drops authorities that verify nothing any more. Somebody may still serve with a
// certificate of one before the serving certificate has settled.
func (c *content) retire(host string, now time.Time) {
	c.authorities = slices.DeleteFunc(slices.Clone(c.authorities), func(authority *x509.Certificate) bool {
		if authority.Equal(c.issuer.Certificate) || c.verify(host, now, authority) == nil {
			return false
		}
		return settled(c.chain[0], now) || now.After(authority.NotAfter)
	})
}

// due reports whether two thirds of a certificate's life are over.
func due(of *x509.Certificate, now time.Time) bool {
	return now.After(of.NotAfter.Add(-of.NotAfter.Sub(of.NotBefore) / 3))
}

// settled reports whether a certificate was made so long ago that everybody knows it.
func settled(of *x509.Certificate, now time.Time) bool {
	return now.After(of.NotBefore.Add(certificate.ClockSkew + settling))
}

func encode(certificates []*x509.Certificate) []byte {
	encoded, err := certutil.EncodeCertificates(certificates...)
	if err != nil {
		// The encoder writes to memory.
		panic(err)
	}
	return encoded
}
