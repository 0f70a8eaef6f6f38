package main

import (
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
		if mode == environment.CRD {
			plan.Columns = append(plan.Columns, report.Target{Mode: mode})
			continue
		}
		for _, driver := range o.drivers.values {
			if driver == environment.Etcd && mode != environment.Kubernetes {
				continue
			}
			plan.Columns = append(plan.Columns, report.Target{Mode: mode, Driver: driver})
		}
	}
	return plan
}

// list is a flag with some of the known values, separated by commas.
type list struct {
	values, known []string
}

func (l *list) String() string { return strings.Join(l.values, ",") }

func (l *list) Set(text string) error {
	values := strings.Split(text, ",")
	for _, value := range values {
		if !slices.Contains(l.known, value) {
			return fmt.Errorf("%q is none of %s", value, strings.Join(l.known, ", "))
		}
	}
	l.values = values
	return nil
}
