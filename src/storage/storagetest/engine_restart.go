package storagetest

import (
	"strconv"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/apitesting"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	examplev1 "k8s.io/apiserver/pkg/apis/example/v1"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/storagebackend"

	"ark.ai/apiserver/src/storage"
)

func exerciseRestart(t *testing.T, h Harness) {
	open := h.New(t)
	backend := open(t)
	idle, err := storage.Open(t.Context(), backend, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := idle.Close(); err != nil {
		t.Fatal(err)
	}
	p := startProcess(t, open(t), quiet)
	first := p.mustCreate(t, "a")
	second := p.mustCreate(t, "b")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	// Watches go on where they were, in a process that has not seen the change itself and reads it
	// once for all.
	p = startProcess(t, open(t), quiet)
	before := p.backend.reads.Load()
	for range 20 {
		w := p.watch(t, first.ResourceVersion)
		wantEvent(t, w, watch.Added, second)
	}
	// A connection that begins to listen causes one.
	if reads := p.backend.reads.Load() - before; reads > 1 {
		t.Errorf("20 watches cost %d reads of the database, want none", reads)
	}
}

// exerciseWatchFromBeforeCache: a watch cache begins with its process. Watches that come from
// another one go on.
func exerciseWatchFromBeforeCache(t *testing.T, h Harness) {
	open := h.New(t)
	p := startProcess(t, open(t), quiet)
	p.putBehindCache(t)
	first := p.mustCreate(t, "a")
	const updates = 100
	var want []*example.Pod
	for i := range updates {
		updated, err := p.label(t.Context(), "a", strconv.Itoa(i))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, updated)
	}
	wantAll := func(w watch.Interface) {
		t.Helper()
		for _, updated := range want {
			wantEvent(t, w, watch.Modified, updated)
		}
	}
	wantAll(p.watch(t, first.ResourceVersion))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}

	options := quiet
	options.Log.ProgressInterval = 10 * time.Millisecond
	p = startProcess(t, open(t), options)
	p.putBehindCache(t)
	w := p.watch(t, first.ResourceVersion, func(o *apistorage.ListOptions) { o.Predicate.AllowWatchBookmarks = true })
	wantAll(w)
	bookmark := next(t, w)
	last := want[updates-1]
	if pod, ok := bookmark.Object.(*example.Pod); bookmark.Type != watch.Bookmark || !ok || pod.ResourceVersion != last.ResourceVersion {
		t.Errorf("got %s %#v, want a bookmark at %s", bookmark.Type, bookmark.Object, last.ResourceVersion)
	}
	w = p.watch(t, last.ResourceVersion)
	wantEvent(t, w, watch.Added, p.mustCreate(t, "b"))
}

// exerciseWatchFromBeforeMemory: what neither the watch cache nor the engine have in memory is
// served as long as the log has it.
func exerciseWatchFromBeforeMemory(t *testing.T, h Harness) {
	open := h.New(t)
	p := startProcess(t, open(t), quiet)
	first := p.mustCreate(t, "a")
	var want []*example.Pod
	for i := range 200 {
		updated, err := p.label(t.Context(), "a", strconv.Itoa(i))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, updated)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	options := quiet
	options.Log.WatchWindowBytes = 10_000
	p = startProcess(t, open(t), options)
	p.putBehindCache(t)
	w := p.watch(t, first.ResourceVersion)
	for _, updated := range want {
		wantEvent(t, w, watch.Modified, updated)
	}
	wantEvent(t, w, watch.Added, p.mustCreate(t, "b"))
	if err := p.Compact(t.Context(), revisionOf(t, first)+1); err != nil {
		t.Fatal(err)
	}
	wantExpired(t, p.watch(t, first.ResourceVersion))
}

// putBehindCache puts the process' store behind a watch cache, as API servers have it, and waits
// until that is filled.
func (p *process) putBehindCache(t *testing.T) {
	t.Helper()
	p.putBehind(t, p.RESTOptionsGetter(cachedPods{}))
}

func (p *process) putBehind(t *testing.T, getter generic.RESTOptionsGetter) {
	t.Helper()
	options, err := getter.GetRESTOptions(schema.GroupResource{Resource: "pods"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	store, destroy, err := options.Decorator(options.StorageConfig, podPrefix, podKeyFunc, newPod, newPodList, podAttributes, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(destroy)
	eventually(t, "the watch cache is filled", func() bool { return store.ReadinessCheck() == nil })
	p.store = store
}

// cachedPods are the options of pods with a watch cache.
type cachedPods struct{}

// GetRESTOptions implements generic.RESTOptionsGetter.
func (cachedPods) GetRESTOptions(resource schema.GroupResource, _ runtime.Object) (generic.RESTOptions, error) {
	codec := apitesting.TestCodec(codecs, examplev1.SchemeGroupVersion)
	return generic.RESTOptions{
		StorageConfig: storagebackend.NewDefaultConfig("", codec).ForResource(resource),
		Decorator:     genericregistry.StorageWithCacher(),
	}, nil
}
