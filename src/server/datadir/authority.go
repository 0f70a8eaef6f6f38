package datadir

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

const authorityLifetime = 10 * 365 * 24 * time.Hour

// Authority issues certificates. Serving and client certificates come from the same one.
type Authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// Authority reads the directory's certificate authority, or makes one.
func (d *Dir) Authority() (*Authority, error) {
	certificate, err := d.read(AuthorityCertificate)
	if err != nil {
		return nil, err
	}
	key, err := d.read(AuthorityKey)
	if err != nil {
		return nil, err
	}
	switch {
	case certificate == nil && key == nil:
		return d.newAuthority()
	case certificate == nil:
		return nil, fmt.Errorf("there is %s, but no %s", d.Path(AuthorityKey), AuthorityCertificate)
	case key == nil:
		return nil, fmt.Errorf("there is %s, but no %s", d.Path(AuthorityCertificate), AuthorityKey)
	}
	return d.parseAuthority(certificate, key)
}

// CertificatePEM is the certificate that clients trust.
func (a *Authority) CertificatePEM() []byte {
	pem, err := certutil.EncodeCertificates(a.certificate)
	if err != nil {
		// The encoder writes to memory.
		panic(err)
	}
	return pem
}

func (d *Dir) newAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: newSerialNumber(),
		// The time tells the authorities of two installations apart in a list of trusted
		// certificates.
		Subject:               pkix.Name{CommonName: fmt.Sprintf("ark-apiserver-ca@%d", now.Unix())},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.Add(authorityLifetime),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	authority := &Authority{certificate: certificate, key: key}
	keyPEM, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return nil, err
	}
	if err := d.write(AuthorityKey, keyPEM); err != nil {
		return nil, err
	}
	if err := d.write(AuthorityCertificate, authority.CertificatePEM()); err != nil {
		return nil, err
	}
	return authority, nil
}

func (d *Dir) parseAuthority(certificatePEM, keyPEM []byte) (*Authority, error) {
	certificates, err := certutil.ParseCertsPEM(certificatePEM)
	if err != nil {
		return nil, fmt.Errorf("%s is corrupt: %w", d.Path(AuthorityCertificate), err)
	}
	certificate := certificates[0]
	key, err := parseSigner(keyPEM)
	if err != nil {
		return nil, fmt.Errorf("%s is corrupt: %w", d.Path(AuthorityKey), err)
	}
	if !samePublicKey(certificate.PublicKey, key.Public()) {
		return nil, fmt.Errorf("%s is not the key of %s", d.Path(AuthorityKey), AuthorityCertificate)
	}
	if !certificate.IsCA {
		return nil, fmt.Errorf("%s is not a certificate authority", d.Path(AuthorityCertificate))
	}
	if time.Now().After(certificate.NotAfter) {
		return nil, fmt.Errorf("%s expired on %s: remove it with %s, and give clients the new one that the next start makes",
			d.Path(AuthorityCertificate), certificate.NotAfter.Format(time.DateOnly), AuthorityKey)
	}
	return &Authority{certificate: certificate, key: key}, nil
}

func parseSigner(keyPEM []byte) (crypto.Signer, error) {
	key, err := keyutil.ParsePrivateKeyPEM(keyPEM)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("a %T can't sign", key)
	}
	return signer, nil
}

func samePublicKey(a, b crypto.PublicKey) bool {
	comparable, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && comparable.Equal(b)
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
