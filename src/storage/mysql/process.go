package mysql

import (
	"sync"
	"time"
)

// process is one of those that use the database.
type process struct {
	id [16]byte

	mu sync.Mutex
	// beatAt is when it said last that it is there.
	beatAt time.Time
	// known is the newest revision whose commit is no news: all up to it were made by this process,
	// or others have been told of them.
	known int64
	// missed is set if another process committed something that is not told yet, although known is
	// above it.
	missed bool
	// committing is set while a commit is under way: the log may have it before known does.
	committing bool
}

// shouldBeat reports whether the others are to be told again that this process is there; the caller
// does so at once.
func (p *process) shouldBeat(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.beatAt) < beatInterval {
		return false
	}
	p.beatAt = now
	return true
}

// begin takes note that a commit is under way, until end.
func (p *process) begin() { p.setCommitting(true) }

func (p *process) end() { p.setCommitting(false) }

func (p *process) setCommitting(is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.committing = is
}

// committed takes note that this process committed the revisions above before, up to last.
func (p *process) committed(before, last int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missed = p.missed || before > p.known
	p.known = max(p.known, last)
}

// newestKnown is the newest revision that is no news.
func (p *process) newestKnown() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known
}

// isNews reports whether a log that ends at newest has something that is not known, and takes note
// of it. before is what was known before the log was looked at: one that ends below that is another
// one.
func (p *process) isNews(newest, before int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case newest < before:
		p.known = newest
	case p.missed, newest > p.known && !p.committing: // Else it may be too early to tell.
		p.known = max(p.known, newest)
	default:
		return false
	}
	p.missed = false
	return true
}
