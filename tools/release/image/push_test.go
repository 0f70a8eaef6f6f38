package main

import (
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// TestDocumentedWayIntoARegistry runs the commands of docs/building.md.
func TestDocumentedWayIntoARegistry(t *testing.T) {
	page := string(read(t, "../../../docs/building.md"))
	_, section, _ := strings.Cut(page, "\n### Into a registry\n")
	_, block, _ := strings.Cut(section, "```console\n")
	block, _, _ = strings.Cut(block, "```")
	served := httptest.NewServer(registry.New(registry.Logger(log.New(t.Output(), "", 0))))
	t.Cleanup(served.Close)
	host := strings.TrimPrefix(served.URL, "http://")
	var commands []string
	for line := range strings.Lines(strings.ReplaceAll(block, "registry.example.com", host)) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			commands = append(commands, command)
		}
	}
	if len(commands) != 3 {
		t.Fatalf("the commands are %q", commands)
	}

	dir := t.TempDir()
	program, status := inputs(t)
	digestFile := filepath.Join(dir, "image.digest")
	if err := run(filepath.Join(dir, "image.tar"), digestFile, status, []string{"linux/arm64=" + program, "linux/amd64=" + program}); err != nil {
		t.Fatal(err)
	}
	shell := exec.CommandContext(t.Context(), "sh", "-ec", strings.Join(commands, ""))
	shell.Dir = dir
	shell.Env = append(os.Environ(), "PATH="+craneIn(t)+":"+os.Getenv("PATH"))
	output, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if digest := string(read(t, digestFile)); !strings.HasSuffix(string(output), "\n"+digest) {
		t.Errorf("the registry does not have %s, but\n%s", digest, output)
	}

	reference, err := name.ParseReference(host + "/ark-apiserver:v1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Index(reference, remote.WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 2 {
		t.Fatalf("%+v, error %v", manifest, err)
	}
	for _, platform := range manifest.Manifests {
		image, err := index.Image(platform.Digest)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "from the registry", platform.Platform.Architecture, image)
	}
}

// craneIn is a folder with crane.
func craneIn(t *testing.T) string {
	t.Helper()
	path, err := exec.CommandContext(t.Context(), "go", "tool", "-n", "crane").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(strings.TrimSpace(string(path)), filepath.Join(dir, "crane")); err != nil {
		t.Fatal(err)
	}
	return dir
}
