package changelog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	// logPage is how many changes one read of the log returns at most.
	logPage = 1000
	// tailTolerance is how many looks at the log may fail before CheckTail does. With the default
	// interval that is 10 s: one attempt to connect that times out is no reason to send clients
	// away.
	tailTolerance = 10
	// maxPollsSaved is how many looks at the log commits of this process may take the place of: a
	// look notices, too, that the database is in another place.
	maxPollsSaved = 4
)

var errNoAnswer = errors.New("the database does not answer")

// tail reads on in the log what other processes have committed, and gives it to the hub.
type tail struct {
	backend     driver.Backend
	hub         *hub
	readTimeout time.Duration

	mu sync.Mutex
	// Everything that was committed before upToDate has been handed out.
	upToDate time.Time
	saved    int   // polls since the last look at the log
	err      error // of that look
}

// follow reads what other processes committed, when woken and at each poll interval.
func (l *Log) follow(ctx context.Context) {
	poll := time.NewTimer(l.options.PollInterval)
	defer poll.Stop()
	progress := time.NewTicker(l.options.ProgressInterval)
	defer progress.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.hub.tail:
		case <-poll.C:
			rest := l.tail.savePoll(l.options.PollInterval)
			poll.Reset(cmp.Or(rest, l.options.PollInterval))
			if rest > 0 {
				continue
			}
		case <-progress.C:
			l.hub.progressAll()
			continue
		}
		err := l.despiteDivergence(ctx, func() error { return l.tail.catchUp(ctx) })
		switch {
		case ctx.Err() != nil:
			return
		case err == nil && failing:
			failing = false
			klog.InfoS("Following the log again", "engine", l.name)
		case err != nil && !failing:
			failing = true
			klog.ErrorS(err, "Can't follow the log, will keep trying", "engine", l.name)
		}
	}
}

// CheckTail fails if subscribers of this process may have heard of no other process' changes for
// longer than ten poll intervals, whatever the reason.
func (l *Log) CheckTail() error {
	age, err := l.tail.age(l.options.PollInterval)
	if age <= tailTolerance*l.options.PollInterval {
		return nil
	}
	if err == nil {
		err = errNoAnswer
	}
	return fmt.Errorf("watchers may have missed changes for %s: %w", age.Round(time.Millisecond), err)
}

// begin starts from current, the revision as read after begun, or starts anew there.
func (t *tail) begin(current int64, begun time.Time) {
	t.hub.reset(current)
	t.reached(begun)
}

// reached takes note that the end of the log was reached by a look at it that began then.
func (t *tail) reached(begun time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.upToDate, t.saved, t.err = begun, 0, nil
}

// committed takes note of a commit of this process that began then, and that has the revisions
// which follow those that were handed out: it shows as well as a look that nobody else's came
// between.
func (t *tail) committed(begun time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if begun.After(t.upToDate) {
		t.upToDate = begun
	}
}

// savePoll returns for how long there is no need to look at the log; 0 if there is.
func (t *tail) savePoll(interval time.Duration) (rest time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	rest = interval - time.Since(t.upToDate)
	if rest <= 0 || t.saved >= maxPollsSaved {
		return 0
	}
	t.saved++
	return rest
}

// catchUp reads the log up to its end. Only one goroutine does.
func (t *tail) catchUp(ctx context.Context) error {
	err := t.readOn(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = err
	return err
}

func (t *tail) readOn(ctx context.Context) error {
	for {
		begun := time.Now()
		more, err := t.readPage(ctx)
		if errors.Is(err, driver.ErrCompacted) {
			// This process was out of touch for longer than history is kept.
			current, err := t.currentRevision(ctx)
			if err != nil {
				return err
			}
			t.begin(current, begun)
			return nil
		}
		if err != nil {
			return err
		}
		if !more {
			t.reached(begun)
			return nil
		}
		// Without this nobody would know how much there is still to read.
		current, err := t.currentRevision(ctx)
		if err != nil {
			return err
		}
		t.hub.learn(current)
	}
}

// readPage hands out the next page of the log, and reports whether there may be another one.
func (t *tail) readPage(ctx context.Context) (more bool, err error) {
	after, _ := t.hub.revisions()
	events, through, err := t.read(ctx, after, logPage)
	if err != nil || through <= after {
		return false, err
	}
	again := t.hub.publishRead(after, through, events)
	return again || len(events) == logPage, nil
}

// read reads at most limit changes after a revision, and tells up to which one it has read.
func (t *tail) read(ctx context.Context, after int64, limit int) (events []*Event, through int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, t.readTimeout)
	defer cancel()
	changes, through, err := t.backend.Log(ctx, after, "", limit)
	if err != nil {
		return nil, 0, err
	}
	for _, change := range changes {
		events = append(events, &Event{Change: change})
	}
	return events, through, nil
}

func (t *tail) currentRevision(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, t.readTimeout)
	defer cancel()
	return t.backend.CurrentRevision(ctx)
}

// age is for how long there may have been changes that subscribers have not heard of. It is 0 as
// long as the next look at the log, one each interval, is not overdue, and grows until a look gets
// to the end of the log, whether looks fail, hang or have more to read than they manage. err is why
// the last look failed, if it did.
func (t *tail) age(interval time.Duration) (age time.Duration, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return max(0, time.Since(t.upToDate)-interval), t.err
}
