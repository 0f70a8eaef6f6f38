package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/report"

	_ "modernc.org/sqlite" // the version that ark-apiserver has
)

// versions of what is not part of an environment.
func versions(ctx context.Context) (map[string]string, error) {
	found := map[string]string{"go": strings.TrimPrefix(runtime.Version(), "go")}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var sqlite string
	if err := db.QueryRowContext(ctx, "select sqlite_version()").Scan(&sqlite); err != nil {
		return nil, err
	}
	found["sqlite"] = sqlite
	// The modules that others build on, too.
	modules, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Path}} {{.Version}}", "k8s.io/apiserver", "sigs.k8s.io/controller-runtime", "github.com/onsi/ginkgo/v2").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for line := range strings.Lines(string(modules)) {
		if module, version, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			found[module] = version
		}
	}
	return found, nil
}

func kubectlVersion(ctx context.Context) (string, error) {
	kubectl, err := environment.Program("kubectl")
	if err != nil {
		return "", err
	}
	output, err := exec.CommandContext(ctx, kubectl, "version", "--client").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s version: %w\n%s", kubectl, err, output)
	}
	line, _, _ := strings.Cut(string(output), "\n")
	return strings.TrimPrefix(line, "Client Version: "), nil
}

// commit of the sources, with "-dirty" if they were changed since.
func commit(ctx context.Context) string {
	output, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*").Output()
	if err != nil {
		return "unknown" // the sources may have come without git
	}
	return strings.TrimSpace(string(output))
}

func machine() report.Machine {
	m := report.Machine{System: runtime.GOOS + "/" + runtime.GOARCH, Processor: runtime.GOARCH, Cores: runtime.NumCPU()}
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return m // not on Linux
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			m.Processor = strings.TrimSpace(value)
			break
		}
	}
	return m
}
