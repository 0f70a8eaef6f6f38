package driver

import (
	"sync"
	"time"
)

// Entry identifies an entry of the log. The log of a database that lost its last commits, and went
// on from there, has the same revisions with other commit times.
type Entry struct {
	Revision    int64
	CommittedAt time.Time
}

// Newest is the newest entry of the log that a Backend has returned. The zero value is none.
type Newest struct {
	// AsItIs is set by a Backend that only reads, and takes a database as it finds it.
	AsItIs bool

	mu    sync.Mutex
	entry Entry
}

// Entry is the newest one so far.
func (n *Newest) Entry() Entry {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.entry
}

// SeeAfter takes note of an entry that a read returned, which found another one, seen, in the log.
// If more than that has been seen since, the log that was read may lack it: then it remains the
// newest, and the next operation looks for it.
func (n *Newest) SeeAfter(seen, entry Entry) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.entry == seen && entry.Revision > seen.Revision {
		n.entry = entry
	}
}

// Replace takes note of the entry that the log ends with, whatever it was before.
func (n *Newest) Replace(entry Entry) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.entry = entry
}

// See takes note of an entry.
func (n *Newest) See(entry Entry) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if entry.Revision > n.entry.Revision {
		n.entry = entry
	}
}
