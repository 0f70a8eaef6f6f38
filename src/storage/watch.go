package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/features"
	"k8s.io/apiserver/pkg/storage"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	utilflowcontrol "k8s.io/apiserver/pkg/util/flowcontrol"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/turns"
)

const (
	// watchBuffer is how many events wait for the receiver of a watch. None do of one with an
	// ObjectSelector: no others share its objects, and they are encoded while it has its turn.
	watchBuffer = 100
	// unread is for how long a turn waits for the receiver of a watch.
	unread = 5 * time.Millisecond
)

// Watch implements storage.Interface.
func (s *store) Watch(ctx context.Context, key string, opts storage.ListOptions) (watch.Interface, error) {
	return s.watch(ctx, key, opts, nil)
}

// watch is Watch, which tells decoded, if that is not nil, what is about to be deleted.
func (s *store) watch(ctx context.Context, key string, opts storage.ListOptions, decoded *decodedObjects) (watch.Interface, error) {
	key, err := s.key(key, opts.Recursive)
	if err != nil {
		return nil, err
	}
	revision, err := s.versioner.ParseResourceVersion(opts.ResourceVersion)
	if err != nil {
		return nil, err
	}
	if opts.Recursive && !strings.HasSuffix(key, "/") {
		return nil, fmt.Errorf("recursive key needs to end with %q", "/")
	}
	if opts.ProgressNotify && s.NewFunc == nil {
		return nil, apierrors.NewInternalError(errors.New("progress notifications need NewFunc"))
	}
	watchList := utilfeature.DefaultFeatureGate.Enabled(features.WatchList)
	wantsInitial := watchList && opts.SendInitialEvents != nil && *opts.SendInitialEvents
	w := &watcher{
		store:         s,
		key:           key,
		opts:          opts,
		revision:      int64(revision),
		initialEvents: wantsInitial || opts.SendInitialEvents == nil && revision == 0,
		endBookmark:   wantsInitial && opts.Predicate.AllowWatchBookmarks,
		matchAll:      opts.Predicate.Empty(),
		selector:      sharedSelector(opts.Predicate),
		decoded:       decoded,
	}
	buffer := watchBuffer
	if selector := objectSelector(opts.Predicate); selector != nil {
		buffer = 0
		if first, _ := selector.Ordered(); first > 0 {
			w.top = &top{selector: selector, first: first}
		}
	}
	w.result = make(chan watch.Event, buffer)
	if revision == 0 && !w.initialEvents {
		// Only what comes from now on is wanted.
		if w.revision, err = s.engine.backend.CurrentRevision(ctx); err != nil {
			return nil, statusError(err)
		}
	}
	ctx, w.cancel = context.WithCancel(ctx)
	go w.run(ctx)

	// Priority and fairness counts a watch as started once its initial events are sent; that can't
	// be told here from those that follow, as little as with etcd.
	utilflowcontrol.WatchInitialized(ctx)
	return w, nil
}

// watcher is a watch.Interface. One goroutine, run, fills it from the store's list and a
// subscription.
type watcher struct {
	store         *store
	key           string
	opts          storage.ListOptions
	revision      int64 // events after it are delivered
	initialEvents bool
	endBookmark   bool
	matchAll      bool
	selector      string          // names what objects are selected by, if that takes long
	top           *top            // if only the first objects in an order are wanted
	decoded       *decodedObjects // nil unless the watch cache watches
	result        chan watch.Event
	cancel        context.CancelFunc
}

// Stop implements watch.Interface.
func (w *watcher) Stop() { w.cancel() }

// ResultChan implements watch.Interface.
func (w *watcher) ResultChan() <-chan watch.Event { return w.result }

// run delivers events until ctx ends or an error occurs, which is then the last event.
func (w *watcher) run(ctx context.Context) {
	defer close(w.result)
	defer w.cancel()
	err := w.deliver(ctx)
	if err == nil || ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return
	}
	select {
	case w.result <- watch.Event{Type: watch.Error, Object: watchStatus(err)}:
	case <-ctx.Done():
	}
}

func (w *watcher) deliver(ctx context.Context) error {
	switch {
	case w.top != nil:
		if err := w.startTop(ctx); err != nil {
			return err
		}
	case w.initialEvents:
		if err := w.sendInitialEvents(ctx); err != nil {
			return err
		}
	}
	if w.endBookmark {
		if err := w.sendBookmark(ctx, w.revision, true); err != nil {
			return err
		}
	}
	s := w.store
	if err := s.checkStart(ctx, w.revision); err != nil {
		return err
	}
	topic := changelog.Topic{Resource: s.resource, Key: w.key, Prefix: w.opts.Recursive, Progress: w.opts.ProgressNotify}
	subscription := s.engine.Subscribe(topic, w.revision)
	defer subscription.End()
	for {
		events, progress, err := subscription.Next(ctx)
		if err != nil {
			return err
		}
		for _, e := range events {
			if err := w.sendChange(ctx, e); err != nil {
				return err
			}
		}
		if progress > 0 {
			if err := w.sendBookmark(ctx, progress, false); err != nil {
				return err
			}
		}
	}
}

// checkStart fails if a watch is to go on from a revision that does not exist: its client saw a
// state that the database has lost, or another database. It would miss what gets the revisions up
// to there.
func (s *store) checkStart(ctx context.Context, revision int64) error {
	if revision <= s.engine.KnownRevision() {
		return nil
	}
	current, err := s.engine.backend.CurrentRevision(ctx)
	if err == nil && revision > current {
		err = fmt.Errorf("%w: %d is above %d", driver.ErrFutureRevision, revision, current)
	}
	return err
}

// checkReached fails if initial events have to be newer than anything there is.
func (w *watcher) checkReached(ctx context.Context) error {
	if w.revision == 0 {
		return nil
	}
	current, err := w.store.engine.backend.CurrentRevision(ctx)
	if err != nil {
		return err
	}
	if w.revision > current {
		retryAfter := int(wait.Jitter(time.Second, 3).Seconds())
		return storage.NewTooLargeResourceVersionError(uint64(w.revision), uint64(current), retryAfter)
	}
	return nil
}

// sendInitialEvents sends the state as of one revision as ADDED events; the watch goes on from
// there.
func (w *watcher) sendInitialEvents(ctx context.Context) error {
	s := w.store
	if err := w.checkReached(ctx); err != nil {
		return err
	}
	if !w.opts.Recursive {
		record, current, err := s.engine.backend.Get(ctx, w.key, 0)
		if err != nil {
			return err
		}
		w.revision = current
		if record == nil {
			return nil
		}
		return w.sendInitial(ctx, *record, &lister{})
	}
	l := &lister{store: s, opts: w.opts, selector: objectSelector(w.opts.Predicate), prefix: w.key, newItem: w.store.NewFunc}
	end, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	query := driver.ListQuery{Prefix: w.key, Limit: l.batch(maxPage), Filter: s.filter(w.opts.Predicate)}
	query.Bare = l.mayBeBare(query.Filter)
	for {
		var page driver.Page
		err := l.turn.Read(ctx, func(ctx context.Context) (err error) {
			page, err = s.engine.backend.List(ctx, query)
			return err
		})
		if err != nil {
			return err
		}
		w.revision = page.Revision
		if query.Bare {
			if err := l.complete(ctx, page.Records, page.Revision); err != nil {
				return err
			}
		}
		for i := range page.Records {
			if err := l.turn.Pause(ctx); err != nil {
				return err
			}
			record := page.Records[i]
			page.Records[i] = driver.Record{} // Clients may take their time.
			if err := w.sendInitial(ctx, record, l); err != nil {
				return err
			}
			l.examined++
			l.bytesRead += len(record.Value)
			query.Start = record.Key + "\x00"
		}
		if !page.More {
			return nil
		}
		query.Revision = page.Revision
		query.Bare = query.Bare && l.decodedHelps
		query.Limit = l.batch(maxPage)
	}
}

// sendInitial sends the object of a record if it matches; l knows some objects, which are shared.
func (w *watcher) sendInitial(ctx context.Context, record driver.Record, l *lister) error {
	obj, known := l.decoded[record.Revision]
	if !known {
		data, _, err := w.store.decrypt(ctx, record.Key, record.Value, record.Checksum)
		if err != nil {
			return err
		}
		if selector := objectSelector(w.opts.Predicate); selector != nil && !selector.MayMatchStored(data) {
			return nil
		}
		if obj, err = w.store.decode(data, record.Revision, nil); err != nil {
			return err
		}
	}
	if matched, err := w.matches(obj); err != nil || !matched {
		return err
	}
	if known {
		obj = obj.DeepCopyObject()
	}
	return w.sendInTurn(ctx, l.turn, obj)
}

// sendInTurn sends an object that there is when the watch begins. The turn lasts until the client
// has taken what was sent before, so that not all watches are encoded at once; but not for one that
// takes its time.
func (w *watcher) sendInTurn(ctx context.Context, turn *turns.Turn, obj runtime.Object) error {
	event := watch.Event{Type: watch.Added, Object: obj}
	if turn == nil {
		return w.send(ctx, event)
	}
	waiting, cancel := context.WithTimeout(ctx, unread)
	defer cancel()
	if err := w.send(waiting, event); err == nil || ctx.Err() != nil {
		return err
	}
	turn.End()
	return w.send(ctx, event)
}

func (w *watcher) sendBookmark(ctx context.Context, revision int64, endOfInitialEvents bool) error {
	obj := w.store.NewFunc()
	if err := w.store.versioner.UpdateObject(obj, uint64(revision)); err != nil {
		return fmt.Errorf("setting the resource version of a bookmark: %w", err)
	}
	if endOfInitialEvents {
		if err := storage.AnnotateInitialEventsEndBookmark(obj); err != nil {
			return fmt.Errorf("annotating the bookmark after the initial events: %w", err)
		}
	}
	return w.send(ctx, watch.Event{Type: watch.Bookmark, Object: obj})
}

// sendChange sends what a change is to this watch: nothing, if its selectors match neither before
// nor after.
func (w *watcher) sendChange(ctx context.Context, e *changelog.Event) error {
	// Before only matters if it is what is sent, or if selectors may have matched it.
	needPrev := e.PrevRevision != 0 && (e.Deleted || !w.matchAll)
	decoded := w.store.decodeEvent(ctx, e, needPrev)
	if decoded.objectErr != nil {
		return decoded.objectErr
	}
	if needPrev && decoded.prevErr != nil {
		if e.Deleted && errors.As(decoded.prevErr, new(*corruptError)) {
			return &deletedUnreadableError{err: decoded.prevErr}
		}
		return decoded.prevErr
	}
	before, err := w.matchesChange(ctx, e, decoded.prev, e.PrevRevision != 0, true)
	if err != nil {
		return err
	}
	after, err := w.matchesChange(ctx, e, decoded.object, !e.Deleted, false)
	if err != nil {
		return err
	}
	switch {
	case !before && !after:
		return nil
	case w.top != nil:
		return w.sendTop(ctx, e, decoded, before, after)
	case !after:
		if w.decoded != nil {
			w.decoded.expectDeleted(e.Key, e.Revision)
		}
		return w.sendShared(ctx, watch.Deleted, decoded.prev)
	case !before:
		return w.sendShared(ctx, watch.Added, decoded.object)
	default:
		return w.sendShared(ctx, watch.Modified, decoded.object)
	}
}

// sendShared sends an object that is shared with other watchers. A receiver may change what it
// gets, but for the watch cache, which leaves to others what it has.
func (w *watcher) sendShared(ctx context.Context, t watch.EventType, obj runtime.Object) error {
	if w.decoded == nil {
		obj = obj.DeepCopyObject()
	}
	if w.opts.RecordTimestamps {
		obj = &timedObject{Object: obj, decoded: time.Now()}
	}
	if err := w.send(ctx, watch.Event{Type: t, Object: obj}); err != nil {
		return err
	}
	w.store.engine.CountDelivered()
	return nil
}

func (w *watcher) matches(obj runtime.Object) (bool, error) {
	if w.matchAll {
		return true, nil
	}
	return matches(&w.opts.Predicate, obj)
}

// matchesChange reports whether the object that exists before or after a change matches.
func (w *watcher) matchesChange(ctx context.Context, e *changelog.Event, obj runtime.Object, exists, before bool) (bool, error) {
	switch {
	case !exists:
		return false, nil
	case w.selector == "":
		return w.matches(obj)
	}
	return w.store.decisions.on(ctx, change{w.selector, e.Revision, before}, func() (bool, error) { return w.matches(obj) })
}

func (w *watcher) send(ctx context.Context, e watch.Event) error {
	select {
	case w.result <- e:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// timedObject tells the watch cache when an event was decoded.
type timedObject struct {
	runtime.Object
	decoded time.Time
}

var _ storage.WatchEventWithRecordTime = (*timedObject)(nil)

// GetObjectMeta implements metav1.ObjectMetaAccessor.
func (t *timedObject) GetObjectMeta() metav1.Object {
	accessor, err := meta.Accessor(t.Object)
	if err != nil {
		return nil
	}
	return accessor
}

// DeepCopyObject implements runtime.Object.
func (t *timedObject) DeepCopyObject() runtime.Object {
	return &timedObject{Object: t.Object.DeepCopyObject(), decoded: t.decoded}
}

// RecordTime implements storage.WatchEventWithRecordTime.
func (t *timedObject) RecordTime() time.Time { return t.decoded }

// Unwrap implements storage.WatchEventWithRecordTime.
func (t *timedObject) Unwrap() runtime.Object { return t.Object }
