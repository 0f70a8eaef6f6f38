package changelog

import (
	"strings"
	"sync"
)

// hub hands every change to the subscriptions it concerns. It keeps a window of recent changes, so
// that a subscriber that starts or falls behind a little costs no query.
//
// The changes of this process come straight from the committer, those of others from the tail.
// Revisions have no gaps, so a change that does not follow the last one is known to be early, and
// is left to the tail.
type hub struct {
	// tail is woken when there is more in the log than was handed out.
	tail chan struct{}
	// muchWritten tells the compactor that noteAfter bytes were written.
	muchWritten chan struct{}
	noteAfter   int64

	mu      sync.Mutex
	window  window
	counts  counts
	written int64 // bytes of changes since muchWritten
	head    int64 // the newest revision that was handed out
	known   int64 // the newest revision that is known to be committed
	groups  map[string]*group
	closed  bool

	fallenBehind int64 // how often a subscriber was too slow for its queue
}

// group has the subscriptions to keys of one resource, so that a change is not compared with the
// keys of all others.
type group struct {
	resource Resource
	members  map[*Subscription]struct{}
	// progressAt is the revision that somebody waits for the group to hear of; 0 if nobody does.
	progressAt int64
}

func newHub(options Options) *hub {
	return &hub{
		tail:        make(chan struct{}, 1),
		muchWritten: make(chan struct{}, 1),
		noteAfter:   options.historyBytes() / 8,
		window:      window{limit: options.WatchWindowBytes},
		counts:      make(counts),
		groups:      make(map[string]*group),
	}
}

// reset forgets the window and what waits for subscribers, and goes on from head. Subscriptions
// find out from the database what they missed: if there were any, that it is compacted.
func (h *hub) reset(head int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.groups {
		for s := range g.members {
			s.queue = nil
			s.fallBehind(h.head)
		}
	}
	h.window.reset(head)
	clear(h.counts)
	h.head = head
	h.know(head)
}

// know takes note of a revision that is committed; h.mu is held.
func (h *hub) know(revision int64) {
	h.known = max(h.known, revision)
}

// learn is know for those who don't hold h.mu.
func (h *hub) learn(revision int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.know(revision)
}

// revisions are the newest one that was handed out, and the newest one that is known to be
// committed.
func (h *hub) revisions() (head, known int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.head, h.known
}

// quiet reports whether no change of a key that starts with prefix is known to come after revision,
// up to head; false if it can't tell.
func (h *hub) quiet(prefix string, revision int64) (head int64, quiet bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	events, known := h.window.of(prefix, revision)
	if !known || h.known > h.head {
		return h.head, false
	}
	for range events {
		return h.head, false
	}
	return h.head, true
}

// changed are the keys that start with prefix of the changes after one revision and through
// another, at most some more than limit; known is false if the window does not have them all.
func (h *hub) changed(prefix string, after, through int64, limit int) (keys []string, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	events, known := h.window.of(prefix, after)
	if !known || through > h.head {
		return nil, false
	}
	for e := range events {
		if e.Revision > through || len(keys) > limit {
			break
		}
		keys = append(keys, e.Key)
	}
	return keys, true
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

// wake has whoever waits for signal look again.
func wake(signal chan<- struct{}) {
	select {
	case signal <- struct{}{}:
	default:
	}
}

// publishOwn takes what this process has just committed. If other processes' changes come before
// it, the tail reads them all, and next is false.
func (h *hub) publishOwn(events []*Event) (next bool) {
	if len(events) == 0 {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.know(events[len(events)-1].Revision)
	if next = events[0].Revision <= h.head+1; next {
		h.publish(events)
	} else {
		wake(h.tail)
	}
	return next
}

// publishRead takes what the tail has read in (after, through], unless own commits were handed out
// meanwhile: the read may have begun before them and have seen a database that has lost them. again
// reports whether to read once more.
func (h *hub) publishRead(after, through int64, events []*Event) (again bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.head != after {
		return through > h.head
	}
	h.publish(events)
	return false
}

// publish hands out the events that are news; h.mu is held and events have no gap to h.head.
func (h *hub) publish(events []*Event) {
	for len(events) > 0 && events[0].Revision <= h.head {
		events = events[1:]
	}
	if len(events) == 0 {
		return
	}
	h.head = events[len(events)-1].Revision
	h.know(h.head)
	h.window.append(events)
	h.counts.follow(events)
	h.countWritten(events)
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

func (h *hub) countWritten(events []*Event) {
	for _, e := range events {
		h.written += int64(len(e.Value))
	}
	if h.written >= h.noteAfter {
		h.written = 0
		wake(h.muchWritten)
	}
}

// prepend puts events of the log in (base, beginning of the window] into the window, and reports
// whether all fit.
func (h *hub) prepend(base int64, events []*Event) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.window.prepend(base, events)
}

// forget drops changes up to revision from the window. They could still be delivered, but what is
// compacted should be so for all subscribers alike, in whichever process.
func (h *hub) forget(revision int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.window.forget(revision)
}

// progress lets the subscriptions of a group know that they have seen everything up to revision, as
// soon as that is so. With revision 0 it is what has been handed out by now.
func (h *hub) progress(prefix string, revision int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.know(revision)
	g := h.groups[prefix]
	if g == nil {
		return
	}
	if revision <= h.head {
		g.requestProgress()
		return
	}
	g.progressAt = max(g.progressAt, revision)
	wake(h.tail)
}

// progressAll lets all subscriptions know how far they are, so that those of quiet resources do not
// go on from a revision that has long been compacted.
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

// count tells how many subscriptions there are to each resource, how many of them are behind, and
// how often any fell behind.
func (h *hub) count() (subscribers, behind map[Resource]int, fallenBehind int64) {
	subscribers, behind = make(map[Resource]int), make(map[Resource]int)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.groups {
		subscribers[g.resource] += len(g.members)
		for s := range g.members {
			if s.behind {
				behind[g.resource]++
			}
		}
	}
	return subscribers, behind, h.fallenBehind
}
