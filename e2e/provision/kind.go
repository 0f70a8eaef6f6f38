package provision

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"sigs.k8s.io/e2e-framework/support/kind"
)

//go:embed kind.yaml
var configuration []byte

// Kind is a cluster of containers on this machine.
type Kind struct {
	// Kubeconfig is the file of its administrator.
	Kubeconfig string

	provider *kind.Cluster
}

// KindOptions say how to make one.
type KindOptions struct {
	// Name of the cluster. Another one of that name is replaced.
	Name string
	// Program is the path of kind.
	Program string
	// Image of the nodes. Empty is kind's own.
	Image string
	// Dir is for files.
	Dir string
}

// CreateKind makes a cluster. The caller destroys it.
func CreateKind(ctx context.Context, options KindOptions) (*Kind, error) {
	k := &Kind{Kubeconfig: filepath.Join(options.Dir, "admin.kubeconfig"), provider: kind.NewCluster(options.Name)}
	k.provider.WithPath(options.Program)
	config := filepath.Join(options.Dir, "kind.yaml")
	if err := os.WriteFile(config, configuration, 0o600); err != nil {
		return nil, err
	}
	// It would take one that is there as it is, which may be the rest of a run that was killed.
	if err := k.provider.Destroy(ctx); err != nil {
		return nil, fmt.Errorf("remove an earlier cluster: %w", err)
	}
	if options.Image != "" {
		k.provider.WithOpts(kind.WithImage(options.Image))
	}
	// Not the user's own kubeconfig.
	copied, err := k.provider.Create(ctx, "--config", config, "--kubeconfig", k.Kubeconfig, "--wait", "3m")
	if err != nil {
		return nil, errors.Join(err, k.Destroy(context.WithoutCancel(ctx)))
	}
	return k, os.Remove(copied)
}

// Load makes an image of this machine's Docker known to the nodes.
func (k *Kind) Load(ctx context.Context, image string) error { return k.provider.LoadImage(ctx, image) }

// LoadArchive makes the images of an archive known to the nodes.
func (k *Kind) LoadArchive(ctx context.Context, path string) error {
	return k.provider.LoadImageArchive(ctx, path)
}

// ExportLogs writes the logs of the nodes, and of all pods, into a directory.
func (k *Kind) ExportLogs(ctx context.Context, dir string) error {
	return k.provider.ExportLogs(ctx, dir)
}

// Destroy removes the cluster.
func (k *Kind) Destroy(ctx context.Context) error { return k.provider.Destroy(ctx) }
