package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/faults/campaign"
)

type options struct {
	drivers, faults []string
	seed            int64
	duration        time.Duration
	output          string
	recording       string
}

func parse(args []string) (options, error) {
	o := options{}
	flags := flag.NewFlagSet("tools/faults", flag.ContinueOnError)
	drivers := flags.String("driver", strings.Join(environment.Drivers, ","), "databases, separated by commas")
	faults := flags.String("faults", "", "faults to inject, separated by commas; by default all of a database but those that are only injected if they are asked for")
	flags.Int64Var(&o.seed, "seed", rand.Int64N(1_000_000), "decides what happens; the campaigns that follow the first have the numbers after it")
	flags.DurationVar(&o.duration, "for", 0, "how long to begin further campaigns, by default one on each database")
	flags.StringVar(&o.output, "output", ".cache/faults", "folder for recordings, logs and figures.json")
	flags.StringVar(&o.recording, "recording", "", "run nothing, only judge a recording")
	usage := flags.Usage
	flags.Usage = func() {
		usage()
		fmt.Fprintf(flags.Output(), "Faults:\n%s", campaign.Describe())
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	for driver := range strings.SplitSeq(*drivers, ",") {
		if !slices.Contains(environment.Drivers, driver) {
			return o, fmt.Errorf("driver %q must be one of %s", driver, strings.Join(environment.Drivers, ", "))
		}
		o.drivers = append(o.drivers, driver)
	}
	if *faults != "" {
		o.faults = strings.Split(*faults, ",")
		slices.Sort(o.faults)
	}
	return o, nil
}

// of is what to inject on a driver.
func (o options) of(driver string) []string {
	if o.faults != nil {
		return o.faults
	}
	return campaign.Faults(driver)
}
