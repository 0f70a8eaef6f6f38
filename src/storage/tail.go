package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/klog/v2"
)

const (
	// logPage is how many changes one read of the log returns at most.
	logPage = 1000
	// tailTolerance is how many looks at the log may fail before CheckTail does. With the default interval
	// that is 10 s: one attempt to connect that times out is no reason to send clients away.
	tailTolerance = 10
)

var errNoAnswer = errors.New("the database does not answer")

// listen wakes the tail when another process commits.
func (e *Engine) listen(ctx context.Context) {
	e.backend.Listen(ctx, e.hub.wakeTail)
}

// follow reads what other processes committed, when woken and at each poll interval.
func (e *Engine) follow(ctx context.Context) {
	poll := time.NewTicker(e.options.PollInterval)
	defer poll.Stop()
	progress := time.NewTicker(e.options.ProgressInterval)
	defer progress.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.hub.tailWake:
		case <-poll.C:
		case <-progress.C:
			e.hub.progressAll()
			continue
		}
		err := e.despiteDivergence(ctx, func() error { return e.hub.catchUp(ctx) })
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && failing:
			failing = false
			klog.InfoS("Following the log again", "engine", e.name)
		case err != nil && !failing:
			failing = true
			klog.ErrorS(err, "Can't follow the log, will keep trying", "engine", e.name)
		}
	}
}

// CheckTail fails if watchers of this process may have heard of no other process' changes for longer than ten
// poll intervals, whatever the reason.
func (e *Engine) CheckTail() error {
	_, lag, err := e.hub.lag()
	if lag <= tailTolerance*e.options.PollInterval {
		return nil
	}
	if err == nil {
		err = errNoAnswer
	}
	return fmt.Errorf("watchers may have missed changes for %s: %w", lag.Round(time.Millisecond), err)
}

// catchUp reads the log up to its end. Only one goroutine does.
func (h *hub) catchUp(ctx context.Context) error {
	err := h.readOn(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tailError = err
	return err
}

func (h *hub) readOn(ctx context.Context) error {
	for {
		begun := time.Now()
		more, err := h.readPage(ctx)
		if errors.Is(err, ErrCompacted) {
			// This process was out of touch for longer than history is kept.
			current, err := h.currentRevision(ctx)
			if err != nil {
				return err
			}
			h.reset(current, begun)
			return nil
		}
		if err != nil {
			return err
		}
		if !more {
			h.mu.Lock()
			h.upToDate = begun
			h.mu.Unlock()
			return nil
		}
		// Without this nobody would know how much there is still to read.
		current, err := h.currentRevision(ctx)
		if err != nil {
			return err
		}
		h.mu.Lock()
		h.know(current)
		h.mu.Unlock()
	}
}

// readPage hands out the next page of the log, and reports whether there may be another one.
func (h *hub) readPage(ctx context.Context) (more bool, err error) {
	h.mu.Lock()
	after := h.head
	h.mu.Unlock()
	events, through, err := h.readLog(ctx, after, logPage)
	if err != nil || through <= after {
		return false, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.publish(events)
	return len(events) == logPage, nil
}

// readLog reads at most limit changes after a revision, and tells up to which one it has read.
func (h *hub) readLog(ctx context.Context, after int64, limit int) (events []*event, through int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, h.options.ReadTimeout)
	defer cancel()
	changes, through, err := h.backend.Log(ctx, after, "", limit)
	if err != nil {
		return nil, 0, err
	}
	for _, change := range changes {
		events = append(events, &event{Change: change})
	}
	return events, through, nil
}

func (h *hub) currentRevision(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, h.options.ReadTimeout)
	defer cancel()
	return h.backend.CurrentRevision(ctx)
}

// lag is how far watchers are behind the database: by how many revisions that are known of, and for how
// long there may have been others. It is 0 as long as the next look at the log is not overdue, and grows
// until a look gets to the end of the log, whether looks fail, hang or have more to read than they manage.
// err is why the last look failed, if it did.
func (h *hub) lag() (revisions int64, age time.Duration, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.known - h.head, max(0, time.Since(h.upToDate)-h.options.PollInterval), h.tailError
}
