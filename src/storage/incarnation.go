package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"k8s.io/klog/v2"
)

// despiteDivergence reads, again if the database went back.
func (e *Engine) despiteDivergence(ctx context.Context, read func() error) error {
	return despiteDivergence(read, func() error { return e.startIncarnation(ctx) })
}

func despiteDivergence(read, start func() error) error {
	err := read()
	if errors.Is(err, ErrDiverged) {
		if err = start(); err == nil {
			err = read()
		}
	}
	return err
}

// startIncarnation goes on with a database that went back. All watches end with 410, as their revisions count as
// compacted, and watch caches are filled anew.
func (e *Engine) startIncarnation(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, e.options.CommitTimeout)
	defer cancel()
	incarnation, err := startIncarnation(ctx, e.backend, e.name)
	if err != nil || incarnation.Began == 0 {
		return err
	}
	e.incarnations.Add(1)
	if incarnation.Lost {
		e.losses.Add(1)
	}
	e.compacted.Store(incarnation.Began)
	return nil
}

// startIncarnation says loudly what it found; name is the engine's.
func startIncarnation(ctx context.Context, backend Backend, name string) (Incarnation, error) {
	incarnation, err := backend.StartIncarnation(ctx)
	if err != nil {
		return Incarnation{}, fmt.Errorf("going on with a database that went back: %w", err)
	}
	if incarnation.Began == 0 {
		return Incarnation{}, nil
	}
	details := []any{"engine", cmp.Or(name, backend.Name()), "seenRevision", incarnation.Seen, "foundRevision", incarnation.Found, "newRevision", incarnation.Began}
	if incarnation.Lost {
		klog.ErrorS(nil, "The database went back to an earlier state, as after a failover or when a backup was restored: writes that were acknowledged are lost. All clients list anew", details...)
	} else {
		klog.InfoS("The database is in another place, as after a failover or a move: nothing is missing that this process has seen. All clients list anew", details...)
	}
	return incarnation, nil
}
