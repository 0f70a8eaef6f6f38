package servingcertificate

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"maps"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"ark.ai/apiserver/src/server/certificate"
)

var (
	testHosts = (&Options{Secret: "ark-system/tls", Service: "ark"}).hosts()
	testHost  = testHosts[0]
	begin     = time.Date(2026, 11, 29, 6, 0, 0, 0, time.UTC)
)

const year = 365 * 24 * time.Hour

// renewed is what becomes of a secret's data.
func renewed(t *testing.T, data map[string][]byte, now time.Time) (map[string][]byte, []string) {
	t.Helper()
	next, changes, err := renew(data, testHosts, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := parse(next).serves(testHost, now); err != nil {
		t.Fatalf("kube-apiserver would not trust it: %v", err)
	}
	if _, err := tls.X509KeyPair(next[corev1.TLSCertKey], next[corev1.TLSPrivateKeyKey]); err != nil {
		t.Fatal(err)
	}
	if again, changes, err := renew(next, testHosts, now); len(changes) > 0 || err != nil || !maps.EqualFunc(again, next, bytes.Equal) {
		t.Fatalf("not good at once: %q, %v", changes, err)
	}
	return next, changes
}

func TestNewCertificate(t *testing.T) {
	t.Parallel()
	data, changes := renewed(t, nil, begin)
	if len(changes) != 2 {
		t.Errorf("%q", changes)
	}
	c := parse(data)
	for _, host := range []string{"ark.ark-system.svc", "ark.ark-system.svc.cluster.local", "ark.ark-system", "ark"} {
		if err := c.verify(host, begin, c.authorities...); err != nil {
			t.Error(err)
		}
	}
	if life := c.chain[0].NotAfter.Sub(begin); life != year {
		t.Errorf("the certificate is valid for %s", life)
	}
	if life := c.authorities[0].NotAfter.Sub(begin); life != 10*year {
		t.Errorf("the authority is valid for %s", life)
	}
}

// TestNobodyIsEverInDoubt goes through years in which kube-apiserver and the servers hear of
// everything up to two thirds of a day later than others.
func TestNobodyIsEverInDoubt(t *testing.T) {
	t.Parallel()
	const step, end = 8 * time.Hour, 9 * year
	data, _ := renewed(t, nil, begin)
	// The last three, the latest first.
	known := []*content{parse(data), parse(data), parse(data)}
	certificates, authorities := 1, 1
	for now := begin.Add(step); now.Before(begin.Add(end)); now = now.Add(step) {
		next, changes, err := renew(data, testHosts, now)
		if err != nil {
			t.Fatal(err)
		}
		data = next
		known = slices.Insert(known[:2], 0, parse(data))
		latest, late := known[0], known[2]
		if err := late.verify(testHost, now, latest.authorities...); err != nil {
			t.Fatalf("at %s, %q: a server that is late is not trusted: %v", now, changes, err)
		}
		if err := latest.verify(testHost, now, late.authorities...); err != nil {
			t.Fatalf("at %s, %q: a kube-apiserver that is late does not trust the new certificate: %v", now, changes, err)
		}
		if len(latest.authorities) > 2 {
			t.Fatalf("at %s: %d authorities", now, len(latest.authorities))
		}
		if left := latest.chain[0].NotAfter.Sub(now); left < year/4 {
			t.Fatalf("at %s: a certificate that is valid for %s only", now, left)
		}
		if !latest.chain[0].Equal(known[1].chain[0]) {
			certificates++
		}
		if !latest.authorities[0].Equal(known[1].authorities[0]) {
			authorities++
		}
	}
	// 9 years are 13.5 times two thirds of one, and 1.35 times those of ten.
	if certificates != 14 || authorities != 2 {
		t.Errorf("%d certificates of %d authorities", certificates, authorities)
	}
	if left := len(known[0].authorities); left != 1 {
		t.Errorf("%d authorities are left", left)
	}
}

func TestDamageIsMadeGood(t *testing.T) {
	t.Parallel()
	good, _ := renewed(t, nil, begin)
	other, _ := renewed(t, nil, begin)
	for name, test := range map[string]struct {
		damage func(map[string][]byte)
		// keeps are the keys of what is as before.
		keeps []string
	}{
		"everything is gone":            {func(data map[string][]byte) { clear(data) }, nil},
		"no certificate":                {func(data map[string][]byte) { delete(data, "tls.crt") }, []string{"ca.crt", "ca.key"}},
		"no key":                        {func(data map[string][]byte) { delete(data, "tls.key") }, []string{"ca.crt", "ca.key"}},
		"no authority":                  {func(data map[string][]byte) { delete(data, "ca.crt") }, nil},
		"no key of the authority":       {func(data map[string][]byte) { delete(data, "ca.key") }, []string{"tls.crt", "tls.key"}},
		"no certificate, but text":      {func(data map[string][]byte) { data["tls.crt"] = []byte("text") }, []string{"ca.crt", "ca.key"}},
		"half a certificate":            {func(data map[string][]byte) { data["tls.crt"] = data["tls.crt"][:200] }, []string{"ca.crt", "ca.key"}},
		"half an authority":             {func(data map[string][]byte) { data["ca.crt"] = data["ca.crt"][:200] }, nil},
		"another key":                   {func(data map[string][]byte) { data["tls.key"] = other["tls.key"] }, []string{"ca.crt", "ca.key"}},
		"another authority":             {func(data map[string][]byte) { data["ca.crt"] = other["ca.crt"] }, nil},
		"another key of the authority":  {func(data map[string][]byte) { data["ca.key"] = other["ca.key"] }, []string{"tls.crt", "tls.key"}},
		"the certificate of another":    {func(data map[string][]byte) { data["tls.crt"], data["tls.key"] = other["tls.crt"], other["tls.key"] }, []string{"ca.crt", "ca.key"}},
		"something that is not of ours": {func(data map[string][]byte) { delete(data, "tls.crt"); data["note"] = []byte("mine") }, []string{"note", "ca.crt", "ca.key"}},
	} {
		t.Run(name, func(t *testing.T) {
			damaged := maps.Clone(good)
			test.damage(damaged)
			healed, changes := renewed(t, damaged, begin.Add(time.Hour))
			if len(changes) == 0 {
				t.Error("nothing is said of it")
			}
			for _, key := range test.keeps {
				if !bytes.Equal(healed[key], damaged[key]) {
					t.Errorf("%s is another one", key)
				}
			}
		})
	}
}

func TestCertificateForAnotherServiceIsReplaced(t *testing.T) {
	t.Parallel()
	data, _ := renewed(t, nil, begin)
	moved, changes, err := renew(data, (&Options{Secret: "ark-system/tls", Service: "moved"}).hosts(), begin)
	if err != nil {
		t.Fatal(err)
	}
	if err := parse(moved).serves("moved.ark-system.svc", begin); err != nil {
		t.Error(err)
	}
	if len(changes) != 1 || !bytes.Equal(moved["ca.crt"], data["ca.crt"]) {
		t.Errorf("%q", changes)
	}
}

func TestExpiredCertificateIsReplaced(t *testing.T) {
	t.Parallel()
	data, _ := renewed(t, nil, begin)
	// Nobody was there for so long that the authority is due too.
	_, changes := renewed(t, data, begin.Add(8*year))
	if len(changes) != 2 {
		t.Errorf("%q", changes)
	}
	if again, _ := renewed(t, data, begin.Add(11*year)); len(parse(again).authorities) != 1 {
		t.Error("an authority that has expired is left")
	}
}

// TestCertificateOfSomebodyElseIsUsedWhileItIsGood is for a secret of type kubernetes.io/tls, as
// Helm or an administrator has made it, without the key of its authority.
func TestCertificateOfSomebodyElseIsUsedWhileItIsGood(t *testing.T) {
	t.Parallel()
	authority, err := certificate.NewAuthority("company", begin)
	if err != nil {
		t.Fatal(err)
	}
	issued, err := authority.Issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: testHost}, DNSNames: []string{testHost}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, begin)
	if err != nil {
		t.Fatal(err)
	}
	key, err := issued.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	given := map[string][]byte{"tls.crt": issued.PEM(), "tls.key": key, "ca.crt": authority.PEM()}

	taken, _ := renewed(t, given, begin.Add(time.Hour))
	if !bytes.Equal(taken["tls.crt"], given["tls.crt"]) || !bytes.Equal(taken["tls.key"], given["tls.key"]) {
		t.Error("a certificate that is good was replaced")
	}
	if c := parse(taken); len(c.authorities) != 2 || !c.authorities[1].Equal(authority.Certificate) {
		t.Error("the authority of the certificate is not trusted beside the new one")
	}

	due := begin.Add(year * 3 / 4)
	own, _ := renewed(t, taken, due)
	if c := parse(own); c.verify(testHost, due, c.issuer.Certificate) != nil || len(c.authorities) != 2 {
		t.Error("when it is due, no certificate of the new authority takes its place")
	}
	if settled, _ := renewed(t, own, due.Add(2*settling)); len(parse(settled).authorities) != 1 {
		t.Error("the former authority is still trusted")
	}
}
