// Command cluster runs an environment for people, until it is interrupted. tools/cluster builds
// what it needs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"ark.ai/apiserver/conformance/environment"
)

func main() {
	options := environment.Options{}
	flag.StringVar(&options.Mode, "mode", environment.Aggregated, "how the Ark API is served: aggregated, standalone, crd (CustomResourceDefinitions, to compare with), or empty (not at all yet, for the Helm chart)")
	flag.StringVar(&options.Driver, "driver", environment.SQLite, "the server's database: sqlite, postgresql or mysql")
	flag.StringVar(&options.Dir, "dir", "", "empty directory for databases, certificates and logs; it is made, and removed at the end, if it is missing (default a temporary one)")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "tools/cluster: unknown argument %q\n", flag.Arg(0))
		os.Exit(2)
	}
	// A second signal ends the process at once, and the guard its programs.
	ctx, forget := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, forget)
	if err := run(ctx, options); err != nil {
		fmt.Fprintf(os.Stderr, "tools/cluster: %v\n", err)
		os.Exit(1)
	}
}

// run keeps the environment's directory only if the environment does not start.
func run(ctx context.Context, options environment.Options) (err error) {
	dir, remove, err := makeDir(options.Dir)
	if err != nil {
		return err
	}
	options.Dir = dir
	running, err := environment.Start(ctx, options)
	if err != nil && ctx.Err() != nil {
		return errors.Join(errors.New("interrupted"), remove())
	}
	if err != nil {
		return fmt.Errorf("%w\nAll logs are %s/*.log", err, dir)
	}
	defer func() { err = errors.Join(err, running.Stop(), remove()) }()
	description := filepath.Join(dir, "environment.json")
	if err := running.Save(description); err != nil {
		return err
	}
	announce(running, options, description)
	<-ctx.Done()
	fmt.Println("Stopping…")
	return nil
}

// makeDir returns an empty directory, and what removes it if it was not there before.
func makeDir(path string) (dir string, remove func() error, err error) {
	if path == "" {
		dir, err = os.MkdirTemp("", "ark-cluster-")
		return dir, func() error { return os.RemoveAll(dir) }, err
	}
	if dir, err = filepath.Abs(path); err != nil {
		return "", nil, err
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return dir, func() error { return os.RemoveAll(dir) }, os.MkdirAll(dir, 0o700)
	case err != nil:
		return "", nil, err
	case len(entries) > 0:
		return "", nil, fmt.Errorf("%s is not empty", dir)
	}
	return dir, func() error { return nil }, nil
}

func announce(running *environment.Running, options environment.Options, description string) {
	kubectl := "kubectl"
	if _, err := exec.LookPath(kubectl); err != nil {
		if built, err := environment.Program(kubectl); err == nil {
			kubectl = built
		}
	}
	ready, next := "The Ark API is ready", "get apiservice v1alpha1.ark.ai"
	switch options.Mode {
	case environment.Standalone:
		next = "api-resources --api-group=ark.ai"
	case environment.CRD:
		next = "get customresourcedefinitions"
	case environment.Empty:
		ready, next = "The cluster is ready", "get apiservices"
	}
	fmt.Printf(`%[7]s: %[1]s. In another terminal:

  export KUBECONFIG=%[2]s
  %[3]s %[4]s
  %[3]s get agents,models,queries --all-namespaces

Logs: %[5]s/*.log. A conformance suite runs here with
  go test ./conformance/kubectl -environment %[6]s

Ctrl-C stops it.
`, options, running.Kubeconfig, kubectl, next, filepath.Dir(description), description, ready)
}
