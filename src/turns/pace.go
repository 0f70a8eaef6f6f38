package turns

import (
	"context"
	"sync"
	"time"
)

// Pace is that of work which has no turn, but takes long, in steps: what precedes comes in between.
type Pace struct {
	turns *Turns
	// patience is how many times as long as it has worked it waits at most.
	patience int
	began    time.Time

	mu sync.Mutex
	// since is when it waited last, or began.
	since  time.Time
	waited time.Duration
}

// NewPace returns the pace of work that begins now, and waits for half of the time at most.
func (t *Turns) NewPace() *Pace { return t.newPace(1) }

func (t *Turns) newPace(patience int) *Pace {
	now := t.now()
	return &Pace{turns: t, patience: patience, began: now, since: now}
}

type paceKey struct{}

// WithPace returns a context whose work has that pace.
func WithPace(ctx context.Context, pace *Pace) context.Context {
	return context.WithValue(ctx, paceKey{}, pace)
}

// PaceOf returns the pace that work has, or nil.
func PaceOf(ctx context.Context) *Pace {
	pace, _ := ctx.Value(paceKey{}).(*Pace)
	return pace
}

// Step begins the next step. It waits while something precedes, but no longer than its patience is,
// nor than any work precedes. Steps may be short: that nothing precedes is soon found out.
func (p *Pace) Step(ctx context.Context) {
	if p == nil {
		return
	}
	few := p.turns.preceding.tooFew()
	if few == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	began := p.turns.now()
	worked := began.Sub(p.since)
	if worked < rude {
		return
	}
	await(ctx, few, min(time.Duration(p.patience)*worked, precedence))
	p.since = p.turns.now()
	p.waited += p.since.Sub(began)
}

// Worked is for how long it has not waited since it began, or since it waited last.
func (p *Pace) Worked() (all, lately time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.turns.now()
	return now.Sub(p.began) - p.waited, now.Sub(p.since)
}
