package database

import (
	"context"
	"errors"
	"fmt"
	"io"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/transfer"
)

// CopyMode says what becomes of a copy.
type CopyMode struct {
	// Follow keeps it up to date until the context ends.
	Follow bool
	// Switch has it take the place of what it is a copy of, which is closed for good.
	Switch bool
}

// CopyTo copies the database to another one, or goes on with a copy that was begun.
func (o *Options) CopyTo(ctx context.Context, target *Options, mode CopyMode, out io.Writer, report Report) error {
	return o.withBackend(ctx, !mode.Switch, func(from driver.Backend) error {
		return target.withBackend(ctx, false, func(to driver.Backend) error {
			err := runCopy(ctx, from, to, mode, out, report)
			if errors.Is(err, transfer.ErrNotEmpty) {
				return fmt.Errorf("%s is not empty: choose another one", target)
			}
			return unrelated(target, err)
		})
	})
}

// Retire closes the database for good, as a switch does: something else has taken its place, and no
// server may write to it any more. Running servers answer with 503 from then on.
func (o *Options) Retire(ctx context.Context) error {
	return o.withBackend(ctx, false, func(backend driver.Backend) error { return driver.SetRole(ctx, backend, driver.Moved, 0) })
}

// FindLag tells how far the database is behind the one that it is a copy of.
func (o *Options) FindLag(ctx context.Context, original *Options) (lag transfer.Lag, err error) {
	err = original.withBackend(ctx, true, func(from driver.Backend) error {
		return o.withBackend(ctx, true, func(to driver.Backend) (err error) {
			lag, err = transfer.FindLag(ctx, from, to)
			if errors.Is(err, transfer.ErrNoCopy) {
				return fmt.Errorf("%s: %w", o, err)
			}
			return unrelated(o, err)
		})
	})
	return lag, err
}

// unrelated says which database is no copy of the other one, if an error is about that.
func unrelated(target *Options, err error) error {
	if errors.Is(err, transfer.ErrUnrelated) {
		return fmt.Errorf("%s: %w", target, err)
	}
	return err
}

func runCopy(ctx context.Context, from, to driver.Backend, mode CopyMode, out io.Writer, report Report) error {
	c, err := transfer.Begin(ctx, from, to, report)
	if err != nil {
		return err
	}
	if mode.Switch {
		revision, err := c.Switch(ctx)
		if err == nil {
			fmt.Fprintf(out, "switched at revision %d: start servers on the new database, where watches go on\n", revision)
		}
		return err
	}
	revision, err := c.CatchUp(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "copied up to revision %d\n", revision)
	if !mode.Follow {
		return nil
	}
	return c.Follow(ctx, func(err error) {
		if err != nil {
			klog.ErrorS(err, "The copy can't go on, will keep trying")
		} else {
			klog.InfoS("The copy goes on")
		}
	})
}
