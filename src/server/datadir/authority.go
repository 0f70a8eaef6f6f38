package datadir

import (
	"fmt"
	"time"

	certutil "k8s.io/client-go/util/cert"

	"ark.ai/apiserver/src/server/certificate"
)

// Authority reads the directory's certificate authority, or makes one. Serving and client
// certificates come from the same one.
func (d *Dir) Authority() (*certificate.Pair, error) {
	encoded, err := d.read(AuthorityCertificate)
	if err != nil {
		return nil, err
	}
	key, err := d.read(AuthorityKey)
	if err != nil {
		return nil, err
	}
	switch {
	case encoded == nil && key == nil:
		return d.newAuthority()
	case encoded == nil:
		return nil, fmt.Errorf("there is %s, but no %s", d.Path(AuthorityKey), AuthorityCertificate)
	case key == nil:
		return nil, fmt.Errorf("there is %s, but no %s", d.Path(AuthorityCertificate), AuthorityKey)
	}
	return d.parseAuthority(encoded, key)
}

func (d *Dir) newAuthority() (*certificate.Pair, error) {
	authority, err := certificate.NewAuthority("ark-apiserver-ca", time.Now())
	if err != nil {
		return nil, err
	}
	return authority, d.writePair(authority, AuthorityCertificate, AuthorityKey)
}

// writePair writes the key first: a certificate without one could not be completed.
func (d *Dir) writePair(pair *certificate.Pair, certificateFile, keyFile string) error {
	key, err := pair.KeyPEM()
	if err != nil {
		return err
	}
	if err := d.write(keyFile, key); err != nil {
		return err
	}
	return d.write(certificateFile, pair.PEM())
}

func (d *Dir) parseAuthority(certificatePEM, keyPEM []byte) (*certificate.Pair, error) {
	certificates, err := certutil.ParseCertsPEM(certificatePEM)
	if err != nil {
		return nil, fmt.Errorf("%s is corrupt: %w", d.Path(AuthorityCertificate), err)
	}
	key, err := certificate.ParseKey(keyPEM)
	if err != nil {
		return nil, fmt.Errorf("%s is corrupt: %w", d.Path(AuthorityKey), err)
	}
	authority, err := certificate.NewPair(certificates[0], key)
	if err != nil {
		return nil, fmt.Errorf("%s is not the key of %s", d.Path(AuthorityKey), AuthorityCertificate)
	}
	if !authority.Certificate.IsCA {
		return nil, fmt.Errorf("%s is not a certificate authority", d.Path(AuthorityCertificate))
	}
	if end := authority.Certificate.NotAfter; time.Now().After(end) {
		return nil, fmt.Errorf("%s expired on %s: remove it with %s, and give clients the new one that the next start makes",
			d.Path(AuthorityCertificate), end.Format(time.DateOnly), AuthorityKey)
	}
	return authority, nil
}
