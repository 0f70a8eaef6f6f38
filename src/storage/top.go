package storage

import (
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/src/storage/changelog"
)

// moreKept is how many objects behind those that are shown are known at least, if there are as
// many.
const moreKept = 100

// top is what a watch of the first objects in an order knows: more than are shown, so that others
// move up when some leave. Objects behind the known ones are read when there are too few.
type top struct {
	selector ObjectSelector
	first    int
	known    []ranked // sorted; objects are not changed
	more     bool     // there are objects behind those known
}

// readTop reads the first objects as of a revision; 0 is the current one.
func (w *watcher) readTop(ctx context.Context, revision int64) error {
	t := w.top
	l := &lister{store: w.store, opts: w.opts, selector: t.selector, prefix: w.key, revision: revision, newItem: w.store.NewFunc,
		ranking: &ranking{selector: t.selector, limit: t.kept()}}
	l.opts.ResourceVersion = ""
	end, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := l.read(ctx); err != nil {
		return err
	}
	t.known, t.more = l.ranking.sorted(), l.ranking.more
	w.revision = l.revision
	return nil
}

// kept is how many objects are known at most: to read them again takes long.
func (t *top) kept() int { return t.first + max(t.first, moreKept) }

// shown are the objects that the watch shows.
func (t *top) shown() []ranked { return t.known[:min(t.first, len(t.known))] }

// remove forgets an object, and reports whether it was known.
func (t *top) remove(key string) bool {
	at := slices.IndexFunc(t.known, func(r ranked) bool { return r.Key == key })
	if at < 0 {
		return false
	}
	t.known = slices.Delete(slices.Clone(t.known), at, at+1)
	return true
}

// add puts an object where it belongs, and reports whether that is among what is known.
func (t *top) add(key string, obj runtime.Object) bool {
	entry := ranked{rank{[]byte(t.selector.Position(obj)), key}, obj}
	at, _ := slices.BinarySearchFunc(t.known, entry, func(a, b ranked) int { return a.compare(b.rank) })
	if at == len(t.known) && t.more {
		return false
	}
	t.known = slices.Insert(slices.Clone(t.known), at, entry)
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
	for _, r := range w.top.shown() {
		if err := w.send(ctx, watch.Event{Type: watch.Added, Object: r.object.DeepCopyObject()}); err != nil {
			return err
		}
	}
	return nil
}

// sendTop sends what a change is to a watch of the first objects: what is no longer among them has
// left with the revision of the change, even if it was not what changed.
func (w *watcher) sendTop(ctx context.Context, e *changelog.Event, decoded decodedEvent, before, after bool) error {
	shown := w.top.shown()
	removed := before && w.top.remove(e.Key)
	added := after && w.top.add(e.Key, decoded.object)
	if !removed && !added {
		return nil // It is behind what is known.
	}
	if len(w.top.known) < w.top.first && w.top.more {
		if err := w.readTop(ctx, e.Revision); err != nil {
			return err
		}
	}
	keysBefore, now := keysOf(shown), w.top.shown()
	for _, r := range now {
		switch {
		case !keysBefore.Has(r.Key):
			if err := w.sendShared(ctx, watch.Added, r.object); err != nil {
				return err
			}
		case r.Key == e.Key:
			if err := w.sendShared(ctx, watch.Modified, r.object); err != nil {
				return err
			}
		}
	}
	keysNow := keysOf(now)
	for _, s := range shown {
		if keysNow.Has(s.Key) {
			continue
		}
		left := s.object.DeepCopyObject()
		if err := w.store.versioner.UpdateObject(left, uint64(e.Revision)); err != nil {
			return err
		}
		if err := w.send(ctx, watch.Event{Type: watch.Deleted, Object: left}); err != nil {
			return err
		}
	}
	return nil
}

func keysOf(entries []ranked) sets.Set[string] {
	keys := make(sets.Set[string], len(entries))
	for _, entry := range entries {
		keys.Insert(entry.Key)
	}
	return keys
}
