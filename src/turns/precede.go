package turns

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// patience is how many times as long as it has worked a turn makes way.
	patience = 4
	// precedence is for how long one piece of work has turns make way at most.
	precedence = 100 * time.Millisecond
	// lull is for how long after a piece of work the next one is expected. What comes while turns
	// are at work shares the processors, and the garbage collector, with them at first.
	lull = 25 * time.Millisecond
	// burst is for how long requests, all of them, work in any burstEvery as if nothing were
	// expected: on a busy server one list now and then does not take five times as long.
	burst      = 200 * time.Millisecond
	burstEvery = 20 * time.Second
)

// preceding is the work that turns make way for: as many pieces as there are turns, since there are
// as many other processors.
type preceding struct {
	mu     sync.Mutex
	pieces int
	lately int           // pieces, and those that ended less than a lull ago
	few    chan struct{} // closed when the pieces are too few to make way for; nil if they are
	bursts *rate.Limiter // its events are nanoseconds of work
}

func newBursts() *rate.Limiter {
	return rate.NewLimiter(rate.Limit(burst)/rate.Limit(burstEvery.Seconds()), int(burst))
}

// Precede has turns make way for work that is short, such as a write, until it has ended, and
// requests for a moment longer. Turns go on all the same after a tenth of a second, and are left a
// fifth of the time whatever precedes.
func (t *Turns) Precede() (end func()) {
	p := &t.preceding
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lately++
	if p.pieces++; p.few == nil && p.pieces >= t.number() {
		p.few = make(chan struct{})
	}
	once := sync.OnceFunc(t.endPreceding)
	late := time.AfterFunc(precedence, once)
	return func() {
		late.Stop()
		once()
	}
}

// tooFew returns what is closed when there are too few pieces to make way for: nil if there are.
func (p *preceding) tooFew() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.few
}

func (t *Turns) endPreceding() {
	p := &t.preceding
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pieces--; p.few != nil && p.pieces < t.number() {
		close(p.few)
		p.few = nil
	}
	time.AfterFunc(lull, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.lately--
	})
}

// MakeWay waits while something precedes that kind of work, which it has done for some time since
// it waited last, but for no longer than four times that.
func (t *Turns) MakeWay(ctx context.Context, kind Kind, worked time.Duration) {
	if until, precedes := t.precedes(kind, worked); precedes {
		await(ctx, until, patience*worked)
	}
}

// await waits until something is closed, but no longer than that.
func await(ctx context.Context, until <-chan struct{}, longest time.Duration) {
	limit := time.NewTimer(longest)
	defer limit.Stop()
	select {
	case <-until:
	case <-limit.C:
	case <-ctx.Done():
	}
}

// precedes reports whether to make way, and until when at the latest: nil is for as long as may be.
func (t *Turns) precedes(kind Kind, worked time.Duration) (until <-chan struct{}, yes bool) {
	p := &t.preceding
	inBurst := kind != Request || p.bursts.AllowN(t.now(), int(min(worked, burst)))
	p.mu.Lock()
	defer p.mu.Unlock()
	if !inBurst && p.lately >= t.number() {
		return nil, true
	}
	return p.few, p.few != nil
}

// makeWay is MakeWay for a turn: to wait is not to work.
func (turn *Turn) makeWay(ctx context.Context, worked time.Duration) {
	t := turn.turns
	began := t.now()
	t.MakeWay(ctx, turn.kind, worked)
	turn.began = turn.began.Add(t.now().Sub(began))
}
