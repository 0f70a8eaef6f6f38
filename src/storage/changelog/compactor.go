package changelog

import (
	"context"
	"fmt"
	"time"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	// minHistory is how many bytes of history there may be by default, however little is stored.
	minHistory = 1 << 30
	// historyFactor is how much history there may be by default, as a multiple of what is stored.
	historyFactor = 4
	// lowDisk is how much of the disk may be free until history is looked at each time that is
	// measured.
	lowDisk = 256 << 20
	// minHistoryLowDisk is what history may have on a disk that is full.
	minHistoryLowDisk = 1 << 20
)

// compactPeriodically keeps CompactionWindow of history, if that is no more than HistoryBytes and
// the disk allow. It looks when much was written, too.
func (l *Log) compactPeriodically(ctx context.Context) {
	l.every(ctx, l.options.CompactionInterval, l.hub.muchWritten, "Can't compact, will try again", func(ctx context.Context) error {
		err := l.compactBefore(ctx, time.Now().Add(-l.options.CompactionWindow))
		if err == nil {
			err = l.compactBeyond(ctx)
		}
		return err
	})
}

// compactBeyond drops the history beyond HistoryBytes.
func (l *Log) compactBeyond(ctx context.Context) error {
	limit, err := l.historyLimit(ctx)
	if err != nil {
		return fmt.Errorf("measuring what is stored: %w", err)
	}
	target, err := l.backend.RevisionBeyond(ctx, limit)
	if err != nil {
		return fmt.Errorf("looking for the revision to compact to: %w", err)
	}
	if target <= l.compacted.Load() {
		return nil
	}
	if err := l.Compact(ctx, target); err != nil {
		return fmt.Errorf("compacting to revision %d: %w", target, err)
	}
	l.shortened.Add(1)
	klog.InfoS("More was written than history may hold: watches and paged lists can't go on from as far back as usual", "engine", l.name, "bytes", limit, "window", l.options.CompactionWindow)
	return nil
}

// historyLimit is how many bytes history may have: no more than the disk has left, if that is
// known.
func (l *Log) historyLimit(ctx context.Context) (int64, error) {
	limit, err := l.historyLimitByDefault(ctx)
	if local, ok := l.backend.(driver.DiskBackend); ok && err == nil {
		disk, err := local.Disk()
		return min(limit, max(disk.Free, minHistoryLowDisk)), err
	}
	return limit, err
}

func (l *Log) historyLimitByDefault(ctx context.Context) (int64, error) {
	if l.options.HistoryBytes > 0 {
		return l.options.HistoryBytes, nil
	}
	size, err := l.backend.Size(ctx)
	if err != nil || size <= minHistory {
		return minHistory, err // To count what is stored takes a while where there is much.
	}
	stored, err := l.backend.Stats(ctx, "/")
	return max(minHistory, historyFactor*stored.Bytes), err
}

// compactBefore drops the history from before t.
func (l *Log) compactBefore(ctx context.Context, t time.Time) error {
	target, err := l.revisionBefore(ctx, t)
	if err != nil {
		return fmt.Errorf("looking for the revision to compact to: %w", err)
	}
	if err := l.Compact(ctx, target); err != nil {
		return fmt.Errorf("compacting to revision %d: %w", target, err)
	}
	return nil
}

// Compact drops history up to revision at once, without regard to the window. It also takes note of
// what other processes have compacted.
func (l *Log) Compact(ctx context.Context, revision int64) error {
	start := time.Now()
	if revision > l.compacted.Load() {
		if err := l.backend.Compact(ctx, revision); err != nil {
			return err
		}
	}
	compacted, err := l.backend.CompactRevision(ctx)
	if err != nil {
		return err
	}
	if previous := l.compacted.Swap(compacted); previous != compacted {
		l.hub.forget(compacted)
		klog.V(2).InfoS("Compacted", "engine", l.name, "revision", compacted, "duration", time.Since(start))
	}
	return nil
}

// revisionBefore finds the newest revision that was committed before t, or 0. Commit times ascend
// with revisions (as far as the clocks of replicas agree, which is all that a window needs), so
// this is a binary search.
func (l *Log) revisionBefore(ctx context.Context, t time.Time) (int64, error) {
	high, err := l.backend.CurrentRevision(ctx)
	if err != nil {
		return 0, err
	}
	low := l.compacted.Load()
	for low < high {
		middle := low + (high-low+1)/2
		committed, err := l.backend.CommitTime(ctx, middle)
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
