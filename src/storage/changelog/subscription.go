package changelog

import (
	"context"
	"errors"
	"strings"

	"ark.ai/apiserver/src/storage/driver"
)

// maxQueued is how many changes wait for a subscriber before it is left to read them from the
// window or the database by itself.
const maxQueued = 1000

// ErrClosed means that the Log was closed.
var ErrClosed = errors.New("storage is closed")

// Resource is what metrics tell subscriptions apart by, and the prefix of all its keys.
type Resource struct{ Group, Name, Prefix string }

// Topic is what a subscription is about.
type Topic struct {
	Resource Resource
	// Key, or with Prefix all keys that start with it. It is one of the resource's.
	Key    string
	Prefix bool
	// Progress asks to be told from time to time up to which revision everything has been seen.
	Progress bool
}

// Subscription is a subscriber's place in the log. It gets every change of its topic with a
// revision above the one it started from, in order, each once. Whoever reads slowly is not waited
// for: changes that do not fit its queue are read from the log when it gets to them.
type Subscription struct {
	hub           *hub
	backend       driver.Backend
	group         string
	key           string
	match         func(key string) bool
	wantsProgress bool
	wake          chan struct{}

	// The hub's lock guards the rest.
	queue []*Event
	// cursor is the revision up to which changes were queued, or are none of the subscriber's
	// business.
	cursor int64
	// behind is true while the hub doesn't queue: the changes after cursor are read from the log.
	behind      bool
	progressDue bool
}

// Subscribe starts a subscription to changes after revision. End gives it up.
func (l *Log) Subscribe(topic Topic, revision int64) *Subscription {
	s := &Subscription{
		hub:           l.hub,
		backend:       l.backend,
		group:         topic.Resource.Prefix,
		key:           topic.Key,
		match:         func(key string) bool { return key == topic.Key },
		wantsProgress: topic.Progress,
		wake:          make(chan struct{}, 1),
		cursor:        revision,
		behind:        true,
	}
	if topic.Prefix {
		s.match = func(key string) bool { return strings.HasPrefix(key, topic.Key) }
	}
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	g := l.hub.groups[s.group]
	if g == nil {
		g = &group{resource: topic.Resource, members: make(map[*Subscription]struct{})}
		l.hub.groups[s.group] = g
	}
	g.members[s] = struct{}{}
	return s
}

// End gives the subscription up.
func (s *Subscription) End() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	g := s.hub.groups[s.group]
	delete(g.members, s)
	if len(g.members) == 0 {
		delete(s.hub.groups, s.group)
	}
}

// offer queues a change if it is the subscription's; the hub's lock is held.
func (s *Subscription) offer(e *Event) {
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
func (s *Subscription) fallBehind(revision int64) {
	if !s.behind {
		s.behind = true
		s.cursor = max(s.cursor, revision)
		s.signal()
	}
}

func (s *Subscription) signal() { wake(s.wake) }

// Next waits for changes. progress is not 0 if the subscriber has seen everything up to that
// revision once it has seen the changes. Errors: driver.ErrCompacted if the changes it should see
// are no longer kept, ErrClosed, the context's, those of the database.
func (s *Subscription) Next(ctx context.Context) (events []*Event, progress int64, err error) {
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
func (s *Subscription) take() (events []*Event, progress, after int64, err error) {
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, 0, -1, ErrClosed
	}
	events, s.queue = s.queue, nil
	if s.behind {
		if len(events) > 0 {
			return events, 0, -1, nil
		}
		if s.cursor < h.window.base {
			return nil, 0, s.cursor, nil
		}
		for _, e := range h.window.since(s.cursor) {
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

// read gets a page of changes from the log.
func (s *Subscription) read(ctx context.Context, after int64) ([]*Event, error) {
	changes, through, err := s.backend.Log(ctx, after, s.key, logPage)
	if err != nil {
		return nil, err
	}
	var events []*Event
	for _, change := range changes {
		if s.match(change.Key) {
			events = append(events, &Event{Change: change})
		}
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.cursor = max(s.cursor, through)
	return events, nil
}
