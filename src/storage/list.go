package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/features"
	"k8s.io/apiserver/pkg/storage"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/index"
	"ark.ai/apiserver/src/turns"
)

// maxPage is the most records that are read from the database at once.
const maxPage = 10000

// GetList implements storage.Interface.
func (s *store) GetList(ctx context.Context, key string, opts storage.ListOptions, listObj runtime.Object) (err error) {
	prefix, err := s.key(key, opts.Recursive)
	if err != nil {
		return err
	}
	defer s.observe("list", time.Now(), &err)
	itemsPtr, err := meta.GetItemsPtr(listObj)
	if err != nil {
		return err
	}
	items, err := conversion.EnforcePtr(itemsPtr)
	if err != nil || items.Kind() != reflect.Slice {
		return fmt.Errorf("need ptr to slice: %w", err)
	}
	l := &lister{
		store:    s,
		opts:     opts,
		selector: objectSelector(opts.Predicate),
		items:    items,
		newItem:  newItemFunc(listObj, items),
		prefix:   prefix,
	}
	if token := opts.Predicate.Continue; l.selector != nil && token != "" {
		if l.opts.Predicate.Continue, err = unsealContinue(token, prefix, opts.Predicate); err != nil {
			return err
		}
	}
	end, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	var token string
	var remaining *int64
	if isOrdered(l.selector) {
		token, err = l.listOrdered(ctx)
	} else {
		token, remaining, err = l.list(ctx)
	}
	if err != nil {
		return err
	}
	if l.selector != nil && token != "" {
		token = sealContinue(token, prefix, opts.Predicate)
	}
	if items.IsNil() {
		items.Set(reflect.MakeSlice(items.Type(), 0, 0))
	}
	if err := s.versioner.UpdateList(listObj, uint64(l.revision), token, remaining); err != nil {
		return err
	}
	if utilfeature.DefaultFeatureGate.Enabled(features.ShardedListAndWatch) {
		opts.Predicate.SetShardInfoOnList(listObj)
	}
	return nil
}

// lister fills one list.
type lister struct {
	store       *store
	opts        storage.ListOptions
	selector    ObjectSelector // nil if fields decide
	turn        *turns.Turn    // nil if fields decide
	pace        *turns.Pace    // what the request has instead, if it is large
	paging      bool
	ranking     *ranking // takes the objects of an ordered list
	items       reflect.Value
	newItem     func() runtime.Object
	revision    int64 // of the snapshot; 0 until the first page is there
	prefix      string
	continueKey string

	began  time.Time
	budget context.Context //nolint:containedctx // ends when a page has to

	decoded      map[int64]runtime.Object // objects of records that are looked at next, by revision
	decodedHelps bool                     // half of them or more are known

	lastKey   string // of the last record looked at
	examined  int
	bytesRead int
	more      bool  // records come after lastKey
	counted   int64 // keys from the list's start on, if counting makes sense
	errors    listErrors
}

// begin waits for a turn, if the list takes one. What it returns gives that back.
func (l *lister) begin(ctx context.Context) (end func(), err error) {
	l.budget = ctx
	l.pace = turns.PaceOf(ctx)
	if l.selector != nil {
		if l.turn, err = turns.Process.Take(ctx, turns.Request, turns.UserOf(ctx)); err != nil {
			return nil, statusError(err)
		}
	}
	l.began = time.Now()
	cancel := func() {}
	if l.isBounded() {
		l.budget, cancel = context.WithDeadline(ctx, l.began.Add(maxExamineFor))
	}
	return func() {
		cancel()
		l.turn.End()
	}, nil
}

// isBounded reports whether the list may end early, as its client asks for the next page.
func (l *lister) isBounded() bool {
	return l.selector != nil && !isOrdered(l.selector) && l.opts.Predicate.Limit > 0
}

// pause lets others have their turn. spent means that the budget is used up.
func (l *lister) pause(ctx context.Context) (spent bool, err error) {
	if l.turn == nil {
		l.pace.Step(ctx)
		return false, nil
	}
	waiting := ctx
	if l.examined > 0 {
		waiting = l.budget
	}
	if err := l.turn.Pause(waiting); err == nil {
		return l.isBounded() && (l.examined >= maxExamined || l.examined > 0 && l.budget.Err() != nil), nil
	}
	return true, statusError(ctx.Err())
}

// batch is how many of a number of records are read at once, so that nobody waits for long, and
// those that wait hold little.
func (l *lister) batch(records int) int {
	if l.selector == nil {
		return records
	}
	if l.examined > 0 {
		records = min(records, batchBytes*l.examined/max(1, l.bytesRead))
	}
	return max(1, min(records, maxCandidates))
}

// list fills the list with a page in the order of keys.
func (l *lister) list(ctx context.Context) (token string, remaining *int64, err error) {
	l.paging = l.opts.Predicate.Limit > 0
	if l.revision, l.continueKey, err = storage.ValidateListOptions(l.prefix, l.store.versioner, l.opts); err != nil {
		return "", nil, err
	}
	if err := l.read(ctx); err != nil {
		return "", nil, err
	}
	l.rememberRemaining()
	return storage.PrepareContinueToken(l.lastKey, l.prefix, l.revision, l.counted, l.more, l.opts)
}

func (l *lister) read(ctx context.Context) error {
	read := l.readPages
	if !l.opts.Recursive {
		read = l.readOne
	}
	revision := l.revision
	done, err := l.find(ctx)
	switch {
	case errors.Is(err, index.ErrFailed) && ctx.Err() != nil:
		err = statusError(ctx.Err())
	case errors.Is(err, index.ErrFailed):
		klog.ErrorS(err, "Can't read the index, look at all objects", "resource", l.store.GroupResource)
		l.startAnew(revision)
		done, err = false, nil
	case done && l.errors.first != nil:
		// The database may rule out what can't be read.
		l.startAnew(revision)
		done, err = false, nil
	}
	if err == nil && !done {
		err = read(ctx)
	}
	if err != nil {
		return err
	}
	return l.errors.error(l.store.GroupResource)
}

// startAnew forgets what was found.
func (l *lister) startAnew(revision int64) {
	l.revision = revision
	if l.items.IsValid() {
		l.items.SetLen(0)
	}
	if l.ranking != nil {
		l.ranking.largest, l.ranking.more = nil, false
	}
	l.lastKey, l.examined, l.more, l.errors = "", 0, false, listErrors{}
}

// readPages reads until the limit is reached or no records remain. Without a limit, or with a
// filter that the database can't decide, it takes several pages, all from the snapshot of the
// first.
func (l *lister) readPages(ctx context.Context) error {
	query := driver.ListQuery{
		Prefix:   l.prefix,
		Start:    l.continueKey,
		Revision: l.revision,
		Limit:    maxPage,
		Filter:   l.store.filter(l.opts.Predicate),
		Count:    l.hasToCount(),
	}
	if l.paging {
		query.Limit = int(min(l.opts.Predicate.Limit, maxPage))
	}
	if l.selector != nil {
		query.Limit = firstCandidates
		query.Bare = l.mayBeBare(query.Filter)
	}
	for first := true; ; first = false {
		var page driver.Page
		err := l.turn.Read(ctx, func(ctx context.Context) (err error) {
			page, err = l.store.engine.backend.List(ctx, query)
			return err
		})
		if err != nil {
			return l.listError(ctx, err)
		}
		if err := l.pin(page.Revision); err != nil {
			return err
		}
		if first {
			if err := l.count(ctx, query, &page); err != nil {
				return l.listError(ctx, err)
			}
			query.Count = false
		}
		full, err := l.take(ctx, page.Records, query.Bare)
		if err != nil {
			return err
		}
		query.Bare = query.Bare && l.decodedHelps
		l.more = page.More || full
		if !page.More || full || l.paging && int64(l.items.Len()) >= l.opts.Predicate.Limit {
			l.noteTime()
			return nil
		}
		query.Start = l.lastKey + "\x00"
		query.Revision = l.revision
		// Records were dropped here that the database could not: take more at a time.
		query.Limit = l.batch(max(query.Limit, min(2*query.Limit, maxPage)))
	}
}

// noteTime has the resource indexed if the list took long without.
func (l *lister) noteTime() {
	i := l.store.fieldIndex
	took := time.Since(l.began)
	if l.turn != nil {
		took = l.turn.Worked()
	}
	if i == nil || took < cmp.Or(l.store.engine.options.Index.Slow, defaultSlow) {
		return
	}
	if _, helps := l.indexQuery(); helps {
		i.begin()
	}
}

// readOne reads the one record that a list of a single key has.
func (l *lister) readOne(ctx context.Context) error {
	var record *driver.Record
	var current int64
	err := l.turn.Read(ctx, func(ctx context.Context) (err error) {
		record, current, err = l.store.engine.backend.Get(ctx, l.prefix, l.revision)
		return err
	})
	if err != nil {
		return l.listError(ctx, err)
	}
	if l.revision == 0 {
		if err := l.pin(current); err != nil {
			return err
		}
	}
	if record == nil {
		return nil
	}
	l.counted = 1
	_, err = l.take(ctx, []driver.Record{*record}, false)
	return err
}

// pin fixes the revision of the list to that of its first page.
func (l *lister) pin(revision int64) error {
	if l.revision != 0 {
		return nil
	}
	if err := l.store.checkNotOlderThan(l.opts.ResourceVersion, revision); err != nil {
		return err
	}
	l.revision = revision
	return nil
}

// take appends the objects of records that match; bare ones have no values. full means that the
// limit was reached, or the budget used up, before the end.
func (l *lister) take(ctx context.Context, records []driver.Record, bare bool) (full bool, err error) {
	if bare {
		if err := l.complete(ctx, records, l.revision); err != nil {
			return false, l.listError(ctx, err)
		}
	}
	if l.opts.Predicate.Empty() {
		l.items.Grow(len(records))
	}
	for i := range records {
		if l.paging && int64(l.items.Len()) >= l.opts.Predicate.Limit {
			return true, nil
		}
		if spent, err := l.pause(ctx); spent || err != nil {
			return spent, err
		}
		record := records[i]
		l.examined++
		l.bytesRead += len(record.Value)
		records[i] = driver.Record{} // long lists take seconds to decode: let go of what is done
		l.lastKey = record.Key
		obj, err := l.object(ctx, record)
		if err == nil && obj == nil {
			continue
		}
		if err != nil {
			if ctx.Err() != nil {
				return false, storage.NewTimeoutError(record.Key, "request did not complete within requested timeout")
			}
			if l.errors.add(record.Key, err) {
				return false, l.errors.error(l.store.GroupResource)
			}
			continue
		}
		matched, err := matches(&l.opts.Predicate, obj)
		switch {
		case err != nil:
			return false, err
		case !matched:
		case l.ranking != nil:
			l.ranking.add(record.Key, obj)
		default:
			l.append(obj)
		}
	}
	return false, nil
}

// complete finds the objects of records without values, as of a revision, and reads the values of
// those that are not known.
func (l *lister) complete(ctx context.Context, records []driver.Record, revision int64) error {
	if l.decoded == nil {
		l.decoded = make(map[int64]runtime.Object)
	}
	clear(l.decoded)
	missing := l.store.decoded.find(records, l.decoded)
	l.decodedHelps = 2*len(missing) <= len(records)
	for keys := range slices.Chunk(missing, firstCandidates) {
		var read []driver.Record
		err := l.turn.Read(ctx, func(ctx context.Context) (err error) {
			read, err = l.store.engine.backend.GetAll(ctx, driver.KeysQuery{Keys: keys, Revision: revision})
			return err
		})
		if err != nil {
			return err
		}
		fill(records, read)
	}
	return nil
}

// mayBeBare reports whether records are read without values, as the watch cache may have most of
// the objects that a filter leaves.
func (l *lister) mayBeBare(filter driver.Filter) bool {
	return l.selector != nil && l.store.decoded != nil && len(filter) == 0
}

// fill gives records, in the order of keys, the values of some of them, in the same order.
func fill(records, values []driver.Record) {
	for i := range records {
		if len(values) > 0 && values[0].Key == records[i].Key {
			records[i], values = values[0], values[1:]
		}
	}
}

func (l *lister) append(obj runtime.Object) {
	l.items.Set(reflect.Append(l.items, reflect.ValueOf(obj).Elem()))
}

// object is that of a record, or nil if its stored form shows that it does not match.
func (l *lister) object(ctx context.Context, record driver.Record) (runtime.Object, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if known, ok := l.decoded[record.Revision]; ok {
		return known, nil
	}
	data, _, err := l.store.decrypt(ctx, record.Key, record.Value, record.Checksum)
	if err != nil {
		return nil, err
	}
	if l.selector != nil && !l.selector.MayMatchStored(data) {
		return nil, nil
	}
	return l.store.decode(data, record.Revision, l.newItem())
}

// newItemFunc makes empty items of a list. Those of an unstructured one keep the list's version.
func newItemFunc(listObj runtime.Object, items reflect.Value) func() runtime.Object {
	if list, ok := listObj.(*unstructured.UnstructuredList); ok && list.GetAPIVersion() != "" {
		return func() runtime.Object {
			return &unstructured.Unstructured{Object: map[string]any{"apiVersion": list.GetAPIVersion()}}
		}
	}
	item := items.Type().Elem()
	return func() runtime.Object {
		return reflect.New(item).Interface().(runtime.Object)
	}
}
