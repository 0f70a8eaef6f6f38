package storagetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/apitesting"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	examplev1 "k8s.io/apiserver/pkg/apis/example/v1"
	apistorage "k8s.io/apiserver/pkg/storage"
	clientfeatures "k8s.io/client-go/features"
	clientfeaturestesting "k8s.io/client-go/features/testing"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// ExerciseEngine runs the scenarios that upstream's suites leave out: what happens between writers,
// watchers and a database that fails, and between several processes on one database.
func ExerciseEngine(t *testing.T, harness Harness) {
	// The feature is the process': nothing else runs meanwhile.
	t.Run("WatchFromBeforeListedCache", func(t *testing.T) {
		clientfeaturestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, false)
		exerciseWatchFromBeforeCache(t, harness)
	})
	for _, scenario := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"UnchangedUpdate", exerciseUnchangedUpdate},
		{"CancelledWriteInBatch", exerciseCancelledWriteInBatch},
		{"WriteThatFailsAlone", exerciseWriteThatFailsAlone},
		{"UnknownOutcome", exerciseUnknownOutcome},
		{"Unavailable", exerciseUnavailable},
		{"TooLarge", exerciseTooLarge},
		{"SlowWatcher", exerciseSlowWatcher},
		{"WatchersCostNoQueries", exerciseWatchersCostNoQueries},
		{"RemainingIsCountedOnce", exerciseRemainingIsCountedOnce},
		{"RemainingFollowsChanges", exerciseRemainingFollowsChanges},
		{"StatsAreCountedOnce", exerciseStatsAreCountedOnce},
		{"LargeSelectors", exerciseLargeSelectors},
		{"CostlySelectors", exerciseCostlySelectors},
		{"EqualSelectors", exerciseEqualSelectors},
		{"ListsHaveAPace", exerciseListsHaveAPace},
		{"CachedObjects", exerciseCachedObjects},
		{"HiddenSelectors", exerciseHiddenSelectors},
		{"BoundedHistory", exerciseBoundedHistory},
		{"HistoryOnLowDisk", exerciseHistoryOnLowDisk},
		{"WatchFromCompacted", exerciseWatchFromCompacted},
		{"ProgressIsNeverEarly", exerciseProgressIsNeverEarly},
		{"ExpiredObject", exerciseExpiredObject},
		{"Restart", exerciseRestart},
		{"WatchFromBeforeCache", exerciseWatchFromBeforeCache},
		{"DamagedValue", exerciseDamagedValue},
		{"LostCommits", exerciseEngineThatLostCommits},
		{"WatchFromTheFuture", exerciseWatchFromTheFuture},
		{"WatchFromBeforeMemory", exerciseWatchFromBeforeMemory},
		{"TwoProcesses", exerciseTwoProcesses},
		{"TwoProcessesPolling", exerciseTwoProcessesPolling},
		{"TransformerFailsOnce", exerciseTransformerFailsOnce},
		{"OtherVersion", exerciseOtherVersion},
		{"RefusedWrites", exerciseRefusedWrites},
		{"WritesOfUnknownOutcome", exerciseWritesOfUnknownOutcome},
		{"TailThatFails", exerciseTailThatFails},
		{"TailFarBehind", exerciseTailFarBehind},
		{"MetricsOfTheDatabase", exerciseMetricsOfTheDatabase},
		{"MetricsOfOperations", exerciseMetricsOfOperations},
		{"MetricsOfWatchers", exerciseMetricsOfWatchers},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			t.Parallel()
			scenario.run(t, harness)
		})
	}
}

// process is an engine with a store of pods, as one API server has them.
type process struct {
	*storage.Engine
	backend *faultyBackend
	store   apistorage.Interface
}

func startProcess(t *testing.T, backend driver.Backend, options storage.Options) *process {
	t.Helper()
	faulty := &faultyBackend{Backend: backend}
	return startOn(t, faulty, faulty, options)
}

// startOn starts a process on a backend that stands for the faulty one.
func startOn(t *testing.T, faulty *faultyBackend, backend driver.Backend, options storage.Options) *process {
	t.Helper()
	p := &process{backend: faulty}
	var err error
	if p.Engine, err = storage.Open(t.Context(), backend, options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	p.store = p.newStore(t, func(*storage.StoreConfig) {})
	return p
}

// newStore makes a store of pods with whatever else change sets.
func (p *process) newStore(t *testing.T, change func(*storage.StoreConfig)) apistorage.Interface {
	t.Helper()
	config := storage.StoreConfig{
		GroupResource:  schema.GroupResource{Resource: "pods"},
		ResourcePrefix: podPrefix,
		Codec:          apitesting.TestCodec(codecs, examplev1.SchemeGroupVersion),
		NewFunc:        newPod,
		GetAttrs:       podAttributes,
	}
	change(&config)
	store, err := p.NewStore(config)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func pod(name string) *example.Pod {
	return &example.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "ns"}}
}

func newPod() runtime.Object { return &example.Pod{} }

func newPodList() runtime.Object { return &example.PodList{} }

// podKeyFunc is the key of an object, podKey that of a pod by name.
func podKeyFunc(obj runtime.Object) (string, error) {
	return apistorage.NamespaceKeyFunc(podPrefix, obj)
}

func podKey(name string) string { return podPrefix + "ns/" + name }

func (p *process) create(ctx context.Context, name string) (*example.Pod, error) {
	out := &example.Pod{}
	err := p.store.Create(ctx, podKey(name), pod(name), out, 0)
	return out, err
}

func (p *process) mustCreate(t *testing.T, name string) *example.Pod {
	t.Helper()
	out, err := p.create(t.Context(), name)
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
	return out
}

// label sets a label of a pod; value "" leaves the pod as it is.
func (p *process) label(ctx context.Context, name, value string) (*example.Pod, error) {
	out := &example.Pod{}
	err := p.store.GuaranteedUpdate(ctx, podKey(name), out, false, nil, apistorage.SimpleUpdate(func(obj runtime.Object) (runtime.Object, error) {
		if value != "" {
			metav1.SetMetaDataLabel(&obj.(*example.Pod).ObjectMeta, "value", value)
		}
		return obj, nil
	}), nil)
	return out, err
}

func (p *process) watch(t *testing.T, from string, options ...func(*apistorage.ListOptions)) watch.Interface {
	t.Helper()
	opts := apistorage.ListOptions{ResourceVersion: from, Recursive: true, Predicate: apistorage.Everything}
	for _, option := range options {
		option(&opts)
	}
	w, err := p.store.Watch(t.Context(), podPrefix, opts)
	if err != nil {
		t.Fatalf("watch from %s: %v", from, err)
	}
	t.Cleanup(w.Stop)
	return w
}

// next is the next event of a watch; one that does not come fails the test when its time is over.
func next(t *testing.T, w watch.Interface) watch.Event {
	t.Helper()
	select {
	case event, ok := <-w.ResultChan():
		if !ok {
			t.Fatal("the watch ended")
		}
		return event
	case <-time.After(time.Minute):
		t.Fatal("no event came")
		return watch.Event{}
	}
}

func wantEvent(t *testing.T, w watch.Interface, kind watch.EventType, want *example.Pod) {
	t.Helper()
	event := next(t, w)
	object := event.Object
	if cached, ok := object.(runtime.CacheableObject); ok {
		object = cached.GetObject()
	}
	got, ok := object.(*example.Pod)
	if !ok {
		t.Fatalf("got event %s %#v, want %s %s", event.Type, event.Object, kind, want.Name)
	}
	if event.Type != kind || got.Name != want.Name || got.ResourceVersion != want.ResourceVersion {
		t.Fatalf("got event %s %s at %s, want %s %s at %s", event.Type, got.Name, got.ResourceVersion, kind, want.Name, want.ResourceVersion)
	}
}

func revisionOf(t *testing.T, obj metav1.Object) int64 {
	t.Helper()
	revision, err := strconv.ParseInt(obj.GetResourceVersion(), 10, 64)
	if err != nil {
		t.Fatalf("%s has resourceVersion %q", obj.GetName(), obj.GetResourceVersion())
	}
	return revision
}

// decrement is the resourceVersion before one.
func decrement(t *testing.T, resourceVersion string) string {
	t.Helper()
	return strconv.FormatInt(revisionOf(t, &metav1.ObjectMeta{ResourceVersion: resourceVersion})-1, 10)
}

// faultyBackend fails on demand and counts calls.
type faultyBackend struct {
	driver.Backend
	// commit replaces Commit.
	commit atomic.Pointer[func(context.Context, []driver.Write) ([]int64, error)]
	// log replaces Log.
	log atomic.Pointer[func(ctx context.Context, after int64, prefix string, limit int) ([]driver.Change, int64, error)]
	// failure is what reads fail with.
	failure atomic.Pointer[error]
	commits atomic.Int64
	reads   atomic.Int64
}

func (b *faultyBackend) failWith(err error) {
	if err == nil {
		b.failure.Store(nil)
		return
	}
	b.failure.Store(&err)
}

func (b *faultyBackend) Commit(ctx context.Context, batch []driver.Write) ([]int64, error) {
	b.commits.Add(1)
	if commit := b.commit.Load(); commit != nil {
		return (*commit)(ctx, batch)
	}
	return b.Backend.Commit(ctx, batch)
}

func (b *faultyBackend) Get(ctx context.Context, key string, at int64) (*driver.Record, int64, error) {
	b.reads.Add(1)
	if err := b.failure.Load(); err != nil {
		return nil, 0, *err
	}
	return b.Backend.Get(ctx, key, at)
}

func (b *faultyBackend) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	b.reads.Add(1)
	if err := b.failure.Load(); err != nil {
		return driver.Page{}, *err
	}
	return b.Backend.List(ctx, query)
}

func (b *faultyBackend) Log(ctx context.Context, after int64, prefix string, limit int) ([]driver.Change, int64, error) {
	b.reads.Add(1)
	if err := b.failure.Load(); err != nil {
		return nil, 0, *err
	}
	if log := b.log.Load(); log != nil {
		return (*log)(ctx, after, prefix, limit)
	}
	return b.Backend.Log(ctx, after, prefix, limit)
}

// quiet are options of an engine that does nothing of its own accord.
var quiet = storage.Options{Log: changelog.Options{PollInterval: time.Hour, ExpiryInterval: time.Hour, ProgressInterval: time.Hour}}

func exerciseUnchangedUpdate(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	created := p.mustCreate(t, "a")
	w := p.watch(t, created.ResourceVersion)
	for range 3 {
		updated, err := p.label(t.Context(), "a", "")
		if err != nil {
			t.Fatal(err)
		}
		if updated.ResourceVersion != created.ResourceVersion {
			t.Errorf("an update that changed nothing moved the resourceVersion from %s to %s", created.ResourceVersion, updated.ResourceVersion)
		}
	}
	if commits := p.backend.commits.Load(); commits != 1 {
		t.Errorf("%d commits, want that of the creation alone", commits)
	}
	wantEvent(t, w, watch.Added, p.mustCreate(t, "b")) // nothing came before it
}

// heldCommits makes commits wait until release is called; begun tells that one waits.
func (p *process) heldCommits() (begun chan struct{}, release func()) {
	begun = make(chan struct{}, 100)
	gate := make(chan struct{})
	commit := func(ctx context.Context, batch []driver.Write) ([]int64, error) {
		begun <- struct{}{}
		<-gate
		return p.backend.Backend.Commit(ctx, batch)
	}
	p.backend.commit.Store(&commit)
	return begun, sync.OnceFunc(func() { close(gate) })
}

func exerciseCancelledWriteInBatch(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	begun, release := p.heldCommits()
	defer release()
	var writers sync.WaitGroup
	writers.Go(func() { p.mustCreate(t, "first") })
	<-begun
	// These wait for the first: they will be one batch, less what is cancelled.
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := make(chan error, 1)
	go func() {
		_, err := p.create(ctx, "cancelled")
		cancelled <- err
	}()
	for i := range 10 {
		writers.Go(func() { p.mustCreate(t, fmt.Sprintf("neighbour-%d", i)) })
	}
	cancel()
	if err := <-cancelled; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled write ended with %v, want %v", err, context.Canceled)
	}
	release()
	writers.Wait()
	list := &example.PodList{}
	if err := p.store.GetList(t.Context(), podPrefix, apistorage.ListOptions{Recursive: true, Predicate: apistorage.Everything}, list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 11 {
		t.Errorf("%d objects are there, want 11", len(list.Items))
	}
}

func exerciseWriteThatFailsAlone(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	begun, release := p.heldCommits()
	defer release()
	var writers sync.WaitGroup
	writers.Go(func() { p.mustCreate(t, "first") })
	<-begun
	refuse := func(ctx context.Context, batch []driver.Write) ([]int64, error) {
		for _, write := range batch {
			if write.Key == podKey("poison") {
				return nil, errors.New("the database does not like it")
			}
		}
		return p.backend.Backend.Commit(ctx, batch)
	}
	p.backend.commit.Store(&refuse)
	poisoned := make(chan error, 1)
	go func() {
		_, err := p.create(t.Context(), "poison")
		poisoned <- err
	}()
	for i := range 10 {
		writers.Go(func() { p.mustCreate(t, fmt.Sprintf("neighbour-%d", i)) })
	}
	release()
	writers.Wait()
	if err := <-poisoned; err == nil {
		t.Error("the write that the database refused succeeded")
	}
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	seconds, retry := apierrors.SuggestsClientDelay(err)
	if !apierrors.IsServiceUnavailable(err) || !retry || seconds == 0 {
		t.Errorf("got error %v, want 503 with a time to try again", err)
	}
}

func exerciseUnknownOutcome(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	first := p.mustCreate(t, "first")
	w := p.watch(t, first.ResourceVersion)
	lost := func(ctx context.Context, batch []driver.Write) ([]int64, error) {
		if _, err := p.backend.Backend.Commit(ctx, batch); err != nil {
			t.Error(err)
		}
		return nil, fmt.Errorf("connection lost: %w", driver.ErrUnknownOutcome)
	}
	p.backend.commit.Store(&lost)
	_, err := p.create(t.Context(), "committed")
	wantUnavailable(t, err)
	p.backend.commit.Store(nil)
	// It did take place: watchers see it, in its turn.
	if event := next(t, w); event.Object.(*example.Pod).Name != "committed" {
		t.Errorf("got event %v, want that of the write with unknown outcome", event)
	}
	wantEvent(t, w, watch.Added, p.mustCreate(t, "next"))
}

func exerciseUnavailable(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	first := p.mustCreate(t, "first")
	w := p.watch(t, first.ResourceVersion)
	unavailable := fmt.Errorf("no connection: %w", driver.ErrUnavailable)
	refuse := func(context.Context, []driver.Write) ([]int64, error) { return nil, unavailable }
	p.backend.commit.Store(&refuse)
	p.backend.failWith(unavailable)
	_, err := p.create(t.Context(), "second")
	wantUnavailable(t, err)
	wantUnavailable(t, p.store.Get(t.Context(), podKey("first"), apistorage.GetOptions{}, &example.Pod{}))
	wantUnavailable(t, p.store.GetList(t.Context(), podPrefix, apistorage.ListOptions{Recursive: true, Predicate: apistorage.Everything}, &example.PodList{}))
	p.backend.commit.Store(nil)
	p.backend.failWith(nil)
	wantEvent(t, w, watch.Added, p.mustCreate(t, "second"))
}

func exerciseTooLarge(t *testing.T, h Harness) {
	options := quiet
	options.MaxValueBytes = 1000
	p := startProcess(t, h.New(t)(t), options)
	large := pod("large")
	large.Annotations = map[string]string{"text": string(make([]byte, 1000))}
	err := p.store.Create(t.Context(), podKey("large"), large, nil, 0)
	if !apierrors.IsRequestEntityTooLargeError(err) {
		t.Errorf("got error %v, want 413", err)
	}
}

func exerciseSlowWatcher(t *testing.T, h Harness) {
	options := quiet
	options.Log.WatchWindowBytes = 100_000 // so that the watcher has to read the log itself
	p := startProcess(t, h.New(t)(t), options)
	first := p.mustCreate(t, "a")
	w := p.watch(t, first.ResourceVersion)
	const updates = 3000
	var want []string
	for i := range updates {
		// Nobody receives: this must not block.
		updated, err := p.label(t.Context(), "a", strconv.Itoa(i))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, updated.ResourceVersion)
	}
	for i := range updates {
		got := next(t, w).Object.(*example.Pod)
		if got.ResourceVersion != want[i] || got.Labels["value"] != strconv.Itoa(i) {
			t.Fatalf("event %d is of revision %s with value %s, want %s with %d", i, got.ResourceVersion, got.Labels["value"], want[i], i)
		}
	}
}

func exerciseWatchersCostNoQueries(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	first := p.mustCreate(t, "a")
	var watchers []watch.Interface
	for range 50 {
		watchers = append(watchers, p.watch(t, first.ResourceVersion))
	}
	before := p.backend.reads.Load()
	const writes = 20
	for i := range writes {
		created := p.mustCreate(t, fmt.Sprintf("b%d", i))
		for _, w := range watchers {
			wantEvent(t, w, watch.Added, created)
		}
	}
	// A connection that begins to listen causes one.
	if reads := p.backend.reads.Load() - before; reads > 1 {
		t.Errorf("%d writes with %d watchers cost %d reads of the database, want none", writes, len(watchers), reads)
	}
}

func exerciseWatchFromCompacted(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	first := p.mustCreate(t, "a")
	var last *example.Pod
	for i := range 5 {
		var err error
		if last, err = p.label(t.Context(), "a", strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Compact(t.Context(), revisionOf(t, last)); err != nil {
		t.Fatal(err)
	}
	w := p.watch(t, first.ResourceVersion)
	wantExpired(t, w)
	if event, open := <-w.ResultChan(); open {
		t.Errorf("event %v came after the error", event)
	}
	// The list that the client makes next leads to a watch that works.
	list := &example.PodList{}
	if err := p.store.GetList(t.Context(), podPrefix, apistorage.ListOptions{Recursive: true, Predicate: apistorage.Everything}, list); err != nil {
		t.Fatal(err)
	}
	w = p.watch(t, list.ResourceVersion)
	wantEvent(t, w, watch.Added, p.mustCreate(t, "b"))
}

func exerciseProgressIsNeverEarly(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	first := p.mustCreate(t, "a")
	w := p.watch(t, first.ResourceVersion, func(o *apistorage.ListOptions) { o.ProgressNotify = true })
	ctx, cancel := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	asking.Go(func() {
		for ctx.Err() == nil {
			if _, err := p.store.GetCurrentResourceVersion(t.Context()); err != nil {
				t.Error(err)
			}
			if err := p.store.RequestWatchProgress(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	const updates = 500
	var last atomic.Int64
	var writing sync.WaitGroup
	for i := range 5 {
		name := fmt.Sprintf("b%d", i)
		p.mustCreate(t, name)
		writing.Go(func() {
			for n := range updates / 5 {
				updated, err := p.label(t.Context(), name, strconv.Itoa(n))
				if err != nil {
					t.Error(err)
					return
				}
				for revision := revisionOf(t, updated); ; {
					if old := last.Load(); revision <= old || last.CompareAndSwap(old, revision) {
						break
					}
				}
			}
		})
	}
	var progress int64
	changes := 0
	for changes < updates+5 {
		event := next(t, w)
		revision := revisionOf(t, event.Object.(*example.Pod))
		if event.Type == watch.Bookmark {
			progress = max(progress, revision)
			continue
		}
		changes++
		if revision <= progress {
			t.Fatalf("the change of revision %d came after a mark that said that all up to %d had come", revision, progress)
		}
	}
	writing.Wait()
	cancel()
	asking.Wait()
	// A mark for the last revision comes without anybody writing.
	current, err := p.store.GetCurrentResourceVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for progress < int64(current) {
		progress = revisionOf(t, next(t, w).Object.(*example.Pod))
	}
}

func exerciseExpiredObject(t *testing.T, h Harness) {
	options := quiet
	options.Log.ExpiryInterval = 20 * time.Millisecond
	p := startProcess(t, h.New(t)(t), options)
	w := p.watch(t, p.mustCreate(t, "forever").ResourceVersion)
	short := pod("short")
	short.Labels = map[string]string{"value": "kept"}
	created := &example.Pod{}
	if err := p.store.Create(t.Context(), podKey("short"), short, created, 1); err != nil {
		t.Fatal(err)
	}
	wantEvent(t, w, watch.Added, created)
	event := next(t, w)
	got := event.Object.(*example.Pod)
	if event.Type != watch.Deleted || got.Name != "short" || got.Labels["value"] != "kept" || revisionOf(t, got) <= revisionOf(t, created) {
		t.Errorf("got event %s %+v, want the deletion with the full last object at its own revision", event.Type, got)
	}
	if err := p.store.Get(t.Context(), podKey("forever"), apistorage.GetOptions{}, &example.Pod{}); err != nil {
		t.Errorf("the object without a time-to-live: %v", err)
	}
}

func exerciseTwoProcesses(t *testing.T, h Harness) {
	if !h.Notifies {
		return // there is nothing to exercise: such a backend has one process, or polls
	}
	twoProcesses(t, h, storage.Options{Log: changelog.Options{PollInterval: time.Hour}})
}

func exerciseTwoProcessesPolling(t *testing.T, h Harness) {
	if !h.Shared {
		return // one process at a time
	}
	twoProcesses(t, h, storage.Options{Log: changelog.Options{PollInterval: 20 * time.Millisecond}})
}

// twoProcesses has both write at once: watchers in either see all changes of both in one order,
// each once.
func twoProcesses(t *testing.T, h Harness, options storage.Options) {
	open := h.New(t)
	processes := []*process{startProcess(t, open(t), options), startProcess(t, open(t), options)}
	first := processes[0].mustCreate(t, "first")
	var watches []watch.Interface
	for _, p := range processes {
		watches = append(watches, p.watch(t, first.ResourceVersion))
	}
	const writers, updates = 5, 40
	var writing sync.WaitGroup
	for i, p := range processes {
		for n := range writers {
			writing.Go(func() {
				name := fmt.Sprintf("p%d-%d", i, n)
				if _, err := p.create(t.Context(), name); err != nil {
					t.Errorf("create %s: %v", name, err)
				}
				for u := range updates {
					if _, err := p.label(t.Context(), name, strconv.Itoa(u)); err != nil {
						t.Errorf("update %s: %v", name, err)
					}
				}
			})
		}
	}
	writing.Wait()
	total := len(processes) * writers * (updates + 1)
	for i, w := range watches {
		want := revisionOf(t, first)
		for range total {
			want++
			got := next(t, w).Object.(*example.Pod)
			if revisionOf(t, got) != want {
				t.Fatalf("watcher of process %d got revision %s, want %d", i, got.ResourceVersion, want)
			}
		}
	}
}
