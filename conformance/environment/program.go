package environment

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Program finds a program such as kube-apiserver: the one that a variable such as KUBE_APISERVER names, or else
// that in bin of this repository, or else that in PATH.
func Program(name string) (string, error) {
	variable := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	if path := os.Getenv(variable); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", variable, err)
		}
		return filepath.Abs(found)
	}
	if root, ok := repository(); ok {
		if path, err := exec.LookPath(filepath.Join(root, "bin", name)); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s is neither in bin nor in PATH: build it with tools/cluster setup, or set %s", name, variable)
	}
	return filepath.Abs(path)
}

// repository is the root of the Go module that the working directory is in.
func repository() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
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
	if os.Getenv("ARK_APISERVER") != "" {
		var err error
		if path, err = Program(name); err != nil {
			return "", err
		}
	} else if output, err := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", path, "ark.ai/apiserver/src/cmd/ark-apiserver").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, output)
	}
	return path, r.noteVersion(ctx, name, path, "version")
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
