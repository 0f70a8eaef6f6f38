package provision

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// Helm is the program, for a cluster.
type Helm struct {
	// Program is its path.
	Program string `json:"program"`
	// Kubeconfig is the file of the cluster's administrator.
	Kubeconfig string `json:"kubeconfig"`
}

// Run runs a command and returns what it prints. That is in the error, too, if it fails.
func (h Helm) Run(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, h.Program, append(args, "--kubeconfig", h.Kubeconfig)...)
	output, err := command.CombinedOutput()
	text := strings.TrimSpace(string(output))
	if err != nil {
		return text, fmt.Errorf("helm %s: %w\n%s", strings.Join(args, " "), err, text)
	}
	return text, nil
}
