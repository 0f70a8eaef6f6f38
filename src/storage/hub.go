package storage

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
)

// logPage is how many changes one read of the log returns at most.
const logPage = 1000

// hub follows the log of revisions and hands every change to the subscriptions it concerns. It keeps a
// window of recent changes, so that a watcher that starts or falls behind a little costs no query.
//
// The changes of this process come straight from the committer, those of others are read from the
// database; revisions have no gaps, so a change that does not follow the last one is known to be early and
// is read from the log in its turn.
type hub struct {
	backend     Backend
	windowBytes int
	tailWake    chan struct{}
	tail        sync.Mutex // held by the one reader of the log

	mu     sync.Mutex
	window []*event // every change in (base, head]
	bytes  int      // size of window
	base   int64
	head   int64 // the newest revision that was handed out
	groups map[string]*group
	closed bool
}

// group has the subscriptions below one resource's prefix, so that a change is not compared with the
// keys of all others.
type group struct {
	members map[*subscription]struct{}
	// progressAt is the revision that somebody waits for the group to hear of; 0 if nobody does.
	progressAt int64
}

func newHub(backend Backend, windowBytes int) *hub {
	return &hub{
		backend:     backend,
		windowBytes: windowBytes,
		tailWake:    make(chan struct{}, 1),
		groups:      make(map[string]*group),
	}
}

// reset forgets the window and goes on from head. Subscriptions find out from the database what they
// missed.
func (h *hub) reset(head int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.window, h.bytes = nil, 0
	for _, g := range h.groups {
		for s := range g.members {
			s.fallBehind(h.head)
		}
	}
	h.base, h.head = head, head
}

// close ends all subscriptions.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, g := range h.groups {
		for s := range g.members {
			s.signal()
		}
	}
}

func (h *hub) wakeTail() {
	select {
	case h.tailWake <- struct{}{}:
	default:
	}
}

// publishOwn takes what this process has just committed. If other processes' changes come before it, the
// tail reads them all from the log.
func (h *hub) publishOwn(events []*event) {
	if len(events) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if events[0].Revision <= h.head+1 {
		h.publish(events)
	} else {
		h.wakeTail()
	}
}

// publish hands out the events that are news; h.mu is held and events have no gap to h.head.
func (h *hub) publish(events []*event) {
	for len(events) > 0 && events[0].Revision <= h.head {
		events = events[1:]
	}
	if len(events) == 0 {
		return
	}
	h.head = events[len(events)-1].Revision
	for _, e := range events {
		h.window = append(h.window, e)
		h.bytes += e.size()
	}
	h.trim()
	for prefix, g := range h.groups {
		for _, e := range events {
			if strings.HasPrefix(e.Key, prefix) {
				for s := range g.members {
					s.offer(e)
				}
			}
		}
		if g.progressAt != 0 && g.progressAt <= h.head {
			g.requestProgress()
		}
	}
}

func (h *hub) trim() {
	drop := 0
	for ; h.bytes > h.windowBytes && drop < len(h.window)-1; drop++ {
		h.bytes -= h.window[drop].size()
		h.base = h.window[drop].Revision
		h.window[drop] = nil
	}
	h.window = h.window[drop:]
}

// forget drops changes up to revision from the window. They could still be delivered, but what is compacted
// should be so for all watchers alike, in whichever process.
func (h *hub) forget(revision int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	drop := min(max(revision-h.base, 0), int64(len(h.window)))
	for _, e := range h.window[:drop] {
		h.bytes -= e.size()
	}
	h.window = slices.Clone(h.window[drop:])
	h.base += drop
}

// catchUp reads the log up to its end.
func (h *hub) catchUp(ctx context.Context) error {
	h.tail.Lock()
	defer h.tail.Unlock()
	for {
		h.mu.Lock()
		after := h.head
		h.mu.Unlock()
		changes, through, err := h.backend.Log(ctx, after, "", logPage)
		if errors.Is(err, ErrCompacted) {
			// This process was out of touch for longer than history is kept.
			current, err := h.backend.CurrentRevision(ctx)
			if err != nil {
				return err
			}
			h.reset(current)
			return nil
		}
		if err != nil {
			return err
		}
		if through <= after {
			return nil
		}
		events := make([]*event, len(changes))
		for i := range changes {
			events[i] = &event{Change: changes[i]}
		}
		h.mu.Lock()
		h.publish(events)
		h.mu.Unlock()
		if len(changes) < logPage {
			return nil
		}
	}
}

// progress lets the subscriptions of a group know that they have seen everything up to revision, as soon
// as that is so. With revision 0 it is what has been handed out by now.
func (h *hub) progress(prefix string, revision int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.groups[prefix]
	if g == nil {
		return
	}
	if revision <= h.head {
		g.requestProgress()
		return
	}
	g.progressAt = max(g.progressAt, revision)
	h.wakeTail()
}

// progressAll lets all subscriptions know how far they are, so that those of quiet resources do not go on
// from a revision that has long been compacted.
func (h *hub) progressAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.groups {
		g.requestProgress()
	}
}

func (g *group) requestProgress() {
	g.progressAt = 0
	for s := range g.members {
		if s.wantsProgress {
			s.progressDue = true
			s.signal()
		}
	}
}
