package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const archive = "ark-apiserver.tgz"

// release is a folder with files, their checksums, and a key as docs/building.md makes it.
type release struct{ folder, key, public, status string }

func newRelease(t *testing.T) release {
	t.Helper()
	dir := t.TempDir()
	r := release{t.TempDir(), filepath.Join(dir, "release.key"), filepath.Join(dir, "release.pub"), filepath.Join(dir, "status")}
	if output, err := openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", r.key); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if output, err := openssl("pkey", "-in", r.key, "-pubout", "-out", r.public); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	r.write(t, r.status, "STABLE_ARK_VERSION v1.2.3\nSTABLE_ARK_REVISION 0123abc\nSTABLE_ARK_DATE 2026-11-28T00:00:00Z\n")
	var sums strings.Builder
	for _, name := range []string{archive, "image.tar"} {
		r.write(t, r.path(name), name)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(name)), name)
	}
	r.write(t, r.path(sumsName), sums.String())
	return r
}

func (r release) path(name string) string { return filepath.Join(r.folder, name) }

func (r release) sign() error { return run(r.folder, r.key, "https://ci.example.com/runs/1", r.status) }

func (r release) read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(r.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (release) write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// verify lets openssl verify a signature in base64.
func (r release) verify(t *testing.T, message []byte, signature string) error {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(signature))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r.write(t, filepath.Join(dir, "signature"), string(raw))
	r.write(t, filepath.Join(dir, "message"), string(message))
	output, err := openssl("dgst", "-sha256", "-verify", r.public, "-signature", filepath.Join(dir, "signature"), filepath.Join(dir, "message"))
	if err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	return nil
}

func openssl(args ...string) ([]byte, error) {
	return exec.Command("openssl", args...).CombinedOutput()
}

func TestOpenSSLVerifiesWhatIsSigned(t *testing.T) {
	r := newRelease(t)
	if err := r.sign(); err != nil {
		t.Fatal(err)
	}
	sums, signature := r.read(t, sumsName), string(r.read(t, signatureName))
	if err := r.verify(t, sums, signature); err != nil {
		t.Errorf("the signature of what was released: %v", err)
	}

	// Somebody changes an archive, and its checksum with it.
	forged := strings.Replace(string(sums), fmt.Sprintf("%x", sha256.Sum256([]byte(archive))), fmt.Sprintf("%x", sha256.Sum256([]byte("forged"))), 1)
	if forged == string(sums) {
		t.Fatalf("%s has no checksum of %s", sums, archive)
	}
	if err := r.verify(t, []byte(forged), signature); err == nil {
		t.Error("the signature is said to be that of a release with another archive")
	}
}

func TestProvenanceIsOfTheFiles(t *testing.T) {
	r := newRelease(t)
	if err := r.sign(); err != nil {
		t.Fatal(err)
	}
	var signed envelope
	if err := json.Unmarshal(r.read(t, provenanceName), &signed); err != nil {
		t.Fatal(err)
	}
	message := fmt.Sprintf("DSSEv1 28 application/vnd.in-toto+json %d %s", len(signed.Payload), signed.Payload)
	if err := r.verify(t, []byte(message), signed.Signatures[0].Sig); err != nil {
		t.Error(err)
	}
	const want = `{"_type":"https://in-toto.io/Statement/v1","subject":[` +
		`{"name":"ark-apiserver.tgz","digest":{"sha256":"%x"}},{"name":"image.tar","digest":{"sha256":"%x"}}],` +
		`"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"https://ark.ai/apiserver/bazel",` +
		`"externalParameters":{"config":"release","target":"//:release","version":"v1.2.3"},` +
		`"resolvedDependencies":[{"name":"source","digest":{"gitCommit":"0123abc"}}]},` +
		`"runDetails":{"builder":{"id":"https://ci.example.com/runs/1"}}}}`
	if want := fmt.Sprintf(want, sha256.Sum256([]byte(archive)), sha256.Sum256([]byte("image.tar"))); string(signed.Payload) != want {
		t.Errorf("the statement is\n%s\nnot\n%s", signed.Payload, want)
	}
}

func TestNothingIsSignedThatIsNotWhatWasBuilt(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, r *release)
		words  string
	}{
		"a changed archive": {
			func(t *testing.T, r *release) { r.write(t, r.path(archive), "forged") },
			archive + " is not what SHA256SUMS says",
		},
		"a missing archive": {
			func(t *testing.T, r *release) {
				if err := os.Remove(r.path(archive)); err != nil {
					t.Fatal(err)
				}
			},
			"no such file or directory",
		},
		"no checksums": {
			func(t *testing.T, r *release) { r.write(t, r.path(sumsName), "") },
			"SHA256SUMS is empty",
		},
		"a file of another folder": {
			func(t *testing.T, r *release) { r.write(t, r.path(sumsName), "00  ../"+archive+"\n") },
			"is not a checksum and the name of a file",
		},
		"a public key": {
			func(_ *testing.T, r *release) { r.key = r.public },
			"is not a private key in PEM",
		},
		"another curve": {
			func(t *testing.T, r *release) {
				if output, err := openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", r.key); err != nil {
					t.Fatalf("%v: %s", err, output)
				}
			},
			"is not an elliptic curve key on P-256",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRelease(t)
			test.change(t, &r)
			if err := r.sign(); err == nil || !strings.Contains(err.Error(), test.words) {
				t.Errorf("got error %v, want that %s", err, test.words)
			}
			if _, err := os.Stat(r.path(signatureName)); err == nil {
				t.Error("it is signed")
			}
		})
	}
}
