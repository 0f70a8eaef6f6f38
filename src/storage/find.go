package storage

import (
	"context"
	"iter"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/sets"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/index"
)

const (
	// maxChanged is how many objects are looked at that have changed since the revision of the
	// index, or may have. When there are more, lists look at all.
	maxChanged = 20_000
	// Candidates are read so many at a time at first, and at most.
	firstCandidates = 100
	maxCandidates   = 1000
	// maxRanges is how many values of a field or label the index is asked for at most.
	maxRanges = 100
)

// indexQuery is what the index is asked for the list; ok is false if it would not help.
func (l *lister) indexQuery() (query index.Query, ok bool) {
	predicate := l.opts.Predicate
	query.First, query.End = driver.ListQuery{Prefix: l.prefix, Start: l.continueKey}.Range()
	add := func(c index.Condition) {
		if len(query.Conditions) < maxRequirements && len(c.Ranges) <= maxRanges {
			query.Conditions = append(query.Conditions, c)
		}
	}
	for _, r := range append(fieldFilter(predicate.Field), labelFilter(predicate.Label)...) {
		c := index.Condition{Name: labelName(r.Key)}
		if r.Field {
			c.Name = fieldName(r.Key)
			if !isIndexed(r.Key) || slices.Contains(r.Values, "") {
				continue
			}
		}
		switch r.Operator {
		case driver.In:
			for _, value := range r.Values {
				c.Ranges = append(c.Ranges, index.Range{First: value, Last: value})
			}
		case driver.Exists:
			c.Ranges = []index.Range{{Last: index.LastValue}}
		default:
			continue
		}
		add(c)
	}
	query.Limited = l.paging
	if l.selector == nil {
		return query, len(query.Conditions) > 0
	}
	l.selector.EachCondition(func(path string, ranges ...[2]string) {
		c := index.Condition{Name: path}
		for _, r := range ranges {
			c.Ranges = append(c.Ranges, index.Range{First: r[0], Last: r[1]})
		}
		add(c)
	})
	query.Words = l.selector.SearchedWords()
	if l.ranking != nil {
		query.Limited = l.ranking.limit > 0
		query.Order = l.ranking.order()
	}
	return query, len(query.Conditions) > 0 || len(query.Words) > 0 || query.Order != nil && query.Limited
}

// order is that of an index, from the place on that the ranking begins behind.
func (r *ranking) order() *index.Order {
	path, descending := r.selector.OrderedBy()
	order := &index.Order{Name: path, Descending: descending}
	if r.after != nil {
		value, present := r.selector.ValueAt(string(r.after.Position))
		order.After = index.NewFound(r.after.Key, value, present)
	}
	return order
}

// find reads the list by way of the index, if there is one that helps.
func (l *lister) find(ctx context.Context) (done bool, err error) {
	i := l.store.fieldIndex
	if i == nil || !l.opts.Recursive {
		return false, nil
	}
	query, ok := l.indexQuery()
	if !ok {
		return false, nil
	}
	view, end, err := i.view(ctx)
	if err != nil || view == nil {
		return false, err
	}
	defer end()
	given := l.revision
	defer func() {
		if !done { // Another way may be had without.
			l.revision = given
		}
	}()
	if given == 0 {
		var current int64
		err := l.turn.Read(ctx, func(ctx context.Context) (err error) {
			current, err = l.store.engine.backend.CurrentRevision(ctx)
			return err
		})
		if err != nil {
			return false, statusError(err)
		}
		if err := l.pin(current); err != nil {
			return false, err
		}
	}
	unknown, err := view.Unknown(ctx)
	if err != nil {
		return false, err
	}
	changed := sets.New(unknown...)
	err = l.turn.Read(ctx, func(ctx context.Context) (err error) {
		ok, err = i.addChanged(ctx, changed, view.Revision, l.revision)
		return err
	})
	if err != nil || !ok {
		return false, statusError(err)
	}
	query.Pause = l.turn.Pause
	found, ok, err := view.Find(ctx, query)
	if err != nil || !ok {
		return false, err
	}
	l.store.engine.metrics.indexLists.With(i.labels()).Inc()
	f := &finding{lister: l, query: &query, changed: changed, bare: l.mayBeBare(nil)}
	if l.ranking != nil {
		err = f.inOrder(ctx, found)
	} else {
		err = f.byKey(ctx, found)
	}
	if err == nil && given != 0 && l.examined == 0 { // Nobody has asked whether it can be read.
		err = l.turn.Read(ctx, func(ctx context.Context) error {
			_, err := l.store.engine.backend.GetAll(ctx, driver.KeysQuery{Revision: given})
			return err
		})
		if err != nil {
			err = l.listError(ctx, err)
		}
	}
	return true, err
}

// finding takes what an index has found, and what has changed since.
type finding struct {
	*lister
	query   *index.Query
	changed sets.Set[string]
	keys    []string
	size    int  // how many keys are looked at next
	bare    bool // the watch cache may have the objects
}

// add has a key looked at, and reports whether the list is full.
func (f *finding) add(ctx context.Context, key string) (full bool, err error) {
	f.keys = append(f.keys, key)
	if f.size == 0 {
		f.size = f.firstSize()
	}
	if len(f.keys) < f.size {
		return false, nil
	}
	return f.flush(ctx)
}

// firstSize is as many as are wanted, if they are few, and one that tells whether there are more.
func (f *finding) firstSize() int {
	wanted := 0
	switch {
	case f.ranking != nil:
		wanted = f.ranking.limit
	case f.paging:
		wanted = int(min(f.opts.Predicate.Limit, firstCandidates))
	}
	if wanted == 0 {
		return firstCandidates
	}
	return min(wanted+1, firstCandidates)
}

func (f *finding) flush(ctx context.Context) (full bool, err error) {
	if len(f.keys) == 0 {
		return false, nil
	}
	var records []driver.Record
	err = f.turn.Read(ctx, func(ctx context.Context) (err error) {
		records, err = f.store.engine.backend.GetAll(ctx, driver.KeysQuery{Keys: f.keys, Revision: f.revision, Bare: f.bare})
		return err
	})
	if err != nil {
		return false, f.listError(ctx, err)
	}
	last := f.keys[len(f.keys)-1]
	full, err = f.take(ctx, records, f.bare)
	f.bare = f.bare && f.decodedHelps
	f.keys, f.size = f.keys[:0], f.batch(min(2*f.size, maxCandidates))
	if err == nil && !full {
		f.lastKey = last
	}
	return full, err
}

// byKey fills the list in the order of keys.
func (f *finding) byKey(ctx context.Context, found iter.Seq2[index.Found, error]) error {
	for key, err := range f.merge(found) {
		if err != nil {
			return err
		}
		if f.more = f.paging && int64(f.items.Len()) >= f.opts.Predicate.Limit; f.more {
			return nil
		}
		if f.more, err = f.add(ctx, key); f.more || err != nil {
			return err
		}
	}
	var err error
	f.more, err = f.flush(ctx)
	return err
}

// merge has the keys that were found, or have changed, in order.
func (f *finding) merge(found iter.Seq2[index.Found, error]) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		changed := f.changedKeys()
		for one, err := range found {
			for err == nil && len(changed) > 0 && changed[0] < one.Key {
				if !yield(changed[0], nil) {
					return
				}
				changed = changed[1:]
			}
			if err == nil && f.changed.Has(one.Key) {
				continue
			}
			if !yield(one.Key, err) || err != nil {
				return
			}
		}
		for _, key := range changed {
			if !yield(key, nil) {
				return
			}
		}
	}
}

func (f *finding) changedKeys() []string {
	keys := slices.DeleteFunc(f.changed.UnsortedList(), func(key string) bool { return key < f.query.First || key >= f.query.End })
	slices.Sort(keys)
	return keys
}

// inOrder fills the ranking, until what follows comes behind all that is in it.
func (f *finding) inOrder(ctx context.Context, found iter.Seq2[index.Found, error]) error {
	for _, key := range f.changedKeys() {
		if _, err := f.add(ctx, key); err != nil {
			return err
		}
	}
	if _, err := f.flush(ctx); err != nil {
		return err
	}
	f.size = 0
	for one, err := range found {
		if err != nil {
			return err
		}
		if f.changed.Has(one.Key) {
			continue
		}
		if len(f.keys) == 0 {
			enough, err := f.isBehind(one)
			if err != nil || enough {
				return err
			}
		}
		if _, err := f.add(ctx, one.Key); err != nil {
			return err
		}
	}
	_, err := f.flush(ctx)
	return err
}

// isBehind reports whether one, and what follows, comes behind all that the ranking has room for.
func (f *finding) isBehind(one index.Found) (bool, error) {
	r := f.ranking
	if r.limit == 0 || len(r.largest) < r.limit || !r.more {
		return false, nil
	}
	last := r.largest[0]
	document, err := f.store.fieldIndex.document(last.object)
	if err != nil {
		return false, statusError(err)
	}
	compared := f.query.Order.Compare(f.query.Order.Place(last.Key, document), one)
	if compared == 0 && one.IsExact() { // They come in the order of keys.
		compared = strings.Compare(last.Key, one.Key)
	}
	return compared < 0, nil
}
