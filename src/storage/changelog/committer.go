package changelog

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	// A batch is bounded so that one transaction stays short; at these sizes the cost of the commit
	// itself is already spread thin.
	maxBatchWrites = 256
	maxBatchBytes  = 4 << 20
)

// ErrConflict means that the precondition of a write did not hold.
var ErrConflict = errors.New("precondition of the write does not hold")

// committer puts writes that arrive while a commit is in flight together into the next one. It
// never waits for more of them to come.
type committer struct {
	backend driver.Backend
	hub     *hub
	// committed is called with the beginning of a commit that nobody else's came before.
	committed func(begun time.Time)
	timeout   time.Duration
	queue     chan *Submission
	closed    chan struct{}
	// name is the log's.
	name    string
	metrics *instruments
	// failing is true while the database does not take writes.
	failing atomic.Bool
}

// Submission is a write that waits for its outcome.
type Submission struct {
	driver.Write
	// PrevValue is the value at Write.Expected; it becomes the event's.
	PrevValue []byte
	// Share, if given, is called once the write is committed, before anybody hears of it; what it
	// returns becomes the event's Shared.
	Share func(revision int64) any

	// taken decides the race between the committer that takes the write and the caller that gives
	// up.
	taken atomic.Bool
	err   error
	done  chan struct{}
}

func newCommitter(backend driver.Backend, hub *hub, committed func(time.Time), timeout time.Duration) *committer {
	return &committer{
		backend:   backend,
		hub:       hub,
		committed: committed,
		timeout:   timeout,
		queue:     make(chan *Submission, maxBatchWrites),
		closed:    make(chan struct{}),
	}
}

// Submit has a write committed. Errors: ErrConflict if the precondition does not hold, the
// context's error if it ended first (the write may still be committed if it was in flight), those
// of Backend.Commit.
func (l *Log) Submit(ctx context.Context, s *Submission) error {
	l.expiries.add(s.ExpiresAt)
	return l.committer.submit(ctx, s)
}

func (c *committer) submit(ctx context.Context, s *Submission) error {
	s.done = make(chan struct{})
	select {
	case c.queue <- s:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closed:
		return driver.ErrUnavailable
	}
	select {
	case <-s.done:
		return s.err
	case <-ctx.Done():
		s.taken.CompareAndSwap(false, true)
		return ctx.Err()
	case <-c.closed:
		// The committer finished what it had taken before it closed.
		if s.taken.CompareAndSwap(false, true) {
			return driver.ErrUnavailable
		}
		<-s.done
		return s.err
	}
}

// run commits until ctx ends.
func (c *committer) run(ctx context.Context) {
	defer close(c.closed)
	var held []*Submission
	for {
		batch, rest, ok := c.gather(ctx, held)
		if !ok {
			return
		}
		held = rest
		c.commit(ctx, batch)
	}
}

// gather waits for a write and takes all others that are there. A second write to a key is held for
// the next batch: its precondition may depend on the first.
func (c *committer) gather(ctx context.Context, held []*Submission) (batch, rest []*Submission, ok bool) {
	keys := make(map[string]struct{})
	bytes := 0
	add := func(s *Submission) {
		if _, twice := keys[s.Key]; twice {
			rest = append(rest, s)
			return
		}
		if !s.taken.CompareAndSwap(false, true) {
			return // its caller gave up
		}
		keys[s.Key] = struct{}{}
		bytes += len(s.Value)
		batch = append(batch, s)
	}
	for _, s := range held {
		add(s)
	}
	for len(batch) == 0 {
		select {
		case s := <-c.queue:
			add(s)
		case <-ctx.Done():
			return nil, nil, false
		}
	}
	// Writers that the last commit released are about to submit again: let those that can run do
	// so.
	runtime.Gosched()
	for len(batch)+len(rest) < maxBatchWrites && bytes < maxBatchBytes {
		select {
		case s := <-c.queue:
			add(s)
		default:
			return batch, rest, true
		}
	}
	return batch, rest, true
}

// commit has the batch committed, tells the watchers, then the writers.
func (c *committer) commit(ctx context.Context, batch []*Submission) {
	writes := make([]driver.Write, len(batch))
	for i, s := range batch {
		writes[i] = s.Write
	}
	// A commit in flight is brought to its end even while the engine stops.
	commitCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	start := time.Now()
	revisions, err := c.backend.Commit(commitCtx, writes)
	cancel()
	c.metrics.observeCommit(c.name, len(batch), err, start)
	c.noteOutage(err)

	if err != nil && len(batch) > 1 && !errors.Is(err, driver.ErrUnknownOutcome) && !errors.Is(err, driver.ErrUnavailable) {
		// One write may be to blame. Alone, each gets its own outcome.
		for _, s := range batch {
			c.commit(ctx, []*Submission{s})
		}
		return
	}
	if err != nil {
		for _, s := range batch {
			s.finish(err)
		}
		wake(c.hub.tail) // it may have been committed
		return
	}
	if c.hub.publishOwn(ownEvents(batch, revisions)) {
		c.committed(start)
	}
	for i, s := range batch {
		if revisions[i] == 0 {
			s.finish(ErrConflict)
		} else {
			s.finish(nil)
		}
	}
}

// noteOutage says when the database ceases to take writes, and when it does again. An error for
// which the write itself is to blame is an answer of a database that works.
func (c *committer) noteOutage(err error) {
	failing := errors.Is(err, driver.ErrUnavailable) || errors.Is(err, driver.ErrUnknownOutcome) || errors.Is(err, context.DeadlineExceeded)
	switch failed := c.failing.Swap(failing); {
	case failing && !failed:
		klog.ErrorS(err, "The database takes no writes", "engine", c.name)
	case !failing && failed:
		klog.InfoS("The database takes writes again", "engine", c.name)
	}
}

func ownEvents(batch []*Submission, revisions []int64) []*Event {
	events := make([]*Event, 0, len(batch))
	for i, s := range batch {
		if revisions[i] == 0 {
			continue
		}
		e := &Event{Change: driver.Change{
			Key:          s.Key,
			Revision:     revisions[i],
			Deleted:      s.Delete,
			PrevRevision: s.Expected,
			PrevValue:    s.PrevValue,
		}}
		if !s.Delete {
			e.Value = s.Value
		}
		if s.Share != nil {
			e.Shared = s.Share(revisions[i])
		}
		events = append(events, e)
	}
	return events
}

func (s *Submission) finish(err error) {
	s.err = err
	close(s.done)
}
