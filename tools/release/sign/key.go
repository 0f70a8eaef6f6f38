package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
)

// key signs as cosign's and openssl's do: ECDSA on P-256 of the SHA-256, in ASN.1.
type key struct{ private *ecdsa.PrivateKey }

func readKey(path string) (key, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return key{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return key{}, fmt.Errorf("%s is not a private key in PEM (PKCS #8)", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return key{}, fmt.Errorf("%s: %w", path, err)
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return key{}, fmt.Errorf("%s is not an elliptic curve key on P-256", path)
	}
	return key{private}, nil
}

// sign returns the signature in base64.
func (k key) sign(message []byte) (string, error) {
	digest := sha256.Sum256(message)
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, digest[:])
	return base64.StdEncoding.EncodeToString(signature), err
}
