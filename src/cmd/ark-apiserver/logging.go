package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/logs"
	logsapi "k8s.io/component-base/logs/api/v1"
	"k8s.io/klog/v2"
)

func init() {
	utilruntime.Must(logsapi.AddFeatureGates(utilfeature.DefaultMutableFeatureGate))
}

// applyLogging sends logs to standard error. ctx ends with the order to stop.
func applyLogging(ctx context.Context, options *logs.Options) error {
	return logsapi.ValidateAndApplyWithOptions(options,
		&logsapi.LoggingOptions{ErrorStream: quiet{os.Stderr, ctx}, InfoStream: os.Stdout}, utilfeature.DefaultFeatureGate)
}

// harmless are upstream's warnings and errors that every start would show.
var harmless = [][]byte{
	// Versions of groups that Kubernetes knows and does not serve by default.
	[]byte("because it has no resources"),
	// --allow-metric-labels-manifest, which is optional.
	[]byte("The manifest file is empty, ignoring"),
	// A race between post-start hooks of the first start: it is being made.
	[]byte(`namespaces \"kube-system\" not found`),
}

// harmlessAtTheEnd are those that requests cause, the server's own above all, when they are cut off as it stops.
var harmlessAtTheEnd = [][]byte{
	[]byte("context canceled"),
	[]byte("time to stop HTTP server"),
	[]byte("Post-timeout activity"),
	[]byte("Timeout or abort while handling"),
	[]byte("http: Handler timeout"),
	// Controllers that had just begun.
	[]byte("Unable to sync caches"),
	[]byte("timed out waiting for dependency graph builder sync"),
	[]byte("Timed out waiting for quota monitor sync"),
	// A client that does not close its connection in the two seconds that it has.
	[]byte("Failed to shutdown server: context deadline exceeded"),
}

// quiet passes on what is worth a user's attention: upstream logs a hundred lines of information at each
// start, whatever the verbosity. From -v=1 on everything is passed on. It is for klog's text format, which
// writes a message at a time and begins it with the severity.
type quiet struct {
	to io.Writer
	// stopping ends with the order to stop.
	stopping context.Context
}

func (q quiet) Write(message []byte) (int, error) {
	if !klog.V(1).Enabled() && !q.worthAttention(message) {
		return len(message), nil
	}
	return q.to.Write(message)
}

func (q quiet) worthAttention(message []byte) bool {
	if bytes.HasPrefix(message, []byte("I")) {
		return false
	}
	known := func(part []byte) bool { return bytes.Contains(message, part) }
	return !slices.ContainsFunc(harmless, known) &&
		(q.stopping.Err() == nil || !slices.ContainsFunc(harmlessAtTheEnd, known))
}
