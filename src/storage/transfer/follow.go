package transfer

import (
	"context"
	"errors"
	"sync"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// pollInterval is how often a copy looks for what is new without having been told.
const pollInterval = time.Second

// Follow keeps the copy up to date until ctx ends, which is no error. Outages of either database
// are waited for; noteOutage is called when one begins, and with nil when it is over.
func (c *Copy) Follow(ctx context.Context, noteOutage func(error)) error {
	news := make(chan struct{}, 1)
	listening, stop := context.WithCancel(ctx)
	var listener sync.WaitGroup
	defer func() { stop(); listener.Wait() }()
	listener.Go(func() {
		c.from.Listen(listening, func() {
			select {
			case news <- struct{}{}:
			default:
			}
		})
	})
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	failing := false
	for {
		var err error
		if failing {
			err = c.resume(ctx)
		}
		if err == nil {
			_, err = c.CatchUp(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, driver.ErrDiverged) || err != nil && !errors.Is(err, driver.ErrUnavailable):
			return err
		case (err != nil) != failing:
			failing = err != nil
			noteOutage(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-news:
		case <-poll.C:
		}
	}
}

// resume finds out where the copy is, after an import whose outcome may be unknown.
func (c *Copy) resume(ctx context.Context) error {
	again, err := Begin(ctx, c.from, c.to, c.report)
	if err != nil {
		return err
	}
	again.progress = c.progress
	*c = *again
	return nil
}

// Switch has the copy take the other database's place: that one is closed for good, at the revision
// that the copy has, and the copy stands for itself, with the same history. Servers of the other
// one, if any go on, can't write from then on.
func (c *Copy) Switch(ctx context.Context) (revision int64, err error) {
	for {
		if _, err := c.CatchUp(ctx); err != nil {
			return 0, err
		}
		err := c.from.Import(ctx, driver.Import{After: c.newest.Revision, Role: driver.Moved})
		if err == nil {
			break
		}
		if !errors.Is(err, driver.ErrDiverged) {
			return 0, err
		}
	}
	return c.newest.Revision, c.setRole(ctx, driver.Original)
}
