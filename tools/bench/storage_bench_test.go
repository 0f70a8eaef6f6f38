// Package bench compares the stores of this project with upstream's store on etcd: the same
// benchmarks, the same objects, the same codec, every database durable on the same disk.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/k3s-io/kine/pkg/drivers/generic"
	"github.com/k3s-io/kine/pkg/endpoint"
	"github.com/sirupsen/logrus"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/kubernetes"
	"k8s.io/apimachinery/pkg/api/apitesting"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	examplev1 "k8s.io/apiserver/pkg/apis/example/v1"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/cacher"
	"k8s.io/apiserver/pkg/storage/etcd3"
	"k8s.io/apiserver/pkg/storage/etcd3/testserver"
	storagetesting "k8s.io/apiserver/pkg/storage/testing"
	"k8s.io/apiserver/pkg/storage/value/encrypt/identity"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/mysql"
	"ark.ai/apiserver/src/storage/postgresql"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

var (
	scheme = runtime.NewScheme()
	codecs = serializer.NewCodecFactory(scheme)
	codec  runtime.Codec
)

func init() {
	metav1.AddToGroupVersion(scheme, metav1.SchemeGroupVersion)
	utilruntime.Must(example.AddToScheme(scheme))
	utilruntime.Must(examplev1.AddToScheme(scheme))
	codec = apitesting.TestCodec(codecs, examplev1.SchemeGroupVersion)
	klog.SetLogger(logr.Discard())
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	logrus.SetOutput(io.Discard)
}

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func newPod() runtime.Object     { return &example.Pod{} }
func newPodList() runtime.Object { return &example.PodList{} }

var pods = schema.GroupResource{Resource: "pods"}

const podPrefix = "/pods/"

// databases are what is compared; the first is the measure.
var databases = []struct {
	name string
	open func(b *testing.B) apistorage.Interface
}{
	{"etcd3", openEtcd},
	{"kine-sqlite", func(b *testing.B) apistorage.Interface {
		return openKine(b, "sqlite://"+filepath.Join(b.TempDir(), "kine.db")+"?_journal=WAL&_synchronous=FULL&cache=shared&_busy_timeout=30000&_txlock=immediate")
	}},
	{"kine-postgresql", func(b *testing.B) apistorage.Interface {
		return openKine(b, postgrestest.Shared(b).NewDatabase(b).DSN())
	}},
	{"kine-mysql", func(b *testing.B) apistorage.Interface {
		return openKine(b, "mysql://"+mysqltest.New(b).NewDatabase(b).DSN())
	}},
	{"sqlite", func(b *testing.B) apistorage.Interface { return openStore(b, openBackend(b, "sqlite")) }},
	{"postgresql", func(b *testing.B) apistorage.Interface { return openStore(b, openBackend(b, "postgresql")) }},
	{"mysql", func(b *testing.B) apistorage.Interface { return openStore(b, openBackend(b, "mysql")) }},
}

// openBackend opens a new database of a driver.
func openBackend(b *testing.B, name string) (backend driver.Backend) {
	b.Helper()
	var err error
	switch name {
	case "sqlite":
		backend, err = sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(b.TempDir(), "objects.db")})
	case "postgresql":
		backend, err = postgresql.Open(b.Context(), postgresql.Options{DSN: postgrestest.Shared(b).NewDatabase(b).DSN()})
	case "mysql":
		backend, err = mysql.Open(b.Context(), mysql.Options{DSN: mysqltest.New(b).NewDatabase(b).DSN()})
	}
	if err != nil {
		b.Fatal(err)
	}
	return backend
}

// openKine is upstream's store on kine, the etcd API in front of SQL that k3s has.
func openKine(b *testing.B, database string) apistorage.Interface {
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	listening, err := endpoint.Listen(ctx, endpoint.Config{
		Listener: "unix://" + filepath.Join(b.TempDir(), "kine.sock"),
		Endpoint: database,
		// What the flags of kine's own binary default to.
		ConnectionPoolConfig: generic.ConnectionPoolConfig{MaxIdle: 20},
		PollInterval:         time.Second,
		NotifyInterval:       5 * time.Second,
		EmulatedETCDVersion:  "3.6.11",
		CompactInterval:      5 * time.Minute,
		CompactTimeout:       5 * time.Second,
		CompactMinRetain:     1000,
		CompactBatchSize:     1000,
		PollBatchSize:        500,
	})
	if err != nil {
		b.Fatal(err)
	}
	client, err := kubernetes.New(clientv3.Config{Endpoints: listening.Endpoints, DialTimeout: 10 * time.Second})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Close() })
	return openEtcdStore(b, client)
}

// openEtcd is upstream's store on an embedded etcd, which is made to sync to disk as it does in
// production.
func openEtcd(b *testing.B) apistorage.Interface {
	config := testserver.NewTestConfig(b)
	config.UnsafeNoFsync = false
	config.QuotaBackendBytes = 8 << 30
	return openEtcdStore(b, testserver.RunEtcd(b, config))
}

func openEtcdStore(b *testing.B, client *kubernetes.Client) apistorage.Interface {
	versioner := apistorage.APIObjectVersioner{}
	compactor := etcd3.NewCompactor(client.Client, 0, clock.RealClock{}, nil)
	b.Cleanup(compactor.Stop)
	store, err := etcd3.New(client, compactor, codec, newPod, newPodList, "", podPrefix, pods,
		identity.NewEncryptCheckTransformer(), etcd3.NewDefaultLeaseManagerConfig(),
		etcd3.NewDefaultDecoder(codec, versioner), versioner)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(store.Close)
	return store
}

func openStore(b *testing.B, backend driver.Backend) apistorage.Interface {
	engine, err := storage.Open(b.Context(), backend, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := engine.Close(); err != nil {
			b.Error(err)
		}
	})
	store, err := engine.NewStore(storage.StoreConfig{
		GroupResource:  pods,
		ResourcePrefix: podPrefix,
		Codec:          codec,
		NewFunc:        newPod,
		GetAttrs:       podAttributes,
	})
	if err != nil {
		b.Fatal(err)
	}
	return store
}

func podAttributes(obj runtime.Object) (labels.Set, fields.Set, error) {
	pod, ok := obj.(*example.Pod)
	if !ok {
		return nil, nil, fmt.Errorf("%T is no pod", obj)
	}
	return pod.Labels, fields.Set{
		"spec.nodeName":      pod.Spec.NodeName,
		"metadata.name":      pod.Name,
		"metadata.namespace": pod.Namespace,
	}, nil
}

// withWatchCache puts upstream's watch cache in front of a store.
func withWatchCache(b *testing.B, store apistorage.Interface) apistorage.Interface {
	watchCache, err := cacher.NewCacherFromConfig(cacher.Config{
		Storage:             store,
		Versioner:           apistorage.APIObjectVersioner{},
		GroupResource:       pods,
		EventsHistoryWindow: cacher.DefaultEventFreshDuration,
		ResourcePrefix:      podPrefix,
		KeyFunc:             func(obj runtime.Object) (string, error) { return apistorage.NamespaceKeyFunc(podPrefix, obj) },
		GetAttrsFunc:        podAttributes,
		NewFunc:             newPod,
		NewListFunc:         newPodList,
		IndexerFuncs: apistorage.IndexerFuncs{
			"spec.nodeName": func(obj runtime.Object) string { return obj.(*example.Pod).Spec.NodeName },
		},
		Indexers: &cache.Indexers{
			"f:spec.nodeName":      func(obj any) ([]string, error) { return []string{obj.(*example.Pod).Spec.NodeName}, nil },
			"f:metadata.namespace": func(obj any) ([]string, error) { return []string{obj.(*example.Pod).Namespace}, nil },
		},
		Codec: codec,
		Clock: clock.RealClock{},
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := watchCache.Wait(b.Context()); err != nil {
		b.Fatal(err)
	}
	cached := cacher.NewCacheDelegator(watchCache, store)
	b.Cleanup(func() {
		cached.Stop()
		watchCache.Stop()
	})
	return cached
}

// eachStore runs a benchmark on every database, without and with the watch cache.
func eachStore(b *testing.B, run func(ctx context.Context, b *testing.B, store apistorage.Interface, cached bool)) {
	for _, cached := range []bool{false, true} {
		mode := map[bool]string{false: "raw", true: "cached"}[cached]
		for _, database := range databases {
			b.Run(fmt.Sprintf("mode=%s/db=%s", mode, database.name), func(b *testing.B) {
				store := database.open(b)
				if cached {
					store = withWatchCache(b, store)
				}
				run(b.Context(), b, store, cached)
			})
		}
	}
}

// BenchmarkWrite is upstream's write benchmark: 25 writers per core, alone and beside readers.
func BenchmarkWrite(b *testing.B) {
	data := storagetesting.PrepareBenchmarkData(50, 100, 500)
	eachStore(b, func(ctx context.Context, b *testing.B, store apistorage.Interface, cached bool) {
		tracker := storagetesting.NewWatchLatencyTracker(clock.RealClock{})
		trackWatch(b, store, tracker)
		storagetesting.RunBenchmarkWriteThroughput(ctx, b, store, data, false, tracker)
	})
}

// trackWatch measures from a write until a watcher has it. The watch cache ends watches that are
// too slow: it then begins anew.
func trackWatch(b *testing.B, store apistorage.Interface, tracker *storagetesting.WatchLatencyTracker) {
	noInitialEvents := false
	options := apistorage.ListOptions{
		Recursive:         true,
		Predicate:         apistorage.Everything,
		SendInitialEvents: &noInitialEvents,
	}
	ctx := b.Context()
	go func() {
		for ctx.Err() == nil {
			w, err := store.Watch(ctx, podPrefix, options)
			if err != nil {
				return
			}
			for event := range w.ResultChan() {
				if event.Type != watch.Added && event.Type != watch.Modified {
					continue // a deleted object carries the time at which it was created
				}
				if object, ok := event.Object.(runtime.CacheableObject); ok {
					event.Object = object.GetObject()
				}
				tracker.HandleEvent(event.Object)
			}
			w.Stop()
		}
	}()
}

// BenchmarkList is upstream's list benchmark.
func BenchmarkList(b *testing.B) {
	data := storagetesting.PrepareBenchmarkData(50, 200, 500)
	eachStore(b, func(ctx context.Context, b *testing.B, store apistorage.Interface, cached bool) {
		if err := storagetesting.PrecreateBenchmarkPods(ctx, store, data); err != nil {
			b.Fatal(err)
		}
		storagetesting.RunBenchmarkStoreList(ctx, b, store, data, cached)
	})
}

// BenchmarkStats is upstream's benchmark of counting objects.
func BenchmarkStats(b *testing.B) {
	data := storagetesting.PrepareBenchmarkData(50, 200, 500)
	eachStore(b, func(ctx context.Context, b *testing.B, store apistorage.Interface, _ bool) {
		if err := storagetesting.PrecreateBenchmarkPods(ctx, store, data); err != nil {
			b.Fatal(err)
		}
		storagetesting.RunBenchmarkStoreStats(ctx, b, store)
	})
}
