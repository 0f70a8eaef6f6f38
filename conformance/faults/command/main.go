// Command faults runs campaigns against servers that it starts, and breaks them. It is run by
// tools/faults, which builds what it needs first.
//
// Its exit status is 0 if nothing was found, 1 if something was, 2 if it could not tell.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

func main() {
	// What clients log of broken connections is recorded anyway.
	klog.SetLogger(logr.Discard())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	found, err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(2)
	case found:
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (found bool, err error) {
	o, err := parse(args)
	if err != nil {
		return false, err
	}
	if o.recording != "" {
		return again(o.recording)
	}
	return runAll(ctx, o)
}
