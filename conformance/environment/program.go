package environment

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// Program finds a program such as kube-apiserver, as testserver.Program does.
func Program(name string) (string, error) { return testserver.Program(name) }

// UseKubernetes has this process, and those that it starts, take the programs of Kubernetes that
// are in a folder from there.
func UseKubernetes(folder string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	found := false
	for _, name := range []string{"kubectl", "kube-apiserver", "kube-controller-manager"} {
		path, err := exec.LookPath(filepath.Join(folder, name))
		if err != nil {
			continue
		}
		found = true
		if err := os.Setenv(testserver.Variable(name), path); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("there are no programs of Kubernetes in %s: build them with tools/kubernetes-binaries", folder)
	}
	return nil
}

// find is Program, and notes the version that it prints.
func (r *Running) find(ctx context.Context, name string) (string, error) {
	path, err := Program(name)
	if err != nil {
		return "", err
	}
	return path, r.noteVersion(ctx, name, path, "--version")
}

// ArkAPIServer is the program that ARK_APISERVER names, or else a new one from the sources.
func (r *Running) ArkAPIServer(ctx context.Context) (string, error) {
	const name = "ark-apiserver"
	path := filepath.Join(r.dir, name)
	build := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", path, "ark.ai/apiserver/src/cmd/ark-apiserver")
	path, err := findOrBuild(name, path, build)
	if err != nil {
		return "", err
	}
	return path, r.noteVersion(ctx, name, path, "version")
}

// findOrBuild is the program that its variable names, or else the one that is built at path.
func findOrBuild(name, path string, build *exec.Cmd) (string, error) {
	if os.Getenv(testserver.Variable(name)) != "" {
		return Program(name)
	}
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, output)
	}
	return path, nil
}

// version is what programs print after their name, up to the end of the line.
var version = regexp.MustCompile(`v?\d+\.\d+.*`)

func (r *Running) noteVersion(ctx context.Context, name, path string, args ...string) error {
	output, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", path, strings.Join(args, " "), err, output)
	}
	r.Versions[name] = version.FindString(string(output))
	return nil
}
