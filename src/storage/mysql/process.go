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
	// known is the newest revision whose commit is no news: all up to it were made by this process, or others have been told of them.
	known int64
}

// shouldBeat reports whether the others are to be told again that this process is there; the caller does so at once.
func (p *process) shouldBeat(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.beatAt) < beatInterval {
		return false
	}
	p.beatAt = now
	return true
}

// committed takes note that this process committed the revisions above before, up to last. If another one committed before that
// without our knowledge, its commits remain to be found.
func (p *process) committed(before, last int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if before == p.known {
		p.known = last
	}
}

// newestKnown is the newest revision that is no news.
func (p *process) newestKnown() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known
}

// isNews reports whether a log that ends at newest has something that is not known, and takes note of it. before is what was known
// before the log was looked at: one that ends below that is another one.
func (p *process) isNews(newest, before int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if newest >= before && newest <= p.known {
		return false
	}
	p.known = newest
	return true
}
