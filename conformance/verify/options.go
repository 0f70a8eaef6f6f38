package main

import (
	"errors"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/report"
)

type options struct {
	modes, drivers, suites list
	kubernetes             list
	output                 string
	processes              int
	attempts               int
	timeout                time.Duration
	reportOnly             bool
}

func parse(args []string) (options, error) {
	o := options{
		modes:   list{values: withoutContainers, known: append(slices.Clone(withKinds), environment.Kubernetes)},
		drivers: list{known: append(slices.Clone(environment.Drivers), environment.Etcd)},
		// Those in bin.
		kubernetes: list{values: []string{""}},
	}
	o.drivers.values = o.drivers.known
	for _, requirement := range criteria {
		o.suites.known = append(o.suites.known, requirement.Suite)
	}
	o.suites.values = o.suites.known
	flags := flag.NewFlagSet("tools/verify", flag.ContinueOnError)
	flags.Var(&o.modes, "mode", "modes to verify, of "+strings.Join(o.modes.known, ",")+"; kind and cluster are run by tools/e2e; crd has no server of ours and is there to compare with; kubernetes is kube-apiserver itself, with our storage")
	flags.Var(&o.drivers, "driver", "databases to verify, of "+strings.Join(o.drivers.known, ",")+"; mysql is MariaDB; etcd is there to compare with, in mode kubernetes")
	flags.Var(&o.suites, "suite", "suites to run")
	flags.Var(&o.kubernetes, "kubernetes", "versions of Kubernetes' programs, such as v1.34.4, that tools/kubernetes-binaries has built into bin/VERSION; those in bin if nothing is said")
	flags.StringVar(&o.output, "output", ".cache/verification", "folder for the results and the report, seen from the root of the repository")
	flags.IntVar(&o.processes, "procs", min(2*runtime.NumCPU(), 8), "checks that run at a time")
	flags.IntVar(&o.attempts, "attempts", 1, "how often a check is tried before it counts as failed; the log tells of those that needed several")
	flags.DurationVar(&o.timeout, "timeout", time.Hour, "time that each suite may take")
	flags.BoolVar(&o.reportOnly, "report", false, "run nothing, only write the report of the results in the folder")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, nil
}

// plan is what has to be verified. All criteria are in it, with those that nobody asked for as left
// out.
func (o options) plan() report.Plan {
	plan := report.Plan{Criteria: slices.Clone(criteria)}
	for i := range plan.Criteria {
		requirement := &plan.Criteria[i]
		if !slices.Contains(o.suites.values, requirement.Suite) && requirement.LeftOut == "" {
			requirement.LeftOut = "not asked for"
		}
	}
	for _, mode := range o.modes.values {
		for _, driver := range o.driversIn(mode) {
			for _, version := range o.kubernetes.values {
				plan.Columns = append(plan.Columns, report.Target{Mode: mode, Driver: driver, Kubernetes: version})
			}
		}
	}
	return plan
}

// driversIn are the databases to verify in a mode.
func (o options) driversIn(mode string) []string {
	if mode == environment.CRD {
		return []string{""}
	}
	return slices.DeleteFunc(slices.Clone(o.drivers.values), func(driver string) bool {
		return driver == environment.Etcd && mode != environment.Kubernetes
	})
}

// list is a flag with some of the known values, separated by commas, or any where none are known.
type list struct {
	values, known []string
}

func (l *list) String() string { return strings.Join(l.values, ",") }

func (l *list) Set(text string) error {
	values := strings.Split(text, ",")
	for _, value := range values {
		if value == "" {
			return errors.New("a value is empty")
		}
		if l.known != nil && !slices.Contains(l.known, value) {
			return fmt.Errorf("%q is none of %s", value, strings.Join(l.known, ", "))
		}
	}
	l.values = values
	return nil
}
