package sqlite

import (
	"container/list"
	"sync"
	"time"
)

// reads knows since when each read in flight has been going on. The zero value has none.
type reads struct {
	mu sync.Mutex
	// begun are their times, in order.
	begun list.List
}

// begin takes note of a read, until end is called.
func (r *reads) begin() (end func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	read := r.begun.PushBack(time.Now())
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.begun.Remove(read)
	}
}

// longest is for how long the oldest of them has been going on; 0 if there are none.
func (r *reads) longest() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	oldest := r.begun.Front()
	if oldest == nil {
		return 0
	}
	return time.Since(oldest.Value.(time.Time))
}
