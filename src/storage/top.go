package storage

import (
	"context"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/turns"
)

// moreKept is how many places behind those that are shown are known at least, if there are as many:
// to read them again takes long.
const moreKept = 100

// readTogether is how many objects are found and held at a time, to be sent.
const readTogether = 10

// top is what a watch of the first objects in an order knows: the places of more than are shown, so
// that others move up when some leave. Places behind the known ones are read when there are too
// few. A watch holds no objects: those that it sends are in the watch cache, or are read.
type top struct {
	selector ObjectSelector
	first    int
	known    []topPlace // sorted
	more     bool       // there are places behind those known
}

// topPlace is where the object of a revision is.
type topPlace struct {
	rank
	revision int64
}

func (p topPlace) compare(other topPlace) int { return p.rank.compare(other.rank) }

// readTop reads the first places as of a revision; 0 is the current one.
func (w *watcher) readTop(ctx context.Context, revision int64) error {
	t := w.top
	l := &lister{store: w.store, opts: w.opts, selector: t.selector, prefix: w.key, revision: revision, newItem: w.store.NewFunc,
		ranking: &ranking{selector: t.selector, limit: t.kept()}}
	l.opts.ResourceVersion = ""
	leave, err := w.store.engine.reading.enter(ctx, turns.UserOf(ctx))
	if err != nil {
		return err
	}
	defer leave()
	end, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := l.read(ctx); err != nil {
		return err
	}
	entries := l.ranking.sorted()
	t.known, t.more = make([]topPlace, len(entries)), l.ranking.more
	for i, entry := range entries {
		revision, err := w.store.versioner.ObjectResourceVersion(entry.object)
		if err != nil {
			return fmt.Errorf("reading the resource version: %w", err)
		}
		t.known[i] = topPlace{entry.rank, int64(revision)}
	}
	w.revision = l.revision
	return nil
}

// kept is how many places are known at most.
func (t *top) kept() int { return t.first + moreKept }

// shown are the places whose objects the watch shows.
func (t *top) shown() []topPlace { return t.known[:min(t.first, len(t.known))] }

// place is that of an object as of a revision.
func (t *top) place(key string, obj runtime.Object, revision int64) topPlace {
	return topPlace{rank{[]byte(t.selector.Position(obj)), key}, revision}
}

// remove forgets a place, and reports whether it was known.
func (t *top) remove(p topPlace) bool {
	at, found := slices.BinarySearchFunc(t.known, p, topPlace.compare)
	if found {
		t.known = slices.Delete(t.known, at, at+1)
	}
	return found
}

// add puts a place where it belongs, and reports whether that is among what is known.
func (t *top) add(p topPlace) bool {
	at, _ := slices.BinarySearchFunc(t.known, p, topPlace.compare)
	if at == len(t.known) && t.more {
		return false
	}
	t.known = slices.Insert(t.known, at, p)
	if len(t.known) > t.kept() {
		t.known, t.more = t.known[:t.kept()], true
	}
	return true
}

// startTop reads what the watch begins with, and shows it if it is to.
func (w *watcher) startTop(ctx context.Context) error {
	revision := w.revision
	if w.initialEvents {
		if err := w.checkReached(ctx); err != nil {
			return err
		}
		revision = 0
	}
	if err := w.readTop(ctx, revision); err != nil {
		return err
	}
	if !w.initialEvents {
		return nil
	}
	turn, err := turns.Process.Take(ctx, turns.Request, turns.UserOf(ctx))
	if err != nil {
		return err
	}
	defer turn.End()
	for places := range slices.Chunk(w.top.shown(), readTogether) {
		objects, err := w.objectsAt(ctx, turn, places, w.revision)
		if err != nil {
			return err
		}
		for _, obj := range objects {
			if err := turn.Pause(ctx); err != nil {
				return err
			}
			if err := w.sendInTurn(ctx, turn, obj.DeepCopyObject()); err != nil {
				return err
			}
		}
	}
	return nil
}

// sendTop sends what a change is to a watch of the first objects: what is no longer among them has
// left with the revision of the change, even if it was not what changed.
func (w *watcher) sendTop(ctx context.Context, e *changelog.Event, decoded decodedEvent, before, after bool) error {
	t := w.top
	shown := slices.Clone(t.shown())
	var from, to topPlace
	removed, added := false, false
	if before {
		from = t.place(e.Key, decoded.prev, e.PrevRevision)
		removed = t.remove(from)
	}
	if after {
		to = t.place(e.Key, decoded.object, e.Revision)
		added = t.add(to)
	}
	if !removed && !added {
		return nil // It is behind what is known.
	}
	if len(t.known) < t.first && t.more {
		if err := w.readTop(ctx, e.Revision); err != nil {
			return err
		}
	}
	now := t.shown()
	wasShown, isShown := before && hasPlace(shown, from), after && hasPlace(now, to)
	up, out := placesOnlyIn(now, shown, e.Key), placesOnlyIn(shown, now, e.Key)
	moved, err := w.objectsAt(ctx, nil, slices.Concat(up, out), e.Revision)
	if err != nil {
		return err
	}
	var events []watch.Event
	switch {
	case wasShown && isShown:
		events = append(events, watch.Event{Type: watch.Modified, Object: decoded.object})
	case isShown:
		events = append(events, watch.Event{Type: watch.Added, Object: decoded.object})
	}
	for _, obj := range moved[:len(up)] {
		events = append(events, watch.Event{Type: watch.Added, Object: obj})
	}
	if wasShown && !isShown {
		events = append(events, watch.Event{Type: watch.Deleted, Object: decoded.prev})
	}
	for _, obj := range moved[len(up):] {
		left := obj.DeepCopyObject()
		if err := w.store.versioner.UpdateObject(left, uint64(e.Revision)); err != nil {
			return err
		}
		events = append(events, watch.Event{Type: watch.Deleted, Object: left})
	}
	for _, event := range events {
		if err := w.sendShared(ctx, event.Type, event.Object); err != nil {
			return err
		}
	}
	return nil
}

func hasPlace(places []topPlace, p topPlace) bool {
	_, found := slices.BinarySearchFunc(places, p, topPlace.compare)
	return found
}

// placesOnlyIn are those of other keys than the one that changed.
func placesOnlyIn(places, others []topPlace, changed string) (only []topPlace) {
	for _, p := range places {
		for len(others) > 0 && others[0].compare(p) < 0 {
			others = others[1:]
		}
		if p.Key != changed && (len(others) == 0 || others[0].compare(p) != 0) {
			only = append(only, p)
		}
	}
	return only
}

// objectsAt are the objects of places as of a revision, at which they live. Nobody may change them.
func (w *watcher) objectsAt(ctx context.Context, turn *turns.Turn, places []topPlace, revision int64) ([]runtime.Object, error) {
	s := w.store
	records, keys := make([]driver.Record, len(places)), make([]string, len(places))
	for i, p := range places {
		records[i], keys[i] = driver.Record{Key: p.Key, Revision: p.revision}, p.Key
	}
	known := make(map[int64]runtime.Object, len(places))
	if s.decoded != nil {
		keys = s.decoded.find(records, known)
	}
	if len(keys) > 0 {
		var read []driver.Record
		err := turn.Read(ctx, func(ctx context.Context) (err error) {
			read, err = s.engine.backend.GetAll(ctx, driver.KeysQuery{Keys: keys, Revision: revision})
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, r := range read {
			if known[r.Revision], err = s.decodeStored(ctx, r.Key, r.Value, r.Checksum, false, r.Revision); err != nil {
				return nil, err
			}
		}
	}
	objects := make([]runtime.Object, len(places))
	for i, p := range places {
		if objects[i] = known[p.revision]; objects[i] == nil {
			return nil, fmt.Errorf("revision %d of %s is not there at revision %d", p.revision, p.Key, revision)
		}
	}
	return objects, nil
}
