package servingcertificate

import (
	"crypto/x509"
	"slices"
	"strings"
)

// bundleWith returns a caBundle with our authorities, which are encoded too, and nil if it has them
// already. Authorities of others stay: when another certificate takes the place of ours, what was
// written into the bundle for that must survive the last of our replicas. What is no certificate
// does not stay, nor do former authorities of ours.
func bundleWith(bundle, authorities []byte) []byte {
	have, ours := certificates(bundle), certificates(authorities)
	want := slices.Clone(ours)
	for _, certificate := range have {
		if !contains(ours, certificate) && !strings.HasPrefix(certificate.Subject.CommonName, authorityName+"@") {
			want = append(want, certificate)
		}
	}
	if len(have) == len(want) && !slices.ContainsFunc(want, func(wanted *x509.Certificate) bool { return !contains(have, wanted) }) {
		return nil
	}
	return encode(want)
}

func contains(all []*x509.Certificate, one *x509.Certificate) bool {
	return slices.ContainsFunc(all, one.Equal)
}
