package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/klog/v2"
)

// compactPeriodically keeps CompactionWindow of history.
func (e *Engine) compactPeriodically(ctx context.Context) {
	ticker := time.NewTicker(e.options.CompactionInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := e.compactBefore(ctx, time.Now().Add(-e.options.CompactionWindow))
		if err != nil && ctx.Err() == nil && !errors.Is(err, ErrUnavailable) {
			klog.ErrorS(err, "Can't compact, will try again", "engine", e.name)
		}
	}
}

// compactBefore drops the history from before t.
func (e *Engine) compactBefore(ctx context.Context, t time.Time) error {
	target, err := e.revisionBefore(ctx, t)
	if err != nil {
		return fmt.Errorf("looking for the revision to compact to: %w", err)
	}
	if err := e.Compact(ctx, target); err != nil {
		return fmt.Errorf("compacting to revision %d: %w", target, err)
	}
	return nil
}

// Compact drops history up to revision at once, without regard to the window. It also takes note of what
// other processes have compacted.
func (e *Engine) Compact(ctx context.Context, revision int64) error {
	start := time.Now()
	if revision > e.compacted.Load() {
		if err := e.backend.Compact(ctx, revision); err != nil {
			return err
		}
	}
	compacted, err := e.backend.CompactRevision(ctx)
	if err != nil {
		return err
	}
	if previous := e.compacted.Swap(compacted); previous != compacted {
		e.hub.forget(compacted)
		klog.V(2).InfoS("Compacted", "engine", e.name, "revision", compacted, "duration", time.Since(start))
	}
	return nil
}

// revisionBefore finds the newest revision that was committed before t, or 0. Commit times ascend with
// revisions (as far as the clocks of replicas agree, which is all that a window needs), so this is a
// binary search.
func (e *Engine) revisionBefore(ctx context.Context, t time.Time) (int64, error) {
	high, err := e.backend.CurrentRevision(ctx)
	if err != nil {
		return 0, err
	}
	low := e.compacted.Load()
	for low < high {
		middle := low + (high-low+1)/2
		committed, err := e.backend.CommitTime(ctx, middle)
		if err != nil {
			return 0, err
		}
		if committed.Before(t) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low, nil
}
