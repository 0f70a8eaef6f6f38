// Command verify runs the conformance suites in each way to run the server, and writes the
// verification report. It is run by tools/verify, which builds the programs that it needs first.
//
// It goes on when a suite fails, or an environment does not start: the report says so. Its exit
// status is 0 if all that it was asked to verify is verified, 1 if not, 2 if there is no report.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"ark.ai/apiserver/conformance/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	verified, err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "verify:", err)
		os.Exit(2)
	case !verified:
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (verified bool, err error) {
	options, err := parse(args)
	if err != nil {
		return false, err
	}
	plan := options.plan()
	if !options.reportOnly {
		if err := runAll(ctx, options, plan); err != nil {
			return false, err
		}
	}
	written, err := report.Load(options.output, plan)
	if err != nil {
		return false, err
	}
	if err := written.Write(options.output); err != nil {
		return false, err
	}
	fmt.Printf("\n%s\n%s\n%s\n", written.Matrix(), written.Verdict(), filepath.Join(options.output, "report.html"))
	return written.State == report.Passed || written.State == report.LeftOut, nil
}

// runAll runs every column of the plan.
func runAll(ctx context.Context, options options, plan report.Plan) (err error) {
	// Nothing of an earlier run may look like a result of this one.
	for _, target := range plan.Columns {
		if err := os.RemoveAll(filepath.Join(options.output, target.Folder())); err != nil {
			return err
		}
	}
	programs, err := build(ctx, plan)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, programs.remove()) }()
	for _, target := range plan.Columns {
		c, err := newColumn(options, target, programs)
		if err != nil {
			return err
		}
		if err := c.run(ctx, plan.Criteria); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
		// What an interrupt has left out is missing in the report, and red.
		if ctx.Err() != nil {
			return nil
		}
	}
	return nil
}
