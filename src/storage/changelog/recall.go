package changelog

import (
	"context"
	"errors"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	// maxRecalled is how many changes from before it began a process keeps at most, or a page more.
	// To read them takes a fraction of a second.
	maxRecalled = 5000
	// firstRecalled is how many are read first: values may be large.
	firstRecalled = 16
	// firstRevision marks an empty database and is no change.
	firstRevision = 1
)

// recall fills a window that was just reset with the newest changes after compacted, for watchers
// that come from another process. It goes backwards and reads twice as many each time, so that it
// reads little more than the window can hold.
func (t *tail) recall(ctx context.Context, compacted int64) error {
	oldest := max(compacted, firstRevision)
	base, _ := t.hub.revisions()
	for page, recalled := int64(firstRecalled), 0; base > oldest && recalled < maxRecalled; page = min(2*page, logPage) {
		after := max(base-page, oldest)
		events, _, err := t.read(ctx, after, int(base-after))
		if errors.Is(err, driver.ErrCompacted) {
			return nil // by another process, meanwhile
		}
		if err != nil {
			return err
		}
		if !t.hub.prepend(after, events) {
			return nil
		}
		base = after
		recalled += len(events)
	}
	return nil
}
