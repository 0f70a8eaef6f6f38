package changelog

import (
	"iter"
	"slices"
	"strings"
)

// window has the events in (base, base+len(events)], in order and without a gap, as many as fit
// into limit bytes.
type window struct {
	events []*Event
	base   int64
	bytes  int
	limit  int
}

// reset empties the window; it goes on after base.
func (w *window) reset(base int64) {
	w.events, w.bytes, w.base = nil, 0, base
}

// append adds the events that follow the last one, and drops the oldest if need be.
func (w *window) append(events []*Event) {
	w.events = append(w.events, events...)
	w.count(events)
	w.trim()
}

// prepend puts the events in (base, w.base] before the others, and reports whether all fit.
func (w *window) prepend(base int64, events []*Event) bool {
	w.base = base
	w.events = slices.Concat(events, w.events)
	w.count(events)
	w.trim()
	return w.base == base
}

func (w *window) count(events []*Event) {
	for _, e := range events {
		w.bytes += e.size()
	}
}

func (w *window) trim() {
	drop := 0
	for ; w.bytes > w.limit && drop < len(w.events)-1; drop++ {
		w.bytes -= w.events[drop].size()
		w.base = w.events[drop].Revision
		w.events[drop] = nil
	}
	w.events = w.events[drop:]
}

// since has the events after revision, which is not below base.
func (w *window) since(revision int64) []*Event {
	return w.events[w.skip(revision):]
}

// of are the events after revision whose keys start with prefix; known is false if the window does
// not go back that far.
func (w *window) of(prefix string, revision int64) (events iter.Seq[*Event], known bool) {
	return func(yield func(*Event) bool) {
		for _, e := range w.since(revision) {
			if strings.HasPrefix(e.Key, prefix) && !yield(e) {
				return
			}
		}
	}, revision >= w.base
}

// forget drops the events up to revision.
func (w *window) forget(revision int64) {
	drop := w.skip(revision)
	for _, e := range w.events[:drop] {
		w.bytes -= e.size()
	}
	w.events = slices.Clone(w.events[drop:])
	w.base += drop
}

// skip is how many events there are up to revision: as there is no gap, its place is known.
func (w *window) skip(revision int64) int64 {
	return min(max(revision-w.base, 0), int64(len(w.events)))
}
