package kubectl_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// repository is the root of this module.
var repository = filepath.Join("..", "..")

func findKubectl() (string, error) {
	const advice = "build it with tools/kubernetes-binaries kubectl"
	if path := os.Getenv("KUBECTL"); path != "" {
		path, err := usable("KUBECTL", path)
		if err != nil {
			err = fmt.Errorf("%w: unset it, and %s", err, advice)
		}
		return path, err
	}
	if path, err := filepath.Abs(filepath.Join(repository, "bin", "kubectl")); err == nil {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	if path, err := exec.LookPath("kubectl"); err == nil {
		return filepath.Abs(path)
	}
	return "", errors.New("these tests need kubectl, which is neither in bin nor in PATH: " + advice + ", or set KUBECTL")
}

// findServer builds the server if nobody did before.
func findServer() (string, error) {
	if path := os.Getenv("ARK_APISERVER"); path != "" {
		return usable("ARK_APISERVER", path)
	}
	path := filepath.Join(scratch, "ark-apiserver")
	build := exec.Command("go", "build", "-o", path, "./src/cmd/ark-apiserver")
	build.Dir = repository
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build ark-apiserver: %w\n%s", err, output)
	}
	return path, nil
}

func usable(variable, path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s: %w", variable, err)
	}
	return path, nil
}
