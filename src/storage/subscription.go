package storage

import (
	"context"
	"errors"
	"strings"
)

// maxQueued is how many changes wait for a watcher before it is left to read them from the window or the
// database by itself.
const maxQueued = 1000

var errClosed = errors.New("storage is closed")

// subscription is a watcher's place in the log. It gets every change below its key with a revision above
// the one it started from, in order, each once. Whoever reads slowly is not waited for: changes that do
// not fit its queue are read from the log when it gets to them.
type subscription struct {
	hub   *hub
	group string
	match func(key string) bool
	// key is what all matching keys start with.
	key           string
	wantsProgress bool
	wake          chan struct{}

	// The hub's lock guards the rest.
	queue []*event
	// cursor is the revision up to which changes were queued, or are none of the watcher's business.
	cursor int64
	// behind is true while the hub doesn't queue: the changes after cursor are read from the log.
	behind      bool
	progressDue bool
}

// subscribe starts a subscription to changes after revision. recursive subscribes to all keys that start
// with key, else to the key alone. key is one of the store's.
func (h *hub) subscribe(store *store, key string, recursive bool, revision int64, wantsProgress bool) *subscription {
	s := &subscription{
		hub:           h,
		group:         store.group(),
		key:           key,
		match:         func(k string) bool { return k == key },
		wantsProgress: wantsProgress,
		wake:          make(chan struct{}, 1),
		cursor:        revision,
		behind:        true,
	}
	if recursive {
		s.match = func(k string) bool { return strings.HasPrefix(k, key) }
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.groups[s.group]
	if g == nil {
		g = &group{resource: store.GroupResource, members: make(map[*subscription]struct{})}
		h.groups[s.group] = g
	}
	g.members[s] = struct{}{}
	return s
}

// end gives the subscription up.
func (s *subscription) end() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	g := s.hub.groups[s.group]
	delete(g.members, s)
	if len(g.members) == 0 {
		delete(s.hub.groups, s.group)
	}
}

// offer queues a change if it is the subscription's; the hub's lock is held.
func (s *subscription) offer(e *event) {
	if s.behind || e.Revision <= s.cursor || !s.match(e.Key) {
		return
	}
	if len(s.queue) >= maxQueued {
		s.hub.fallenBehind++
		s.fallBehind(e.Revision - 1)
		return
	}
	s.queue = append(s.queue, e)
	s.signal()
}

// fallBehind leaves what comes after revision to be read from the log; the hub's lock is held.
func (s *subscription) fallBehind(revision int64) {
	if !s.behind {
		s.behind = true
		s.cursor = max(s.cursor, revision)
		s.signal()
	}
}

func (s *subscription) signal() { wake(s.wake) }

// next waits for changes. progress is not 0 if the watcher has seen everything up to that revision once
// it has seen the changes. Errors: ErrCompacted if the changes it should see are no longer kept,
// the context's, those of the database.
func (s *subscription) next(ctx context.Context) (events []*event, progress int64, err error) {
	for {
		events, progress, after, err := s.take()
		if err != nil || len(events) > 0 || progress > 0 {
			return events, progress, err
		}
		if after >= 0 {
			events, err := s.read(ctx, after)
			if err != nil || len(events) > 0 {
				return events, 0, err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-s.wake:
		}
	}
}

// take returns what is in memory. after is -1, or the revision after which the log has to be read.
func (s *subscription) take() (events []*event, progress, after int64, err error) {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, 0, -1, errClosed
	}
	events, s.queue = s.queue, nil
	if s.behind {
		if len(events) > 0 {
			return events, 0, -1, nil
		}
		if s.cursor < h.base {
			return nil, 0, s.cursor, nil
		}
		for _, e := range h.since(s.cursor) {
			if s.match(e.Key) {
				events = append(events, e)
			}
		}
		s.behind = false
		// A watch may start from what another process has just committed.
		s.cursor = max(s.cursor, h.head)
	}
	if s.progressDue && s.cursor <= h.head {
		s.progressDue = false
		progress = h.head
	}
	return events, progress, -1, nil
}

// since returns the changes of the window after revision, which is not below h.base; h.mu is held.
func (h *hub) since(revision int64) []*event {
	// The window has no gaps, so the place of a revision is known.
	skip := min(max(revision-h.base, 0), int64(len(h.window)))
	return h.window[skip:]
}

// read gets a page of changes from the log.
func (s *subscription) read(ctx context.Context, after int64) ([]*event, error) {
	changes, through, err := s.hub.backend.Log(ctx, after, s.key, logPage)
	if err != nil {
		return nil, err
	}
	var events []*event
	for _, change := range changes {
		if s.match(change.Key) {
			events = append(events, &event{Change: change})
		}
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.cursor = max(s.cursor, through)
	return events, nil
}
