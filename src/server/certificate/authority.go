package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"
)

const (
	// Lifetime of a certificate that an authority issues.
	Lifetime = 365 * 24 * time.Hour
	// ClockSkew is how far behind another machine's clock may be: a certificate is valid from so
	// long before it was made.
	ClockSkew = 5 * time.Minute

	authorityLifetime = 10 * Lifetime
)

// NewAuthority makes an authority that is good for ten years. The time is added to its name: it
// tells the authorities of two installations, or an authority and its successor, apart in a list of
// those that are trusted.
func NewAuthority(name string, now time.Time) (*Pair, error) {
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: fmt.Sprintf("%s@%d", name, now.Unix())},
		NotBefore: now.Add(-ClockSkew),
		NotAfter:  now.Add(authorityLifetime),
		KeyUsage:  x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		IsCA:      true,
	}
	return signed(template, nil)
}

// Issue has the authority issue a certificate like the wanted one, for a new key. It is good for a
// year, but no longer than the authority.
func (p *Pair) Issue(wanted *x509.Certificate, now time.Time) (*Pair, error) {
	template := *wanted
	template.NotBefore = now.Add(-ClockSkew)
	template.NotAfter = now.Add(Lifetime)
	if template.NotAfter.After(p.Certificate.NotAfter) {
		template.NotAfter = p.Certificate.NotAfter
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	return signed(&template, p)
}

// signed has the certificate signed by an authority, or by itself.
func signed(template *x509.Certificate, authority *Pair) (*Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template.SerialNumber = newSerialNumber()
	template.BasicConstraintsValid = true
	if authority == nil {
		authority = &Pair{Certificate: template, Key: key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, authority.Certificate, key.Public(), authority.Key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Pair{Certificate: certificate, Key: key}, nil
}

func newSerialNumber() *big.Int {
	// RFC 5280, 4.1.2.2: positive, at most 20 octets.
	limit := new(big.Int).Lsh(big.NewInt(1), 158)
	number, err := rand.Int(rand.Reader, limit)
	if err != nil {
		// crypto/rand never fails since Go 1.24.
		panic(err)
	}
	return number.Add(number, big.NewInt(1))
}
