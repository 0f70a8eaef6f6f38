package certificate

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// Pair is a certificate and its key.
type Pair struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
}

// NewPair is an error if the key is not that of the certificate.
func NewPair(certificate *x509.Certificate, key crypto.Signer) (*Pair, error) {
	public, ok := certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(key.Public()) {
		return nil, errors.New("the key is not that of the certificate")
	}
	return &Pair{Certificate: certificate, Key: key}, nil
}

// PEM encodes the certificate.
func (p *Pair) PEM() []byte {
	encoded, err := certutil.EncodeCertificates(p.Certificate)
	if err != nil {
		// The encoder writes to memory.
		panic(err)
	}
	return encoded
}

// KeyPEM encodes the key.
func (p *Pair) KeyPEM() ([]byte, error) {
	return keyutil.MarshalPrivateKeyToPEM(p.Key)
}

// ParseKey decodes a key of any kind that signs.
func ParseKey(encoded []byte) (crypto.Signer, error) {
	key, err := keyutil.ParsePrivateKeyPEM(encoded)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("a %T can't sign", key)
	}
	return signer, nil
}
