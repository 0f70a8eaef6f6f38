package changelog

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

// despiteDivergence reads, again if the database went back.
func (l *Log) despiteDivergence(ctx context.Context, read func() error) error {
	return despiteDivergence(read, func() error { return l.startIncarnation(ctx) })
}

func despiteDivergence(read, start func() error) error {
	err := read()
	if errors.Is(err, driver.ErrDiverged) {
		if err = start(); err == nil {
			err = read()
		}
	}
	return err
}

// startIncarnation goes on with a database that went back. All watches end with 410, as their
// revisions count as compacted, and watch caches are filled anew.
func (l *Log) startIncarnation(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.options.CommitTimeout)
	defer cancel()
	incarnation, err := startIncarnation(ctx, l.backend, l.name)
	if err != nil || incarnation.Began == 0 {
		return err
	}
	l.incarnations.Add(1)
	if incarnation.Lost {
		l.losses.Add(1)
	}
	l.compacted.Store(incarnation.Began)
	return nil
}

// startIncarnation says loudly what it found; name is the engine's.
func startIncarnation(ctx context.Context, backend driver.Backend, name string) (driver.Incarnation, error) {
	incarnation, err := backend.StartIncarnation(ctx)
	if err != nil {
		return driver.Incarnation{}, fmt.Errorf("going on with a database that went back: %w", err)
	}
	if incarnation.Began == 0 {
		return driver.Incarnation{}, nil
	}
	details := []any{"engine", cmp.Or(name, backend.Name()), "seenRevision", incarnation.Seen, "foundRevision", incarnation.Found, "newRevision", incarnation.Began}
	if incarnation.Lost {
		klog.ErrorS(nil, "The database went back to an earlier state, as after a failover or when a backup was restored: writes that were acknowledged are lost. All clients list anew", details...)
	} else {
		klog.InfoS("The database is in another place, as after a failover or a move: nothing is missing that this process has seen. All clients list anew", details...)
	}
	return incarnation, nil
}

// RaiseAbove has revisions go on far above floor, and all that was before count as compacted, as
// with a database that was moved: for clients that come with revisions of another one. It returns
// the first of the new revisions.
func (l *Log) RaiseAbove(ctx context.Context, floor int64) (revision int64, err error) {
	if err := driver.SetRole(ctx, l.backend, driver.Copied, floor); err != nil {
		return 0, err
	}
	if err := l.startIncarnation(ctx); err != nil {
		return 0, err
	}
	return l.backend.CompactRevision(ctx)
}
