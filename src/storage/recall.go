package storage

import (
	"context"
	"errors"
	"slices"
)

const (
	// maxRecalled is how many changes from before it began a process keeps at most, or a page more. To read them
	// takes a fraction of a second.
	maxRecalled = 5000
	// firstRecalled is how many are read first: values may be large.
	firstRecalled = 16
	// firstRevision marks an empty database and is no change.
	firstRevision = 1
)

// recall fills a window that was just reset with the newest changes after compacted, for watchers that come from
// another process. It goes backwards and reads twice as many each time, so that it reads little more than
// the window can hold.
func (h *hub) recall(ctx context.Context, compacted int64) error {
	oldest := max(compacted, firstRevision)
	for page := int64(firstRecalled); h.base > oldest && len(h.window) < maxRecalled; page = min(2*page, logPage) {
		after := max(h.base-page, oldest)
		events, _, err := h.readLog(ctx, after, int(h.base-after))
		if errors.Is(err, ErrCompacted) {
			return nil // by another process, meanwhile
		}
		if err != nil {
			return err
		}
		if !h.prepend(after, events) {
			return nil
		}
	}
	return nil
}

// prepend puts the changes in (base, h.base] before the window, and reports whether all fit.
func (h *hub) prepend(base int64, events []*event) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.base = base
	h.window = slices.Concat(events, h.window)
	for _, e := range events {
		h.bytes += e.size()
	}
	h.trim()
	return h.base == base
}
