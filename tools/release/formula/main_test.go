package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	statusText = "STABLE_ARK_VERSION v1.2.3\nSTABLE_ARK_REVISION 0123456789abcdef\nSTABLE_ARK_DATE 2026-01-02T03:04:05Z\n"
	sums       = "aa  ark-apiserver_darwin_arm64\nbb  ark-apiserver_linux_amd64\ncc  ark-apiserver_linux_amd64.deb\ndd  ark-apiserver_linux_arm64\n"
)

// formulaOf writes the formula of a release that has these sums, and returns its path.
func formulaOf(t *testing.T, sums string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"status": statusText, "SHA256SUMS": sums} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "ark-apiserver.rb")
	return path, run(path, "https://example.com/v1.2.3/", filepath.Join(dir, "status"), dir)
}

func TestFormulaNamesWhatIsReleased(t *testing.T) {
	path, err := formulaOf(t, sums)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"version \"1.2.3\"\n",
		"on_macos do\n    depends_on arch: :arm64\n    on_arm do\n      url \"https://example.com/v1.2.3/ark-apiserver_darwin_arm64\"\n      sha256 \"aa\"\n",
		"on_intel do\n      url \"https://example.com/v1.2.3/ark-apiserver_linux_amd64\"\n      sha256 \"bb\"\n",
		"on_arm do\n      url \"https://example.com/v1.2.3/ark-apiserver_linux_arm64\"\n      sha256 \"dd\"\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestReleaseWithoutABinaryHasNoFormula(t *testing.T) {
	if _, err := formulaOf(t, "aa  ark-apiserver_darwin_arm64\n"); err == nil || !strings.Contains(err.Error(), "SHA256SUMS does not name ark-apiserver_linux_arm64") {
		t.Errorf("error %v", err)
	}
}
