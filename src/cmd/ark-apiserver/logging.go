package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

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

// harmlessAtTheEnd are those that requests cause, the server's own above all, when they are cut off
// as it stops.
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

// quiet passes on what is worth a user's attention: upstream logs a hundred lines of information at
// each start, whatever the verbosity. What this program itself has to say is always passed on, and
// from -v=1 on everything is. It is for klog's text format, which writes a message at a time, where
// it is logged, and begins it with the severity.
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
		return loggedByUs()
	}
	known := func(part []byte) bool { return bytes.Contains(message, part) }
	return !slices.ContainsFunc(harmless, known) &&
		(q.stopping.Err() == nil || !slices.ContainsFunc(harmlessAtTheEnd, known))
}

// ours is the module of this program.
const ours = "ark.ai/apiserver/"

// loggers are the packages between who logs and quiet.
var loggers = []string{"k8s.io/klog/", "k8s.io/component-base/logs", "github.com/go-logr/"}

// loggedByUs reports whether the message that is being written was logged by a package of this
// program.
func loggedByUs() bool {
	var callers [32]uintptr // of Write
	frames := runtime.CallersFrames(callers[:runtime.Callers(4, callers[:])])
	for {
		frame, more := frames.Next()
		if !slices.ContainsFunc(loggers, func(logger string) bool { return strings.HasPrefix(frame.Function, logger) }) {
			return strings.HasPrefix(frame.Function, ours) || strings.HasPrefix(frame.Function, "main.")
		}
		if !more {
			return false
		}
	}
}
