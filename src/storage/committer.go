package storage

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"
)

const (
	// A batch is bounded so that one transaction stays short; at these sizes the cost of the commit
	// itself is already spread thin.
	maxBatchWrites = 256
	maxBatchBytes  = 4 << 20
)

var errConflict = errors.New("precondition of the write does not hold")

// committer puts writes that arrive while a commit is in flight together into the next one. It never
// waits for more of them to come.
type committer struct {
	backend Backend
	hub     *hub
	timeout time.Duration
	queue   chan *submission
	closed  chan struct{}
	// name is the engine's.
	name string
	// failing is true while the database does not take writes.
	failing atomic.Bool
}

// submission is a write that waits for its outcome.
type submission struct {
	Write
	prev previousValue
	// decoded has the objects of the event, as far as the writer has them anyway.
	decoded decodedEvent
	owner   *store
	// taken decides the race between the committer that takes the write and the caller that gives up.
	taken atomic.Bool
	err   error
	done  chan struct{}
}

// previousValue is what a write replaces: the value at Write.Expected. It becomes the event's PrevValue.
type previousValue struct {
	value []byte
	// plain is true if value is as the codec wrote it, without encryption at rest.
	plain bool
}

func newCommitter(backend Backend, hub *hub, timeout time.Duration) *committer {
	return &committer{
		backend: backend,
		hub:     hub,
		timeout: timeout,
		queue:   make(chan *submission, maxBatchWrites),
		closed:  make(chan struct{}),
	}
}

// submit has write committed. Errors: errConflict if the precondition does not
// hold, the context's error if it ended first (the write may still be committed if it was in flight),
// those of Backend.Commit.
func (c *committer) submit(ctx context.Context, s *submission) error {
	s.done = make(chan struct{})
	select {
	case c.queue <- s:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.closed:
		return ErrUnavailable
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
			return ErrUnavailable
		}
		<-s.done
		return s.err
	}
}

// run commits until ctx ends.
func (c *committer) run(ctx context.Context) {
	defer close(c.closed)
	var held []*submission
	for {
		batch, rest, ok := c.gather(ctx, held)
		if !ok {
			return
		}
		held = rest
		c.commit(ctx, batch)
	}
}

// gather waits for a write and takes all others that are there. A second write to a key is held for the
// next batch: its precondition may depend on the first.
func (c *committer) gather(ctx context.Context, held []*submission) (batch, rest []*submission, ok bool) {
	keys := make(map[string]struct{})
	bytes := 0
	add := func(s *submission) {
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
	// Writers that the last commit released are about to submit again: let those that can run do so.
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
func (c *committer) commit(ctx context.Context, batch []*submission) {
	writes := make([]Write, len(batch))
	for i, s := range batch {
		writes[i] = s.Write
	}
	// A commit in flight is brought to its end even while the engine stops.
	commitCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	start := time.Now()
	revisions, err := c.backend.Commit(commitCtx, writes)
	cancel()
	observeCommit(c.name, len(batch), err, start)
	c.noteOutage(err)

	if err != nil && len(batch) > 1 && !errors.Is(err, ErrUnknownOutcome) && !errors.Is(err, ErrUnavailable) {
		// One write may be to blame. Alone, each gets its own outcome.
		for _, s := range batch {
			c.commit(ctx, []*submission{s})
		}
		return
	}
	if err != nil {
		for _, s := range batch {
			s.finish(err)
		}
		c.hub.wakeTail() // it may have been committed
		return
	}
	c.hub.publishOwn(ownEvents(batch, revisions))
	for i, s := range batch {
		if revisions[i] == 0 {
			s.finish(errConflict)
		} else {
			s.finish(nil)
		}
	}
}

// noteOutage says when the database ceases to take writes, and when it does again. An error for which the
// write itself is to blame is an answer of a database that works.
func (c *committer) noteOutage(err error) {
	failing := errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnknownOutcome) || errors.Is(err, context.DeadlineExceeded)
	switch failed := c.failing.Swap(failing); {
	case failing && !failed:
		klog.ErrorS(err, "The database takes no writes", "engine", c.name)
	case !failing && failed:
		klog.InfoS("The database takes writes again", "engine", c.name)
	}
}

func ownEvents(batch []*submission, revisions []int64) []*event {
	events := make([]*event, 0, len(batch))
	for i, s := range batch {
		if revisions[i] == 0 {
			continue
		}
		s.stamp(revisions[i])
		e := &event{
			Change: Change{
				Key:          s.Key,
				Revision:     revisions[i],
				Deleted:      s.Delete,
				PrevRevision: s.Expected,
				PrevValue:    s.prev.value,
			},
			prevPlain: s.prev.plain,
		}
		if s.owner != nil && s.owner.plaintext {
			e.owner, e.decoded = s.owner, s.decoded
		}
		if !s.Delete {
			e.Value = s.Value
		}
		events = append(events, e)
	}
	return events
}

// stamp gives the event's objects their revision. Nobody else has them yet.
func (s *submission) stamp(revision int64) {
	if s.decoded.hasObject {
		s.decoded.objectErr = s.owner.versioner.UpdateObject(s.decoded.object, uint64(revision))
	}
	if s.decoded.hasPrev {
		s.decoded.prevErr = s.owner.versioner.UpdateObject(s.decoded.prev, uint64(revision))
	}
}

func (s *submission) finish(err error) {
	s.err = err
	close(s.done)
}
