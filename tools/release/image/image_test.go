package main

import (
	"archive/tar"
	"bytes"
	"crypto/x509"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

const statusText = `BUILD_HOST elsewhere
STABLE_ARK_VERSION v1.2.3
STABLE_ARK_REVISION 0123456789abcdef
STABLE_ARK_DATE 2026-01-02T03:04:05Z
`

// inputs are a program and a workspace status.
func inputs(t *testing.T) (program, status string) {
	t.Helper()
	dir := t.TempDir()
	program, status = filepath.Join(dir, "ark-apiserver"), filepath.Join(dir, "status")
	for path, text := range map[string]string{program: "the program", status: statusText} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return program, status
}

func TestEqualInputsMakeEqualArchives(t *testing.T) {
	var archives, digests [2][]byte
	for i := range archives {
		program, status := inputs(t)
		output := filepath.Join(t.TempDir(), "image.tar")
		if err := run(output, output+".digest", status, []string{"linux/arm64=" + program, "linux/amd64=" + program}); err != nil {
			t.Fatal(err)
		}
		archives[i], digests[i] = read(t, output), read(t, output+".digest")
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("the archives differ")
	}
	if !bytes.Equal(digests[0], digests[1]) || !strings.HasPrefix(string(digests[0]), "sha256:") {
		t.Errorf("digests %q", digests)
	}
}

// Docker reads manifest.json, everybody else the layout: both have to lead to the same image.
func TestBothWaysLeadToTheImage(t *testing.T) {
	program, status := inputs(t)
	output := filepath.Join(t.TempDir(), "image.tar")
	if err := run(output, output+".digest", status, []string{"linux/arm64=" + program}); err != nil {
		t.Fatal(err)
	}
	docker, err := tarball.ImageFromPath(output, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	unpacked := fstest.MapFS{}
	for name, content := range contents(t, bytes.NewReader(read(t, output))) {
		unpacked[name] = &fstest.MapFile{Data: content}
	}
	if err := os.CopyFS(dir, unpacked); err != nil {
		t.Fatal(err)
	}
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	digest, err := v1.NewHash(strings.TrimSpace(string(read(t, output+".digest"))))
	if err != nil {
		t.Fatal(err)
	}
	oci, err := index.Image(digest)
	if err != nil {
		t.Fatal(err)
	}
	for way, image := range map[string]v1.Image{"docker": docker, "oci": oci} {
		check(t, way, "arm64", image)
	}
}

func check(t *testing.T, way, architecture string, image v1.Image) {
	t.Helper()
	config, err := image.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if config.OS != "linux" || config.Architecture != architecture {
		t.Errorf("%s: it is for %s/%s", way, config.OS, config.Architecture)
	}
	if config.Config.User != "65532:65532" || !slices.Equal(config.Config.Entrypoint, []string{"ark-apiserver"}) {
		t.Errorf("%s: user %s runs %q", way, config.Config.User, config.Config.Entrypoint)
	}
	for label, want := range map[string]string{"version": "v1.2.3", "revision": "0123456789abcdef", "created": "2026-01-02T03:04:05Z"} {
		if got := config.Config.Labels["org.opencontainers.image."+label]; got != want {
			t.Errorf("%s: %s is %q, not %q", way, label, got, want)
		}
	}
	files := mutate.Extract(image)
	defer files.Close()
	content := contents(t, files)
	if got := string(content["usr/local/bin/ark-apiserver"]); got != "the program" {
		t.Errorf("%s: the program is %q", way, got)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(content["etc/ssl/certs/ca-certificates.crt"]) {
		t.Errorf("%s: no certificate authorities", way)
	}
}

func TestStatusWithoutVersionIsRefused(t *testing.T) {
	program, status := inputs(t)
	if err := os.WriteFile(status, []byte("BUILD_HOST elsewhere\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := run(filepath.Join(t.TempDir(), "image.tar"), "", status, []string{"linux/arm64=" + program})
	if err == nil || !strings.Contains(err.Error(), "--config=release") {
		t.Errorf("error %v", err)
	}
}

func TestArchiveNamesTheImage(t *testing.T) {
	program, _ := inputs(t)
	output := filepath.Join(t.TempDir(), "image.tar")
	if err := run(output, "", "", []string{"linux/amd64=" + program}); err != nil {
		t.Fatal(err)
	}
	var manifest []struct{ RepoTags []string }
	if err := json.Unmarshal(contents(t, bytes.NewReader(read(t, output)))["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) != 1 || !slices.Equal(manifest[0].RepoTags, []string{"ark-apiserver:dev"}) {
		t.Errorf("manifest.json names %v", manifest)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// contents are the files of a tar archive.
func contents(t *testing.T, from io.Reader) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for archive := tar.NewReader(from); ; {
		header, err := archive.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[header.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
}
