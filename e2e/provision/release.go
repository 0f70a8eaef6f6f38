package provision

import (
	"context"
	"strconv"
)

// Release is the chart in a namespace.
type Release struct {
	Helm      Helm   `json:"helm"`
	Namespace string `json:"namespace"`
	// Name of the release, and of the chart's objects.
	Name string `json:"name"`
	// Chart is a folder or an archive.
	Chart string `json:"chart"`
	// Values are what it was installed with, as --set takes them.
	Values []string `json:"values"`
}

// The labels that the chart's objects have, and by which its pods can be told from others.
const (
	releaseLabel   = "app.kubernetes.io/instance"
	componentLabel = "app.kubernetes.io/component"
)

// timeout is for Helm to wait for pods, on a machine that has other things to do.
const timeout = "5m"

// Labels select all objects of the release.
func (r *Release) Labels() string { return releaseLabel + "=" + r.Name }

// PodLabels select the servers' pods.
func (r *Release) PodLabels() string { return r.Labels() + "," + componentLabel + "=apiserver" }

// Host is the name for which kube-apiserver wants a certificate.
func (r *Release) Host() string { return r.Name + "." + r.Namespace + ".svc" }

// Install installs it, and waits until the pods are ready. There may be further arguments, such as
// values.
func (r *Release) Install(ctx context.Context, args ...string) (string, error) {
	return r.apply(ctx, "install", args)
}

// Upgrade changes it to the values that it was installed with and further ones, and waits until the
// pods are ready.
func (r *Release) Upgrade(ctx context.Context, args ...string) (string, error) {
	return r.apply(ctx, "upgrade", args)
}

func (r *Release) apply(ctx context.Context, verb string, args []string) (string, error) {
	all := []string{verb, r.Name, r.Chart, "--namespace", r.Namespace, "--wait", "--timeout", timeout}
	for _, value := range r.Values {
		all = append(all, "--set", value)
	}
	return r.Helm.Run(ctx, append(all, args...)...)
}

// Rollback goes back to a revision, and waits until the pods are ready.
func (r *Release) Rollback(ctx context.Context, revision int) (string, error) {
	return r.Helm.Run(ctx, "rollback", r.Name, strconv.Itoa(revision), "--namespace", r.Namespace, "--wait", "--timeout", timeout)
}

// Test runs the chart's own tests.
func (r *Release) Test(ctx context.Context) (string, error) {
	return r.Helm.Run(ctx, "test", r.Name, "--namespace", r.Namespace, "--timeout", timeout, "--logs")
}

// Uninstall removes it, and waits until its objects are gone.
func (r *Release) Uninstall(ctx context.Context) (string, error) {
	return r.Helm.Run(ctx, "uninstall", r.Name, "--namespace", r.Namespace, "--wait", "--timeout", timeout)
}
