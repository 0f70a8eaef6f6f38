package storagetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/etcd/client/v3/kubernetes"
	"k8s.io/apimachinery/pkg/api/apitesting"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apiserver/pkg/apis/example"
	examplev1 "k8s.io/apiserver/pkg/apis/example/v1"
	"k8s.io/apiserver/pkg/features"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/cacher"
	storagetesting "k8s.io/apiserver/pkg/storage/testing"
	"k8s.io/apiserver/pkg/storage/value"
	"k8s.io/apiserver/pkg/storage/value/encrypt/identity"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/tools/cache"
	"k8s.io/utils/clock"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// The objects of upstream's suites.
var (
	scheme = runtime.NewScheme()
	codecs = serializer.NewCodecFactory(scheme)
)

func init() {
	metav1.AddToGroupVersion(scheme, metav1.SchemeGroupVersion)
	utilruntime.Must(example.AddToScheme(scheme))
	utilruntime.Must(examplev1.AddToScheme(scheme))
}

// upstream is one database with upstream's example pods in it, and the hooks that its suites ask
// for.
type upstream struct {
	driver.Backend
	engine      *storage.Engine
	store       apistorage.Interface
	delegator   *cacher.CacheDelegator // nil without a watch cache
	codec       *failingCodec
	transformer *switchedTransformer
	recorder    *storagetesting.KubernetesRecorder
	clock       *hurriedClock
	// prefix of all keys: what upstream's suites expect.
	prefix string
	reads  atomic.Uint64
}

// upstreamOption changes how the store is made.
type upstreamOption func(*upstreamOptions)

type upstreamOptions struct {
	transformer value.Transformer
	keyFunc     func(runtime.Object) (string, error)
	indexed     bool
}

// storeTransformer is nil, no encryption, unless a suite wants to meddle with it.
func (o *upstreamOptions) storeTransformer(t value.Transformer) value.Transformer {
	if o.transformer == nil {
		return nil
	}
	return t
}

const podPrefix = "/pods/"

func withTransformer(t value.Transformer) upstreamOption {
	return func(o *upstreamOptions) { o.transformer = t }
}

func withIndexes(o *upstreamOptions) { o.indexed = true }

func withClusterScope(o *upstreamOptions) {
	o.keyFunc = func(obj runtime.Object) (string, error) { return apistorage.NoNamespaceKeyFunc(podPrefix, obj) }
}

func newUpstream(t *testing.T, open func(t *testing.T) driver.Backend, cached bool, options ...upstreamOption) *upstream {
	t.Helper()
	o := upstreamOptions{
		keyFunc: podKeyFunc,
	}
	prefix := "/registry"
	if !cached {
		prefix = ""
		o.transformer = storagetesting.NewPrefixTransformer([]byte("test!"), false)
	}
	for _, option := range options {
		option(&o)
	}
	u := &upstream{
		Backend:     open(t),
		codec:       &failingCodec{Codec: apitesting.TestCodec(codecs, examplev1.SchemeGroupVersion)},
		transformer: &switchedTransformer{current: cmp.Or(o.transformer, identity.NewEncryptCheckTransformer())},
		recorder:    storagetesting.NewKubernetesRecorder(noEtcd{}),
		clock:       &hurriedClock{WithTicker: clock.RealClock{}, compacted: make(chan struct{})},
		prefix:      prefix,
	}
	var err error
	u.engine, err = storage.Open(t.Context(), u, storage.Options{Log: changelog.Options{ExpiryInterval: 100 * time.Millisecond, ProgressInterval: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := u.engine.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	store, err := u.engine.NewStore(storage.StoreConfig{
		GroupResource:  schema.GroupResource{Resource: "pods"},
		Prefix:         u.prefix,
		ResourcePrefix: podPrefix,
		Codec:          u.codec,
		Transformer:    o.storeTransformer(u.transformer),
		NewFunc:        newPod,
		IsCorrupt:      func(err error) bool { return errors.Is(err, errCorrupt) || errors.Is(err, errSynthetic) },
	})
	if err != nil {
		t.Fatal(err)
	}
	u.store = store
	if !cached {
		return u
	}

	// As upstream does, make sure that the watch cache gets over an error of its first list, and
	// wait for it: the suites do not expect to meet one that is not ready.
	failing := &storagetesting.StorageInjectingListErrors{Interface: store}
	config := cacher.Config{
		Storage:             failing,
		Versioner:           apistorage.APIObjectVersioner{},
		GroupResource:       schema.GroupResource{Resource: "pods"},
		EventsHistoryWindow: cacher.DefaultEventFreshDuration,
		ResourcePrefix:      podPrefix,
		KeyFunc:             o.keyFunc,
		GetAttrsFunc:        podAttributes,
		NewFunc:             newPod,
		NewListFunc:         newPodList,
		Codec:               u.codec,
		Clock:               u.clock,
	}
	if o.indexed {
		config.IndexerFuncs, config.Indexers = podIndexers()
	}
	watchCache, err := cacher.NewCacherFromConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := watchCache.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	u.delegator = cacher.NewCacheDelegator(watchCache, failing)
	u.store = u.delegator
	t.Cleanup(func() {
		u.delegator.Stop()
		watchCache.Stop()
	})
	return u
}

func podAttributes(obj runtime.Object) (labels.Set, fields.Set, error) {
	pod, ok := obj.(*example.Pod)
	if !ok {
		return nil, nil, fmt.Errorf("%T is not a pod", obj)
	}
	return pod.Labels, fields.Set{
		"spec.nodeName":      pod.Spec.NodeName,
		"spec.restartPolicy": string(pod.Spec.RestartPolicy),
		"status.phase":       string(pod.Status.Phase),
		"metadata.name":      pod.Name,
		"metadata.namespace": pod.Namespace,
	}, nil
}

func podIndexers() (apistorage.IndexerFuncs, *cache.Indexers) {
	triggers := apistorage.IndexerFuncs{
		"spec.nodeName": func(obj runtime.Object) string { return obj.(*example.Pod).Spec.NodeName },
	}
	indexers := &cache.Indexers{
		"f:spec.nodeName":      func(obj any) ([]string, error) { return []string{obj.(*example.Pod).Spec.NodeName}, nil },
		"f:metadata.namespace": func(obj any) ([]string, error) { return []string{obj.(*example.Pod).Namespace}, nil },
	}
	return triggers, indexers
}

// List counts the reads and lets upstream's recorder see them.
func (u *upstream) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	u.reads.Add(1)
	seen := kubernetes.ListOptions{Revision: query.Revision, Limit: int64(query.Limit), Continue: query.Start}
	if query.Limit == 10000 { // what a list without limit reads at once
		seen.Limit = 0
	}
	if _, err := u.recorder.List(ctx, query.Prefix, seen); err != nil {
		return driver.Page{}, err
	}
	return u.Backend.List(ctx, query)
}

// noEtcd is what the recorder passes requests on to.
type noEtcd struct{ kubernetes.Interface }

func (noEtcd) List(context.Context, string, kubernetes.ListOptions) (kubernetes.ListResponse, error) {
	return kubernetes.ListResponse{}, nil
}

// checkKey is upstream's hook to look at what was stored.
func (u *upstream) checkKey(ctx context.Context, t *testing.T, key string) {
	t.Helper()
	record, _, err := u.Get(ctx, path.Join("/", u.prefix, key), 0)
	if err != nil {
		t.Fatal(err)
	}
	if record == nil {
		t.Fatalf("%s is not in the database", key)
	}
	data, _, err := u.transformer.TransformFromStorage(ctx, record.Value, value.DefaultContext(record.Key))
	if err != nil {
		t.Fatal(err)
	}
	obj, err := runtime.Decode(u.codec, data)
	if err != nil {
		t.Fatal(err)
	}
	pod := obj.(*example.Pod)
	if pod.ResourceVersion != "" {
		t.Errorf("stored object has resourceVersion %q", pod.ResourceVersion)
	}
}

// checkCalls is upstream's hook to limit what a list costs.
func (u *upstream) checkCalls(t *testing.T, pageSize, estimatedProcessedObjects uint64) {
	t.Helper()
	if u.delegator != nil {
		return // the watch cache answers what it can
	}
	if reads := u.transformer.reads.Swap(0); reads != estimatedProcessedObjects {
		t.Errorf("%d objects were read, expected %d", reads, estimatedProcessedObjects)
	}
	// Pages double until they have pageSize matching objects.
	calls := uint64(1)
	if pageSize != 0 {
		limit := pageSize
		for sum := uint64(1); sum < estimatedProcessedObjects; calls++ {
			limit = min(limit*2, 10000)
			sum += limit
		}
	}
	if reads := u.reads.Swap(0); reads != calls {
		t.Errorf("%d pages were read, expected %d", reads, calls)
	}
}

// compact is upstream's hook to forget history. It counts on the revision that etcd spends on it.
func (u *upstream) compact(ctx context.Context, t *testing.T, resourceVersion string) {
	t.Helper()
	revision, err := apistorage.APIObjectVersioner{}.ParseResourceVersion(resourceVersion)
	if err != nil {
		t.Fatal(err)
	}
	u.increaseRevision(ctx, t)
	if err := u.engine.Compact(ctx, int64(revision)); err != nil {
		t.Fatal(err)
	}
	if u.delegator != nil && utilfeature.DefaultFeatureGate.Enabled(features.ListFromCacheSnapshot) {
		// A round of the watch cache that began after the compaction has to end.
		for range 2 {
			<-u.clock.compacted
		}
	}
}

// hurriedClock has the watch cache look for compactions more often than every 15 seconds, and tells
// when it has looked.
type hurriedClock struct {
	clock.WithTicker
	compacted chan struct{}
}

const compactorPollPeriod = 15 * time.Second

func (c *hurriedClock) NewTimer(d time.Duration) clock.Timer {
	if d != compactorPollPeriod {
		return c.WithTicker.NewTimer(d)
	}
	return &hurriedTimer{Timer: c.WithTicker.NewTimer(d / 1000), compacted: c.compacted}
}

type hurriedTimer struct {
	clock.Timer
	compacted chan struct{}
}

func (t *hurriedTimer) Reset(d time.Duration) bool {
	select {
	case t.compacted <- struct{}{}:
	default:
	}
	return t.Timer.Reset(d / 1000)
}

var unrelated atomic.Int64

// increaseRevision is upstream's hook for a write to another resource.
func (u *upstream) increaseRevision(ctx context.Context, t *testing.T) int64 {
	t.Helper()
	other, err := u.engine.NewStore(storage.StoreConfig{
		GroupResource:  schema.GroupResource{Resource: "others"},
		Prefix:         "/registry",
		ResourcePrefix: "/others/",
		Codec:          u.codec,
		Transformer:    identity.NewEncryptCheckTransformer(),
		NewFunc:        newPod,
	})
	if err != nil {
		t.Fatal(err)
	}
	out := &example.Pod{}
	name := fmt.Sprintf("other-%d", unrelated.Add(1))
	if err := other.Create(ctx, "/others/"+name, &example.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}}, out, 0); err != nil {
		t.Fatal(err)
	}
	revision, err := apistorage.APIObjectVersioner{}.ObjectResourceVersion(out)
	if err != nil {
		t.Fatal(err)
	}
	return int64(revision)
}

// withPrefixTransformer gives upstream's suites their hook to change the transformer.
type withPrefixTransformer struct {
	apistorage.Interface
	u *upstream
}

func (w withPrefixTransformer) UpdatePrefixTransformer(modifier storagetesting.PrefixTransformerModifier) func() {
	original := w.u.transformer.get()
	changed := *original.(*storagetesting.PrefixTransformer)
	w.u.transformer.set(modifier(&changed))
	return func() { w.u.transformer.set(original) }
}

type withTransformerOverride struct {
	apistorage.Interface
	u *upstream
}

func (w withTransformerOverride) UpdateTransformer(modifier storagetesting.TransformerModifier) func() {
	original := w.u.transformer.get()
	w.u.transformer.set(modifier(original))
	return func() { w.u.transformer.set(original) }
}

// errSynthetic is what transformer and codec fail with when told to.
var errSynthetic = errors.New("synthetic error")

// switchedTransformer can be exchanged while it is in use, can be told to fail, and counts reads.
type switchedTransformer struct {
	mu      sync.RWMutex
	current value.Transformer
	failing atomic.Bool
	reads   atomic.Uint64
}

func (s *switchedTransformer) get() value.Transformer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.current
}

func (s *switchedTransformer) set(t value.Transformer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = t
}

func (s *switchedTransformer) TransformFromStorage(ctx context.Context, data []byte, dataCtx value.Context) ([]byte, bool, error) {
	s.reads.Add(1)
	if s.failing.Load() {
		return nil, false, errSynthetic
	}
	return s.get().TransformFromStorage(ctx, data, dataCtx)
}

func (s *switchedTransformer) TransformToStorage(ctx context.Context, data []byte, dataCtx value.Context) ([]byte, error) {
	return s.get().TransformToStorage(ctx, data, dataCtx)
}

// failingCodec can be told to fail.
type failingCodec struct {
	runtime.Codec
	failing atomic.Bool
}

func (c *failingCodec) Decode(data []byte, defaults *schema.GroupVersionKind, into runtime.Object) (runtime.Object, *schema.GroupVersionKind, error) {
	if c.failing.Load() {
		return nil, nil, errSynthetic
	}
	return c.Codec.Decode(data, defaults, into)
}

// createdInCache is a store whose Create waits until the watch cache has seen the object, as some
// of upstream's suites expect.
type createdInCache struct{ apistorage.Interface }

func (c createdInCache) Create(ctx context.Context, key string, obj, out runtime.Object, ttl uint64) error {
	if err := c.Interface.Create(ctx, key, obj, out, ttl); err != nil {
		return err
	}
	return wait.PollUntilContextTimeout(ctx, 10*time.Millisecond, wait.ForeverTestTimeout, true, func(ctx context.Context) (bool, error) {
		current := &example.Pod{}
		err := c.Get(ctx, key, apistorage.GetOptions{ResourceVersion: "0"}, current)
		if err != nil && !apistorage.IsNotFound(err) {
			return false, err
		}
		return err == nil && apiequality.Semantic.DeepEqual(current, out), nil
	})
}
