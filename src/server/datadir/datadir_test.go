package datadir

import (
	"crypto/x509"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	certutil "k8s.io/client-go/util/cert"

	"ark.ai/apiserver/src/server/certificate"
)

func open(t *testing.T) *Dir {
	t.Helper()
	dir, err := Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func authority(t *testing.T, dir *Dir) *certificate.Pair {
	t.Helper()
	authority, err := dir.Authority()
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func serve(t *testing.T, dir *Dir, names ...string) *x509.Certificate {
	t.Helper()
	if err := dir.EnsureServingCertificate(authority(t, dir), names, []net.IP{net.IPv6loopback, net.IPv4(127, 0, 0, 1)}); err != nil {
		t.Fatal(err)
	}
	certificates, err := certutil.CertsFromFile(dir.Path(ServingCertificate))
	if err != nil {
		t.Fatal(err)
	}
	return certificates[0]
}

func TestDefaultFollowsXDG(t *testing.T) {
	t.Setenv("HOME", "/home/ark")
	for variable, want := range map[string]string{
		"":           "/home/ark/.local/share/ark-apiserver",
		"/data":      "/data/ark-apiserver",
		"not/rooted": "/home/ark/.local/share/ark-apiserver",
	} {
		t.Setenv("XDG_DATA_HOME", variable)
		if got, err := Default(); err != nil || got != want {
			t.Errorf("XDG_DATA_HOME=%q: %s, %v, not %s", variable, got, err, want)
		}
	}
}

func TestEverythingIsForTheOwnerOnly(t *testing.T) {
	dir := open(t)
	serve(t, dir, "localhost")
	if err := dir.EnsureAdminCertificate(authority(t, dir)); err != nil {
		t.Fatal(err)
	}
	if err := dir.EnsureServiceAccountKey(); err != nil {
		t.Fatal(err)
	}
	if err := dir.EnsureAdminKubeconfig("https://127.0.0.1:6443", authority(t, dir).PEM()); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(dir.Path(""), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, not %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files != 8 {
		t.Errorf("%d files, not the 8 that the package has names for, without the database", files)
	}
}

func TestDirectoriesInUseKeepTheirMode(t *testing.T) {
	path := t.TempDir()
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "other"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o755 {
		t.Errorf("somebody else's directory has mode %o now", info.Mode().Perm())
	}
}

func TestCertificatesAreKeptWhileGood(t *testing.T) {
	dir := open(t)
	first := serve(t, dir, "localhost", "host")
	if again := serve(t, dir, "host", "localhost", "host"); !again.Equal(first) {
		t.Error("issued again for the same names")
	}
	if other := serve(t, dir, "localhost", "other"); other.Equal(first) || other.VerifyHostname("other") != nil {
		t.Errorf("not issued again for other names: %v", other.DNSNames)
	}
}

func TestCertificatesAreRenewedBeforeTheyExpire(t *testing.T) {
	dir := open(t)
	first := serve(t, dir, "localhost")
	if left := time.Until(first.NotAfter); left < renewBefore {
		t.Fatalf("a new certificate is good for %s only", left)
	}
	// One that is about to expire, from the same authority and for the same names.
	expiring, err := authority(t, dir).Issue(first, time.Now().Add(-renewBefore*5/2))
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.writePair(expiring, ServingCertificate, ServingKey); err != nil {
		t.Fatal(err)
	}
	if renewed := serve(t, dir, "localhost"); renewed.Equal(expiring.Certificate) {
		t.Error("not renewed")
	}
}

func TestCertificatesOfAnotherAuthorityAreReplaced(t *testing.T) {
	dir := open(t)
	first := serve(t, dir, "localhost")
	for _, name := range []string{AuthorityCertificate, AuthorityKey} {
		if err := os.Remove(dir.Path(name)); err != nil {
			t.Fatal(err)
		}
	}
	if second := serve(t, dir, "localhost"); second.Equal(first) {
		t.Error("still the certificate of the former authority")
	}
}

func TestDamageIsReportedWithThePath(t *testing.T) {
	for _, test := range []struct {
		file  string
		begin func(*Dir) error
	}{
		{AuthorityCertificate, func(dir *Dir) error { _, err := dir.Authority(); return err }},
		{AuthorityKey, func(dir *Dir) error { _, err := dir.Authority(); return err }},
		{ServiceAccountKey, (*Dir).EnsureServiceAccountKey},
		{AdminKubeconfig, func(dir *Dir) error { return dir.EnsureAdminKubeconfig("https://127.0.0.1:6443", nil) }},
	} {
		t.Run(test.file, func(t *testing.T) {
			dir := open(t)
			authority(t, dir)
			if err := dir.write(test.file, []byte("damaged")); err != nil {
				t.Fatal(err)
			}
			err := test.begin(dir)
			if err == nil || !strings.Contains(err.Error(), dir.Path(test.file)+" is corrupt") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestHalfAnAuthorityIsNotReplaced(t *testing.T) {
	for _, missing := range []string{AuthorityCertificate, AuthorityKey} {
		dir := open(t)
		authority(t, dir)
		if err := os.Remove(dir.Path(missing)); err != nil {
			t.Fatal(err)
		}
		if _, err := dir.Authority(); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func TestKubeconfigKeepsWhatOthersAdded(t *testing.T) {
	dir := open(t)
	if err := dir.EnsureAdminCertificate(authority(t, dir)); err != nil {
		t.Fatal(err)
	}
	if err := dir.EnsureAdminKubeconfig("https://127.0.0.1:6443", []byte("ca")); err != nil {
		t.Fatal(err)
	}
	path := dir.Path(AdminKubeconfig)
	config, err := clientcmd.LoadFromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	config.Contexts["ark"].Namespace = "mine"
	config.Contexts["other"] = config.Contexts["ark"].DeepCopy()
	config.CurrentContext = "other"
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	if err := dir.EnsureAdminKubeconfig("https://127.0.0.1:7443", []byte("ca")); err != nil {
		t.Fatal(err)
	}
	config, err = clientcmd.LoadFromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if config.Clusters["ark"].Server != "https://127.0.0.1:7443" || config.CurrentContext != "other" || config.Contexts["ark"].Namespace != "mine" {
		t.Errorf("%+v", config)
	}
}

func TestUnusableDirectories(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below")} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) && !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestWhatOthersMayChangeIsRefused, with one sentence that says what to do.
func TestWhatOthersMayChangeIsRefused(t *testing.T) {
	kubeconfig := func(dir *Dir) error { return dir.EnsureAdminKubeconfig("https://127.0.0.1:6443", nil) }
	authority := func(dir *Dir) error { _, err := dir.Authority(); return err }
	for _, test := range []struct {
		name   string
		mode   fs.FileMode
		begin  func(*Dir) error
		advice string
	}{
		{"", 0o777, func(dir *Dir) error { _, err := Open(dir.Path("")); return err }, "chmod o-w "},
		{AuthorityCertificate, 0o646, authority, "chmod o-w "},
		{AuthorityKey, 0o602, authority, "chmod o-w "},
		{AuthorityKey, 0o604, authority, "chmod o-r "},
		{ServiceAccountKey, 0o604, (*Dir).EnsureServiceAccountKey, "chmod o-r "},
		{AdminKubeconfig, 0o602, kubeconfig, "chmod o-w "},
	} {
		dir := open(t)
		for _, begin := range []func(*Dir) error{authority, (*Dir).EnsureServiceAccountKey, kubeconfig} {
			if err := begin(dir); err != nil {
				t.Fatal(err)
			}
		}
		path := dir.Path(test.name)
		if err := os.Chmod(path, test.mode); err != nil {
			t.Fatal(err)
		}
		err := test.begin(dir)
		if err == nil || !strings.Contains(err.Error(), test.advice+path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s with mode %o: got error %v, want the advice %s", path, test.mode, err, test.advice)
		}
	}
}

// TestLinksAreReplaced: what is written goes to the directory, not to where somebody's link points.
func TestLinksAreReplaced(t *testing.T) {
	dir := open(t)
	precious := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(precious, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, dir.Path(ServingKey)); err != nil {
		t.Fatal(err)
	}
	serve(t, dir, "localhost")
	if content, err := os.ReadFile(precious); err != nil || string(content) != "kept" {
		t.Errorf("the file that the link points to has %q (%v)", content, err)
	}
	if info, err := os.Lstat(dir.Path(ServingKey)); err != nil || !info.Mode().IsRegular() {
		t.Errorf("the key is %v (%v)", info.Mode(), err)
	}
}
