package storage

import (
	"context"
	"sync"
)

// atOnce is how many watches of one user read what they begin with at the same time. Each holds
// objects meanwhile, and nothing else limits watches that were accepted.
const atOnce = 2

// entrance lets a few of each user's requests in at a time.
type entrance struct {
	mu    sync.Mutex
	users map[string]*queued
}

type queued struct {
	inside chan struct{}
	known  int // inside or waiting
}

// enter waits until the user has room. leave gives it back.
func (e *entrance) enter(ctx context.Context, user string) (leave func(), err error) {
	e.mu.Lock()
	q := e.users[user]
	if q == nil {
		if e.users == nil {
			e.users = make(map[string]*queued)
		}
		q = &queued{inside: make(chan struct{}, atOnce)}
		e.users[user] = q
	}
	q.known++
	e.mu.Unlock()
	forget := func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if q.known--; q.known == 0 {
			delete(e.users, user)
		}
	}
	select {
	case q.inside <- struct{}{}:
		return func() { <-q.inside; forget() }, nil
	case <-ctx.Done():
		forget()
		return nil, ctx.Err()
	}
}
