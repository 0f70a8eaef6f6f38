package datadir

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"slices"
	"time"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

const (
	certificateLifetime = 365 * 24 * time.Hour
	// A certificate is renewed when this much of its life is left, so that a server that runs for
	// long has many occasions to do it, and one that is started now and then finds it valid.
	renewBefore = certificateLifetime / 3
	// clockSkew is how far behind another machine's clock may be.
	clockSkew = 5 * time.Minute
)

// EnsureServingCertificate has the authority issue the server's certificate for the names and
// addresses that clients use, unless there is one for exactly these that is good for long enough.
func (d *Dir) EnsureServingCertificate(authority *Authority, names []string, addresses []net.IP) error {
	return d.ensureCertificate(authority, ServingCertificate, ServingKey, &x509.Certificate{
		Subject:     pkix.Name{CommonName: "ark-apiserver"},
		DNSNames:    slices.Compact(slices.Sorted(slices.Values(names))),
		IPAddresses: compactAddresses(addresses),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
}

// EnsureAdminCertificate does the same for the administrator's client certificate, whose group
// system:masters may do everything.
func (d *Dir) EnsureAdminCertificate(authority *Authority) error {
	return d.ensureCertificate(authority, AdminCertificate, AdminKey, &x509.Certificate{
		Subject:     pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

func (d *Dir) ensureCertificate(authority *Authority, certificateFile, keyFile string, wanted *x509.Certificate) error {
	certificatePEM, err := d.read(certificateFile)
	if err != nil {
		return err
	}
	keyPEM, err := d.read(keyFile)
	if err != nil {
		return err
	}
	if authority.stillGood(certificatePEM, keyPEM, wanted) {
		return nil
	}

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	certificate, err := authority.issue(wanted, key.Public())
	if err != nil {
		return err
	}
	certificatePEM, err = certutil.EncodeCertificates(certificate)
	if err != nil {
		return err
	}
	keyPEM, err = keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return err
	}
	if err := d.write(keyFile, keyPEM); err != nil {
		return err
	}
	return d.write(certificateFile, certificatePEM)
}

// stillGood is false for files that are missing or unreadable too: they can be made again.
func (a *Authority) stillGood(certificatePEM, keyPEM []byte, wanted *x509.Certificate) bool {
	certificates, err := certutil.ParseCertsPEM(certificatePEM)
	if err != nil {
		return false
	}
	key, err := parseSigner(keyPEM)
	if err != nil {
		return false
	}
	certificate := certificates[0]
	return samePublicKey(certificate.PublicKey, key.Public()) &&
		certificate.CheckSignatureFrom(a.certificate) == nil &&
		time.Until(certificate.NotAfter) > a.renewBefore() &&
		certificate.Subject.String() == wanted.Subject.String() &&
		slices.Equal(certificate.DNSNames, wanted.DNSNames) &&
		slices.EqualFunc(certificate.IPAddresses, wanted.IPAddresses, net.IP.Equal)
}

func (a *Authority) issue(wanted *x509.Certificate, public crypto.PublicKey) (*x509.Certificate, error) {
	now := time.Now()
	template := *wanted
	template.SerialNumber = newSerialNumber()
	template.NotBefore = now.Add(-clockSkew)
	template.NotAfter = now.Add(certificateLifetime)
	if template.NotAfter.After(a.certificate.NotAfter) {
		template.NotAfter = a.certificate.NotAfter
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.BasicConstraintsValid = true
	der, err := x509.CreateCertificate(rand.Reader, &template, a.certificate, public, a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// renewBefore shrinks at the end of the authority's own life: what it issues then can't outlive it.
func (a *Authority) renewBefore() time.Duration {
	if time.Until(a.certificate.NotAfter) <= renewBefore {
		return 0
	}
	return renewBefore
}

func compactAddresses(addresses []net.IP) []net.IP {
	sorted := slices.SortedFunc(slices.Values(addresses), func(a, b net.IP) int { return slices.Compare(a.To16(), b.To16()) })
	return slices.CompactFunc(sorted, net.IP.Equal)
}
