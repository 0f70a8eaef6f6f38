package storage

import (
	"sync"
	"time"
)

// Entry identifies an entry of the log. The log of a database that lost its last commits, and went on from there, has
// the same revisions with other commit times.
type Entry struct {
	Revision    int64
	CommittedAt time.Time
}

// Newest is the newest entry of the log that a Backend has returned. The zero value is none.
type Newest struct {
	mu    sync.Mutex
	entry Entry
}

// Entry is the newest one so far.
func (n *Newest) Entry() Entry {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.entry
}

// See takes note of an entry.
func (n *Newest) See(entry Entry) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if entry.Revision > n.entry.Revision {
		n.entry = entry
	}
}
