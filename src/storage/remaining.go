package storage

import (
	"context"

	"k8s.io/utils/lru"

	"ark.ai/apiserver/src/storage/driver"
)

// maxRemaining is how many lists that are being paged through a store remembers the rest of.
const maxRemaining = 256

// remaining remembers how many keys are left where a page ended, so that only the first page of a
// list counts them: at a revision that number never changes.
type remaining struct {
	counts *lru.Cache // place → int64
}

// place is where a page starts, in a list of prefix at a revision.
type place struct {
	prefix   string
	revision int64
	start    string
}

func newRemaining() *remaining {
	return &remaining{counts: lru.New(maxRemaining)}
}

func (r *remaining) at(p place) (count int64, known bool) {
	value, known := r.counts.Get(p)
	if !known {
		return 0, false
	}
	return value.(int64), true
}

func (r *remaining) remember(p place, count int64) {
	r.counts.Add(p, count)
}

// saysRemaining reports whether the list tells how many objects remain after a page.
func (l *lister) saysRemaining() bool {
	return l.paging && l.opts.Predicate.Empty()
}

// hasToCount reports whether the database has to count for the list's first page.
func (l *lister) hasToCount() bool {
	if !l.saysRemaining() {
		return false
	}
	var known bool
	if l.counted, known = l.store.remaining.at(place{l.prefix, l.revision, l.continueKey}); known {
		return false
	}
	return l.continueKey != "" || !l.store.engine.HasCount(l.prefix)
}

// count finds out how many keys there are from the beginning of the list's first page, if more come
// after it.
func (l *lister) count(ctx context.Context, query driver.ListQuery, page *driver.Page) error {
	if !page.More || !l.saysRemaining() || l.counted > 0 {
		return nil
	}
	if !query.Count {
		var known bool
		if l.counted, known = l.store.engine.Count(ctx, l.prefix, l.revision); known {
			return nil
		}
		query.Revision, query.Limit, query.Count = l.revision, 1, true
		counted, err := l.store.engine.backend.List(ctx, query)
		if err != nil {
			return err
		}
		page = &counted
	}
	l.counted = page.Remaining + int64(len(page.Records))
	if l.continueKey == "" {
		l.store.engine.NoteCount(l.prefix, l.revision, l.counted)
	}
	return nil
}

// rememberRemaining spares the next page of the list the counting.
func (l *lister) rememberRemaining() {
	if l.more && l.saysRemaining() {
		l.store.remaining.remember(place{l.prefix, l.revision, l.lastKey + "\x00"}, l.counted-int64(l.items.Len()))
	}
}
