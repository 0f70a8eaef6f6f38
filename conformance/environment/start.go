package environment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// Options say what to run.
type Options struct {
	// Mode is Standalone, Aggregated, Kind, Cluster, CRD, Empty or Kubernetes.
	Mode string
	// Driver is one of Drivers, or Etcd in mode Kubernetes. It does not matter where nothing is
	// stored by us.
	Driver string
	// Dir is an existing directory for everything that is written: databases, certificates, logs.
	// It is the caller's to remove.
	Dir string
	// Group is that of the CustomResourceDefinitions in mode CRD. Default: that of the servers.
	Group string
	// APIServers is how many kube-apiservers there are in mode CRD, one or two. Default: one.
	APIServers int
	// Etcd is the address of what takes the place of etcd in mode CRD: the caller's. Default: none.
	Etcd string
	// Large is for more CustomResources than there is memory for, in mode CRD: kube-apiserver keeps
	// no watch cache, and etcd holds 8 GiB, the most that it is recommended for, with all history,
	// since a list in pages takes longer than the five minutes after which it would be compacted.
	Large bool
	// EmulatedVersion is an earlier minor version of Kubernetes, such as "1.34", whose APIs
	// kube-apiserver has: those that came later are missing.
	EmulatedVersion string
	// Flags are further ones of our servers, and win over those that they have here.
	Flags []string
}

// Running is an environment that this process started. It ends with the process, even if that is
// killed.
type Running struct {
	Environment
	dir     string
	guard   *Guard
	options Options
	// closers end what was started, the last first.
	closers []func() error
}

// loopback is where everything is that runs on this machine only.
const loopback = "127.0.0.1"

var starters = map[string]func(*Running, context.Context) error{
	Standalone: (*Running).startStandalone,
	Aggregated: (*Running).startAggregated,
	Kind:       (*Running).startKind,
	Cluster:    (*Running).startInCluster,
	CRD:        (*Running).startCRD,
	Empty:      (*Running).startEmpty,
	Kubernetes: (*Running).startKubernetes,
}

// Start runs an environment and waits until it answers for all Ark kinds, if there are any. The
// caller stops it.
func Start(ctx context.Context, options Options) (*Running, error) {
	options.Group = cmp.Or(options.Group, v1alpha1.GroupName)
	start, ok := starters[options.Mode]
	if !ok {
		return nil, fmt.Errorf("mode %q must be one of %s", options.Mode, strings.Join(slices.Sorted(maps.Keys(starters)), ", "))
	}
	if options.withoutServer() {
		options.Driver = ""
	} else if drivers := options.drivers(); !slices.Contains(drivers, options.Driver) {
		return nil, fmt.Errorf("storage driver %q must be one of %s", options.Driver, strings.Join(drivers, ", "))
	}
	dir, err := filepath.Abs(options.Dir)
	if err != nil {
		return nil, err
	}
	r := &Running{
		Environment: Environment{Mode: options.Mode, Driver: options.Driver, Host: loopback, Versions: map[string]string{}},
		dir:         dir, options: options,
	}
	if r.guard, err = NewGuard(ctx, dir); err != nil {
		return nil, err
	}
	r.closers = append(r.closers, r.guard.Dismiss)
	if err := start(r, ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s environment: %w", options, err), r.Stop())
	}
	return r, nil
}

// Stop ends everything that was started, and tells what had not gone well.
func (r *Running) Stop() error {
	var errs []error
	for _, end := range slices.Backward(r.closers) {
		errs = append(errs, end())
	}
	r.closers = nil
	return errors.Join(errs...)
}

// String names the combination.
func (o Options) String() string {
	if o.withoutServer() {
		return o.Mode
	}
	return o.Mode + " on " + o.Driver
}

func (o Options) drivers() []string {
	if o.Mode == Kubernetes {
		return append(slices.Clone(Drivers), Etcd)
	}
	return Drivers
}

// withoutServer reports whether no server of ours runs.
func (o Options) withoutServer() bool { return o.Mode == CRD || o.Mode == Empty }
