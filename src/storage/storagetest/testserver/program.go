package testserver

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Program finds a program such as kube-apiserver: the one that a variable such as KUBE_APISERVER
// names, or else that in bin of this repository, or else that in PATH.
func Program(name string) (string, error) {
	variable := Variable(name)
	if path := os.Getenv(variable); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", variable, err)
		}
		return filepath.Abs(found)
	}
	if root, ok := Repository(); ok {
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

// Variable is the one that names a program.
func Variable(program string) string {
	return strings.ToUpper(strings.ReplaceAll(program, "-", "_"))
}

// Repository is the root of the repository that the working directory is in. Some of the Go modules
// there are further down.
func Repository() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "tools", "kubernetes-binaries")); err == nil {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}
