package environment

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"ark.ai/apiserver/e2e/provision"
)

// Variables that name images. tools/e2e sets them.
const (
	// imageArchiveVariable is for the archive with our image.
	imageArchiveVariable = "ARK_IMAGE_ARCHIVE"
	// nodeImageVariable is for the image of kind's nodes; kind's own, if it is not set.
	nodeImageVariable = "ARK_NODE_IMAGE"
)

// startKind makes a cluster, and installs the server in it.
func (r *Running) startKind(ctx context.Context) error {
	archive := os.Getenv(imageArchiveVariable)
	if archive == "" {
		return fmt.Errorf("%s is not set: it is the archive with the image of ark-apiserver, which Bazel builds; tools/e2e sets it", imageArchiveVariable)
	}
	program, err := r.find(ctx, "kind")
	if err != nil {
		return err
	}
	kind, err := provision.CreateKind(ctx, provision.KindOptions{
		Name: "ark-" + r.Driver, Program: program, Image: os.Getenv(nodeImageVariable), Dir: r.dir,
	})
	if err != nil {
		return err
	}
	r.closers = append(r.closers, func() error { return kind.Destroy(context.WithoutCancel(ctx)) })
	if err := kind.LoadArchive(ctx, archive); err != nil {
		return err
	}
	// What this machine does not have, nodes pull.
	if pod := r.shellPod(); os.Getenv(pod.variable) != "" {
		if err := kind.Load(ctx, pod.image()); err != nil {
			return err
		}
	}
	r.Kubeconfig = kind.Kubeconfig
	return r.install(ctx, cmp.Or(os.Getenv(imageVariable), archivedImage))
}
