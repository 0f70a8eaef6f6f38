package datadir

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"slices"
	"time"

	certutil "k8s.io/client-go/util/cert"

	"ark.ai/apiserver/src/server/certificate"
)

// A certificate is renewed when this much of its life is left, so that a server that runs for long
// has many occasions to do it, and one that is started now and then finds it valid.
const renewBefore = certificate.Lifetime / 3

// EnsureServingCertificate has the authority issue the server's certificate for the names and
// addresses that clients use, unless there is one for exactly these that is good for long enough.
func (d *Dir) EnsureServingCertificate(authority *certificate.Pair, names []string, addresses []net.IP) error {
	return d.ensureCertificate(authority, ServingCertificate, ServingKey, &x509.Certificate{
		Subject:     pkix.Name{CommonName: "ark-apiserver"},
		DNSNames:    slices.Compact(slices.Sorted(slices.Values(names))),
		IPAddresses: compactAddresses(addresses),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
}

// EnsureAdminCertificate does the same for the administrator's client certificate, whose group
// system:masters may do everything.
func (d *Dir) EnsureAdminCertificate(authority *certificate.Pair) error {
	return d.ensureCertificate(authority, AdminCertificate, AdminKey, &x509.Certificate{
		Subject:     pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

func (d *Dir) ensureCertificate(authority *certificate.Pair, certificateFile, keyFile string, wanted *x509.Certificate) error {
	certificatePEM, err := d.read(certificateFile)
	if err != nil {
		return err
	}
	keyPEM, err := d.read(keyFile)
	if err != nil {
		return err
	}
	if stillGood(authority.Certificate, certificatePEM, keyPEM, wanted) {
		return nil
	}
	issued, err := authority.Issue(wanted, time.Now())
	if err != nil {
		return err
	}
	return d.writePair(issued, certificateFile, keyFile)
}

// stillGood is false for files that are missing or unreadable too: they can be made again.
func stillGood(authority *x509.Certificate, certificatePEM, keyPEM []byte, wanted *x509.Certificate) bool {
	certificates, err := certutil.ParseCertsPEM(certificatePEM)
	if err != nil {
		return false
	}
	key, err := certificate.ParseKey(keyPEM)
	if err != nil {
		return false
	}
	if _, err := certificate.NewPair(certificates[0], key); err != nil {
		return false
	}
	have := certificates[0]
	return have.CheckSignatureFrom(authority) == nil &&
		time.Until(have.NotAfter) > renewalOf(authority) &&
		have.Subject.String() == wanted.Subject.String() &&
		slices.Equal(have.DNSNames, wanted.DNSNames) &&
		slices.EqualFunc(have.IPAddresses, wanted.IPAddresses, net.IP.Equal)
}

// renewalOf shrinks at the end of the authority's own life: what it issues then can't outlive it.
func renewalOf(authority *x509.Certificate) time.Duration {
	if time.Until(authority.NotAfter) <= renewBefore {
		return 0
	}
	return renewBefore
}

func compactAddresses(addresses []net.IP) []net.IP {
	sorted := slices.SortedFunc(slices.Values(addresses), func(a, b net.IP) int { return slices.Compare(a.To16(), b.To16()) })
	return slices.CompactFunc(sorted, net.IP.Equal)
}
