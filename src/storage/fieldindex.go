package storage

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/index"
	"ark.ai/apiserver/src/turns"
)

// Describer tells what an index keeps of the objects of a resource, besides labels and selectable
// fields.
type Describer interface {
	// EachValue visits the fields that have a value, which is in the byte order of such values.
	EachValue(obj runtime.Object, visit func(path, value string))
	// Words are those of the object's texts, in the same order each time.
	Words(obj runtime.Object) []string
}

// IndexOptions say when fields are indexed, and where.
type IndexOptions struct {
	// Options have the Name of Options.Log by default.
	index.Options
	// Off has all lists look at all objects.
	Off bool
	// Slow is how long a list takes that has its resource indexed, for those that follow. Default
	// 20ms.
	Slow time.Duration
	// Unused is for how long no list has used an index that is given up. Default 1h.
	Unused time.Duration
	// CheckEvery is how often some objects are looked for by what they are. Default 1min.
	CheckEvery time.Duration
}

const (
	defaultSlow   = 20 * time.Millisecond
	defaultUnused = time.Hour
	// indexPage is how many objects are read and written at a time while an index is made.
	indexPage = 500
	// gathering is how long changes wait for others, to be written together.
	gathering = 100 * time.Millisecond
	// sayEvery is how often the log says how far an index is.
	sayEvery = 10 * time.Second
	// nextAttempt is how long lists do without an index that could not be made or kept.
	nextAttempt = time.Minute
)

// fieldIndex is the index of a resource, which is made once a list has taken long, and follows the
// log from then on.
type fieldIndex struct {
	store     *store
	describer Describer

	// mu is held for reading by those that use the index.
	mu    sync.RWMutex
	index *index.Index // nil until it is complete

	state  sync.Mutex
	making bool // or there is one
	used   time.Time
	failed time.Time // when it was given up because of an error
	giveUp func()    // ends the one that there is
	// dropped says that it is given up because somebody wants that, and again that it is made anew.
	dropped, again bool
	measured       IndexStatus
}

// newFieldIndex returns nil for resources of which nothing is to lie in clear beside the database.
func (s *store) newFieldIndex(describer Describer) *fieldIndex {
	if describer == nil || !s.plaintext || s.engine.options.Index.Off {
		return nil
	}
	i := &fieldIndex{store: s, describer: describer}
	s.engine.indexes.add(i)
	i.measure(0, 0, 0)
	s.engine.metrics.indexLists.With(i.labels()).Add(0)
	for _, outcome := range []string{checkOK, checkWrong} {
		s.engine.metrics.indexChecks.With(i.labelsWith(outcome)).Add(0)
	}
	return i
}

// Names of values: those of a describer are paths, which begin with a letter.
func labelName(label string) string { return "#" + label }
func fieldName(path string) string  { return "=" + path }

// document is what is kept of an object.
func (i *fieldIndex) document(obj runtime.Object) (*index.Document, error) {
	labels, fields, err := i.store.GetAttrs(obj)
	if err != nil {
		return nil, err
	}
	d := &index.Document{Values: make(map[string]string), Words: i.describer.Words(obj)}
	for label, value := range labels {
		d.Values[labelName(label)] = value
	}
	for path, value := range fields {
		if isIndexed(path) && value != "" {
			d.Values[fieldName(path)] = value
		}
	}
	i.describer.EachValue(obj, func(path, value string) { d.Values[path] = value })
	return d, nil
}

// isIndexed leaves out what keys tell.
func isIndexed(path string) bool { return path != "metadata.name" && path != "metadata.namespace" }

// begin has the index made, in the background.
func (i *fieldIndex) begin() {
	i.state.Lock()
	defer i.state.Unlock()
	if !i.making && time.Since(i.failed) >= nextAttempt {
		i.make()
	}
}

// make has the index made; i.state is held.
func (i *fieldIndex) make() {
	running, giveUp := context.WithCancel(context.Background())
	i.making, i.used, i.giveUp, i.dropped, i.again = true, time.Now(), giveUp, false, false
	i.store.engine.Go(func(ctx context.Context) {
		defer giveUp()
		defer context.AfterFunc(ctx, giveUp)()
		err := i.run(running)
		i.state.Lock()
		defer i.state.Unlock()
		i.making = false
		switch {
		case ctx.Err() != nil:
		case i.dropped:
			klog.InfoS("The index was dropped, as was asked for", "resource", i.store.GroupResource, "makeAnew", i.again)
			if i.again {
				i.make()
			}
		case err != nil:
			i.failed = time.Now()
			klog.ErrorS(err, "The index was given up: lists look at all objects until it is made anew", "resource", i.store.GroupResource)
		}
	})
}

// drop gives the index up, if there is one, and has it made anew if again is true.
func (i *fieldIndex) drop(again bool) {
	i.state.Lock()
	defer i.state.Unlock()
	switch {
	case i.making:
		i.dropped, i.again = true, again
		i.giveUp()
	case again:
		i.make()
	}
}

func (i *fieldIndex) isUnused() bool {
	i.state.Lock()
	defer i.state.Unlock()
	return time.Since(i.used) > cmp.Or(i.store.engine.options.Index.Unused, defaultUnused)
}

// view opens a view of the index, and gives it up with done. It is nil if there is no index.
func (i *fieldIndex) view(ctx context.Context) (view *index.View, done func(), err error) {
	if !i.mu.TryRLock() { // It comes or goes.
		return nil, nil, nil
	}
	if i.index != nil {
		view, err = i.index.View(ctx)
	}
	i.state.Lock()
	defer i.state.Unlock()
	if view == nil {
		i.mu.RUnlock()
		if err != nil && ctx.Err() == nil {
			i.giveUp()
		}
		return nil, nil, err
	}
	i.used = time.Now()
	return view, func() {
		view.Close()
		i.mu.RUnlock()
	}, nil
}

// run makes the index, and keeps it up to date until it is no longer used.
func (i *fieldIndex) run(ctx context.Context) (err error) {
	begun := time.Now()
	x, err := index.New(ctx, i.store.engine.options.Index.Options)
	if err != nil {
		return err
	}
	defer func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.index = nil
		i.measure(0, 0, 0)
		err = errors.Join(err, x.Close())
	}()
	revision, objects, err := i.fill(ctx, x)
	if err != nil {
		return err
	}
	s := i.store.engine.Subscribe(changelog.Topic{Resource: i.store.resource, Key: i.store.resource.Prefix, Prefix: true, Progress: true}, revision)
	defer s.End()
	i.mu.Lock()
	i.index = x
	i.mu.Unlock()
	i.measure(x.Size(), revision, 0)
	klog.InfoS("Indexed", "resource", i.store.GroupResource, "objects", objects, "revision", revision, "bytes", x.Size(), "duration", time.Since(begun).Round(time.Millisecond))
	return i.follow(ctx, x, s)
}

// fill writes all objects, page by page. Before each page it catches up with what has changed of
// those before: however long it takes, it reads nothing that is older than a page.
func (i *fieldIndex) fill(ctx context.Context, x *index.Index) (revision int64, objects int, err error) {
	turn, err := i.takeTurn(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer turn.End()
	said := time.Now()
	query := driver.ListQuery{Prefix: i.store.resource.Prefix, Limit: indexPage}
	for more := true; more; {
		var page driver.Page
		err := turn.Read(ctx, func(ctx context.Context) (err error) {
			page, err = i.store.engine.backend.List(ctx, query)
			return err
		})
		if err != nil {
			return 0, 0, err
		}
		entries := make([]index.Entry, 0, len(page.Records))
		for _, r := range page.Records {
			if err := turn.Pause(ctx); err != nil {
				return 0, 0, err
			}
			obj, err := i.store.decodeStored(ctx, r.Key, r.Value, r.Checksum, false, r.Revision)
			entries = append(entries, i.entry(r.Key, obj, err))
		}
		if err := x.Apply(ctx, entries, page.Revision, turn.Pause); err != nil {
			return 0, 0, err
		}
		objects += len(entries)
		i.measure(x.Size(), 0, objects)
		if time.Since(said) >= sayEvery {
			said = time.Now()
			klog.InfoS("Indexing", "resource", i.store.GroupResource, "objects", objects, "revision", page.Revision)
		}
		query.Revision, more = page.Revision, page.More
		if more {
			query.Start = page.Records[len(page.Records)-1].Key + "\x00"
			if query.Revision, err = i.catchUp(ctx, x, turn, query); err != nil {
				return 0, 0, err
			}
		}
	}
	return query.Revision, objects, nil
}

// catchUp writes what has changed, since the revision of the next page to be filled in, of the keys
// before it, and returns the revision as of which they are then.
func (i *fieldIndex) catchUp(ctx context.Context, x *index.Index, turn *turns.Turn, next driver.ListQuery) (revision int64, err error) {
	revision = next.Revision
	for known := i.store.engine.KnownRevision(); revision < known; {
		var changes []driver.Change
		through := revision
		err := turn.Read(ctx, func(ctx context.Context) (err error) {
			changes, through, err = i.store.engine.backend.Log(ctx, revision, next.Prefix, indexPage)
			return err
		})
		if err != nil {
			return 0, err
		}
		if through <= revision {
			break // The database has not got there.
		}
		var events []*changelog.Event
		for _, change := range changes {
			if change.Key < next.Start {
				events = append(events, &changelog.Event{Change: change})
			}
		}
		if err := i.apply(ctx, x, turn, events, through); err != nil {
			return 0, err
		}
		revision = through
	}
	return revision, nil
}

// takeTurn waits for a processor: what the index costs is not a user's.
func (i *fieldIndex) takeTurn(ctx context.Context) (*turns.Turn, error) {
	return turns.Process.Take(ctx, turns.Follow, "index of "+i.store.GroupResource.String())
}

// entry is what is kept of a key. Lists look at it each time if that can't be told.
func (i *fieldIndex) entry(key string, obj runtime.Object, err error) index.Entry {
	var document *index.Document
	if obj != nil && err == nil {
		document, err = i.document(obj)
	}
	if err != nil {
		return index.Entry{Key: key, Unknown: true}
	}
	return index.Entry{Key: key, Document: document}
}

// follow writes what changes.
func (i *fieldIndex) follow(ctx context.Context, x *index.Index, s *changelog.Subscription) error {
	checked := time.Now()
	for !i.isUnused() {
		if time.Since(checked) >= cmp.Or(i.store.engine.options.Index.CheckEvery, defaultCheckEvery) {
			checked = time.Now()
			if err := i.check(ctx, x); err != nil {
				return err
			}
		}
		waiting, cancel := context.WithTimeout(ctx, cmp.Or(i.store.engine.options.Index.CheckEvery, defaultCheckEvery))
		events, progress, err := s.Next(waiting)
		cancel()
		switch {
		case errors.Is(err, changelog.ErrClosed):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			continue
		case err != nil:
			return err
		}
		if err := i.write(ctx, x, events, progress); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(gathering):
		}
	}
	klog.InfoS("The index was given up, as no list needed it", "resource", i.store.GroupResource)
	return nil
}

// write moves the index to the last of events, or to what has been seen without any: changes of
// others must not put it out of reach of the log.
func (i *fieldIndex) write(ctx context.Context, x *index.Index, events []*changelog.Event, progress int64) error {
	revision := progress
	if len(events) > 0 {
		revision = max(revision, events[len(events)-1].Revision)
	}
	if revision == 0 {
		return nil
	}
	turn, err := i.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer turn.End()
	if err := i.apply(ctx, x, turn, events, revision); err != nil {
		return err
	}
	i.measure(x.Size(), revision, 0)
	return nil
}

func (i *fieldIndex) apply(ctx context.Context, x *index.Index, turn *turns.Turn, events []*changelog.Event, revision int64) error {
	entries := make([]index.Entry, 0, len(events))
	for _, e := range events {
		if err := turn.Pause(ctx); err != nil {
			return err
		}
		decoded := i.store.decodeEvent(ctx, e, false)
		entries = append(entries, i.entry(e.Key, decoded.object, decoded.objectErr))
	}
	return x.Apply(ctx, entries, revision, turn.Pause)
}

func (i *fieldIndex) labels() map[string]string {
	return map[string]string{"group": i.store.GroupResource.Group, "resource": i.store.GroupResource.Resource}
}

func (i *fieldIndex) labelsWith(outcome string) map[string]string {
	labels := i.labels()
	labels["outcome"] = outcome
	return labels
}

// measure tells what the index takes, and how far it is: by the revision when it is complete, by
// objects while it is made.
func (i *fieldIndex) measure(bytes, revision int64, filled int) {
	i.state.Lock()
	i.measured = IndexStatus{Bytes: bytes, Revision: revision, Objects: filled}
	i.state.Unlock()
	i.store.engine.metrics.indexBytes.With(i.labels()).Set(float64(bytes))
	i.store.engine.metrics.indexRevision.With(i.labels()).Set(float64(revision))
	i.store.engine.metrics.indexFilled.With(i.labels()).Set(float64(filled))
}

// addChanged adds the keys whose objects are, or may be, others at one of two revisions than at the
// other; ok is false if that can't be told, or they are many.
func (i *fieldIndex) addChanged(ctx context.Context, keys sets.Set[string], one, other int64) (ok bool, err error) {
	after, through := min(one, other), max(one, other)
	if recent, known := i.store.engine.Changed(i.store.resource, after, through, maxChanged); known {
		keys.Insert(recent...)
		return len(keys) <= maxChanged, nil
	}
	for after < through && len(keys) <= maxChanged {
		changes, reached, err := i.store.engine.backend.Log(ctx, after, i.store.resource.Prefix, indexPage)
		if errors.Is(err, driver.ErrCompacted) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		for _, change := range changes {
			if change.Revision <= through {
				keys.Insert(change.Key)
			}
		}
		if reached <= after {
			break // The database has not got there.
		}
		after = reached
	}
	return after >= through && len(keys) <= maxChanged, nil
}
