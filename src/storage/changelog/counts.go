package changelog

import (
	"context"

	"ark.ai/apiserver/src/storage/driver"
)

// maxCounts is how many prefixes a process keeps the number of keys of.
const maxCounts = 1000

// counts are the numbers of keys that start with a prefix, of those prefixes that were counted.
// They follow the changes that are handed out, since a database counts by looking at each key.
type counts map[string]*count

type count struct {
	keys int64
	// revision is where keys were counted. Changes after it are added as they are handed out.
	revision int64
}

// growth is by how many keys a change makes more.
func growth(c *driver.Change) int64 {
	switch {
	case c.Deleted:
		return -1
	case c.PrevRevision == 0:
		return 1
	}
	return 0
}

// follow adds changes that are handed out.
func (c counts) follow(events []*Event) {
	if len(c) == 0 {
		return
	}
	for _, e := range events {
		more := growth(&e.Change)
		for i := 0; more != 0 && i < len(e.Key); i++ {
			if e.Key[i] != '/' {
				continue
			}
			if n := c[e.Key[:i+1]]; n != nil && e.Revision > n.revision {
				n.keys += more
			}
		}
	}
}

// growthSince is by how many keys with a prefix there are more than at an earlier revision; h.mu is
// held. known is false if the window does not go back that far.
func (h *hub) growthSince(prefix string, revision int64) (more int64, known bool) {
	events, known := h.window.of(prefix, revision)
	if !known {
		return 0, false
	}
	for e := range events {
		more += growth(&e.Change)
	}
	return more, true
}

// counted takes note of how many keys there are at a revision.
func (h *hub) counted(prefix string, revision, keys int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	more, known := h.growthSince(prefix, revision)
	if !known {
		return
	}
	if len(h.counts) >= maxCounts {
		clear(h.counts)
	}
	h.counts[prefix] = &count{keys: keys + more, revision: max(revision, h.head)}
}

func (h *hub) hasCount(prefix string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.counts[prefix] != nil
}

// countAt is the number of keys at revision, or, if not all changes up to there were handed out, at
// an earlier one that was reached.
func (h *hub) countAt(prefix string, revision int64) (keys, reached int64, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.counts[prefix]
	if n == nil {
		return 0, 0, false
	}
	reached = max(n.revision, h.head)
	if revision >= reached {
		return n.keys, reached, true
	}
	more, known := h.growthSince(prefix, revision)
	return n.keys - more, revision, known && reached == h.head
}

// HasCount reports whether the keys with a prefix, which ends in "/", were counted.
func (l *Log) HasCount(prefix string) bool { return l.hub.hasCount(prefix) }

// NoteCount takes note of how many keys with a prefix, which ends in "/", there are at a revision.
func (l *Log) NoteCount(prefix string, revision, keys int64) {
	l.hub.counted(prefix, revision, keys)
}

// Count is how many keys with a prefix there are at a revision. It reads no more than what other
// processes have just changed: known is false if that does not do.
func (l *Log) Count(ctx context.Context, prefix string, revision int64) (keys int64, known bool) {
	keys, reached, known := l.hub.countAt(prefix, revision)
	if !known || reached == revision {
		return keys, known
	}
	changes, through, err := l.backend.Log(ctx, reached, prefix, logPage)
	if err != nil || through < revision {
		return 0, false
	}
	for i := range changes {
		if changes[i].Revision <= revision {
			keys += growth(&changes[i])
		}
	}
	return keys, true
}
