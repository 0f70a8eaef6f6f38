package turns

import (
	"context"
	"sync"
	"time"
)

const (
	// patience is how many times as long as it has worked a turn makes way.
	patience = 4
	// precedence is for how long one piece of work has turns make way at most.
	precedence = 100 * time.Millisecond
)

// preceding is the work that turns make way for.
type preceding struct {
	mu      sync.Mutex
	pieces  int
	nothing chan struct{} // closed when there is none; nil while there is none
}

// Precede has turns make way for work that is short, such as a write, until it has ended. Turns go
// on all the same after a tenth of a second, and are left a fifth of the time whatever precedes.
func (t *Turns) Precede() (end func()) {
	p := &t.preceding
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pieces++; p.pieces == 1 {
		p.nothing = make(chan struct{})
	}
	once := sync.OnceFunc(p.end)
	late := time.AfterFunc(precedence, once)
	return func() {
		late.Stop()
		once()
	}
}

func (p *preceding) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pieces--; p.pieces == 0 {
		close(p.nothing)
		p.nothing = nil
	}
}

// waiting is nil if nothing precedes.
func (p *preceding) waiting() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nothing
}

// makeWay waits while something precedes, which is not counted as work. worked is for how long the
// turn has worked since the last time.
func (turn *Turn) makeWay(ctx context.Context, worked time.Duration) {
	nothing := turn.turns.preceding.waiting()
	if nothing == nil {
		return
	}
	waited := turn.turns.now()
	limit := time.NewTimer(patience * worked)
	defer limit.Stop()
	select {
	case <-nothing:
	case <-limit.C:
	case <-ctx.Done():
	}
	turn.began = turn.began.Add(turn.turns.now().Sub(waited))
}
