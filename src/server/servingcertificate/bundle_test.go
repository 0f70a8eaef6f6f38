package servingcertificate

import (
	"crypto/x509"
	"slices"
	"testing"

	"ark.ai/apiserver/src/server/certificate"
)

func TestBundleHasOursBesideThoseOfOthers(t *testing.T) {
	t.Parallel()
	authority := func(name string) []byte {
		made, err := certificate.NewAuthority(name, begin)
		if err != nil {
			t.Fatal(err)
		}
		return made.PEM()
	}
	ours, next, former, others := authority(authorityName), authority(authorityName), authority(authorityName), authority("company")
	for name, test := range map[string]struct {
		have, authorities []byte
		// want is nil if nothing is to be written.
		want []byte
	}{
		"empty":                  {nil, ours, ours},
		"no certificate":         {[]byte("text"), ours, ours},
		"half a certificate":     {ours[:200], ours, ours},
		"as it should be":        {ours, ours, nil},
		"in another order":       {slices.Concat(ours, next), slices.Concat(next, ours), nil},
		"a successor":            {ours, slices.Concat(next, ours), slices.Concat(next, ours)},
		"a former one":           {slices.Concat(ours, former), ours, ours},
		"somebody else's alone":  {others, ours, slices.Concat(ours, others)},
		"somebody else's beside": {slices.Concat(others, ours), ours, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := bundleWith(test.have, test.authorities)
			if !slices.EqualFunc(certificates(got), certificates(test.want), (*x509.Certificate).Equal) || (got == nil) != (test.want == nil) {
				t.Errorf("%s\nnot\n%s", got, test.want)
			}
		})
	}
}
