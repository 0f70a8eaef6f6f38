package storage

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// hub follows the log of revisions and hands every change to the subscriptions it concerns. It keeps a
// window of recent changes, so that a watcher that starts or falls behind a little costs no query.
//
// The changes of this process come straight from the committer, those of others are read from the
// database; revisions have no gaps, so a change that does not follow the last one is known to be early and
// is read from the log in its turn.
type hub struct {
	backend  Backend
	options  Options
	tailWake chan struct{}
	// muchWritten tells the compactor that an eighth of what history may hold was written.
	muchWritten chan struct{}

	mu      sync.Mutex
	window  []*event // every change in (base, head]
	bytes   int      // size of window
	written int64    // bytes of changes since muchWritten
	base    int64
	head    int64 // the newest revision that was handed out
	groups  map[string]*group
	closed  bool

	known int64 // the newest revision that is known to be committed
	// Everything that was committed before upToDate has been handed out.
	upToDate  time.Time
	tailError error // of the last look at the log

	fallenBehind int64 // how often a watcher was too slow for its queue

	delivered atomic.Int64 // changes sent to watchers
}

// group has the subscriptions below one resource's prefix, so that a change is not compared with the
// keys of all others.
type group struct {
	resource schema.GroupResource
	members  map[*subscription]struct{}
	// progressAt is the revision that somebody waits for the group to hear of; 0 if nobody does.
	progressAt int64
}

func newHub(backend Backend, options Options) *hub {
	return &hub{
		backend:     backend,
		options:     options,
		tailWake:    make(chan struct{}, 1),
		muchWritten: make(chan struct{}, 1),
		groups:      make(map[string]*group),
	}
}

// reset forgets the window and what waits for watchers, and goes on from head, the current revision as read after
// begun. Subscriptions find out from the database what they missed: if there were any, that it is compacted.
func (h *hub) reset(head int64, begun time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.window, h.bytes = nil, 0
	for _, g := range h.groups {
		for s := range g.members {
			s.queue = nil
			s.fallBehind(h.head)
		}
	}
	h.base, h.head = head, head
	h.know(head)
	h.upToDate, h.tailError = begun, nil
}

// know takes note of a revision that is committed; h.mu is held.
func (h *hub) know(revision int64) {
	h.known = max(h.known, revision)
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

func (h *hub) wakeTail() { wake(h.tailWake) }

// wake has whoever waits for signal look again.
func wake(signal chan<- struct{}) {
	select {
	case signal <- struct{}{}:
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
	h.know(events[len(events)-1].Revision)
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
	h.know(h.head)
	for _, e := range events {
		h.window = append(h.window, e)
		h.bytes += e.size()
		h.written += int64(len(e.Value))
	}
	h.trim()
	if h.written >= cmp.Or(h.options.HistoryBytes, minHistory)/8 {
		h.written = 0
		wake(h.muchWritten)
	}
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
	for ; h.bytes > h.options.WatchWindowBytes && drop < len(h.window)-1; drop++ {
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

// progress lets the subscriptions of a group know that they have seen everything up to revision, as soon
// as that is so. With revision 0 it is what has been handed out by now.
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
