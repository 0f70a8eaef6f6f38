package mysql

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// certify writes a certificate that signs itself, and its key, to a folder that the server's user
// may read.
func certify(t *testing.T, dir, name string, addresses ...net.IP) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IPAddresses: addresses, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(kind string, content []byte) string {
		path := filepath.Join(dir, name+"-"+kind)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("CERTIFICATE", signed), write("PRIVATE KEY", encoded)
}

// TestTLSModes: each asks for as much as it says.
func TestTLSModes(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("/tmp", "tls") //nolint:usetesting // The server's user may not get into a folder of the tests.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	here, hereKey := certify(t, dir, "here", net.IPv4(127, 0, 0, 1))
	elsewhere, elsewhereKey := certify(t, dir, "elsewhere", net.IPv4(192, 0, 2, 1))
	named := mysqltest.New(t, "ssl-cert="+here, "ssl-key="+hereKey, "ssl-ca="+here, "require-secure-transport=ON").NewDatabase(t)
	misnamed := mysqltest.New(t, "ssl-cert="+elsewhere, "ssl-key="+elsewhereKey).NewDatabase(t)
	plain := mysqltest.Shared(t).NewDatabase(t)
	for name, tc := range map[string]struct {
		database mysqltest.Database
		options  Options
		want     []string
	}{
		"disabled":                           {named, Options{TLSMode: TLSDisabled}, []string{"TLS"}},
		"preferred":                          {named, Options{TLSMode: tlsPreferred}, nil},
		"preferred by default":               {named, Options{}, nil},
		"preferred, without TLS":             {plain, Options{TLSMode: tlsPreferred}, nil},
		"required":                           {named, Options{TLSMode: tlsRequired}, nil},
		"required, another name":             {misnamed, Options{TLSMode: tlsRequired}, nil},
		"required, without TLS":              {plain, Options{TLSMode: tlsRequired}, []string{"has no TLS"}},
		"verify-ca":                          {named, Options{TLSMode: tlsVerifyCA, TLSCA: here}, nil},
		"verify-ca, another name":            {misnamed, Options{TLSMode: tlsVerifyCA, TLSCA: elsewhere}, nil},
		"verify-ca, another authority":       {named, Options{TLSMode: tlsVerifyCA, TLSCA: elsewhere}, []string{"unknown authority"}},
		"verify-identity":                    {named, Options{TLSMode: tlsVerifyIdentity, TLSCA: here}, nil},
		"verify-identity, another name":      {misnamed, Options{TLSMode: tlsVerifyIdentity, TLSCA: elsewhere}, []string{"192.0.2.1"}},
		"verify-identity, another authority": {named, Options{TLSMode: tlsVerifyIdentity, TLSCA: elsewhere}, []string{"unknown authority"}},
		"a client's certificate":             {named, Options{TLSMode: tlsVerifyIdentity, TLSCA: here, TLSCert: here, TLSKey: hereKey}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := optionsFor(tc.database)
			options.TLSMode, options.TLSCA, options.TLSCert, options.TLSKey = tc.options.TLSMode, tc.options.TLSCA, tc.options.TLSCert, tc.options.TLSKey
			if tc.want != nil {
				wantError(t, options, tc.want...)
				return
			}
			var name, cipher string
			if err := openWith(t, options).reader.QueryRowContext(t.Context(), `SHOW STATUS LIKE 'Ssl_cipher'`).Scan(&name, &cipher); err != nil {
				t.Fatal(err)
			}
			if encrypted := cipher != ""; encrypted != (tc.database.Port != plain.Port) {
				t.Errorf("the cipher is %q", cipher)
			}
		})
	}
}
