package storage

import "k8s.io/utils/lru"

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
