package mysql

import (
	"context"
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// run starts an engine on backend, which it owns from then on.
func run(t *testing.T, backend driver.Backend, options storage.Options) *storage.Engine {
	t.Helper()
	engine, err := storage.Open(t.Context(), backend, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// eventuallyMetric waits until a metric of the engine is as wanted.
func eventuallyMetric(t *testing.T, engine *storage.Engine, name string, want types.GomegaMatcher) {
	t.Helper()
	NewWithT(t).Eventually(func() float64 {
		value, ok := storagetest.Metric(t, engine, name)
		if !ok {
			t.Fatalf("%s is missing", name)
		}
		return value
	}).WithTimeout(patience).Should(want, name)
}

// TestTailDuringAnOutage: the lag tells for how long the server was away, and goes when it is back.
func TestTailDuringAnOutage(t *testing.T) {
	t.Parallel()
	server := mysqltest.New(t)
	database := server.NewDatabase(t)
	engine := run(t, opened(t, optionsFor(database)), storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}})
	other := open(t, database)
	upToDate := func(revision int64) {
		t.Helper()
		eventuallyMetric(t, engine, "generic_storage_revision", BeEquivalentTo(revision))
		eventuallyMetric(t, engine, "generic_storage_tail_lag_revisions", BeZero())
		eventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", BeZero())
		NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(Succeed())
	}
	upToDate(create(t, other, "/before"))

	server.Stop(t)
	NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(MatchError(driver.ErrUnavailable))
	lag, _ := storagetest.Metric(t, engine, "generic_storage_tail_lag_seconds")
	eventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", BeNumerically(">", lag))
	if err := engine.Ping(t.Context()); !errors.Is(err, driver.ErrUnavailable) {
		t.Errorf("ping while the server is away: %v", err)
	}

	server.Start(t)
	recovers(t, other)
	upToDate(create(t, other, "/after"))
}

// TestTailOfASilentConnection: a network that swallows everything, as after the loss of a route, is noticed without an error
// from anybody, and connections are given up that would stay silent.
func TestTailOfASilentConnection(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	options, proxy := through(t, database)
	engine := run(t, opened(t, options), storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond, ReadTimeout: time.Second}})
	eventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", BeZero())

	proxy.HoldBack()
	NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(HaveOccurred())
	proxy.LetThrough()
	revision := create(t, open(t, database), "/a")
	eventuallyMetric(t, engine, "generic_storage_revision", BeEquivalentTo(revision))
	eventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", BeZero())
	NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(Succeed())
}

// TestFullDisk: the server answers and says that it accepts writes, but has no space for them.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	engine := run(t, opened(t, optionsFor(database)), storage.Options{})
	store, err := engine.NewStore(storage.StoreConfig{
		GroupResource:  schema.GroupResource{Group: "example.org", Resource: "loaves"},
		ResourcePrefix: "/example.org/loaves",
		Codec:          unstructured.UnstructuredJSONScheme,
		NewFunc:        func() runtime.Object { return &unstructured.Unstructured{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	bake := func(name string) error {
		loaf := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.org/v1", "kind": "Loaf", "metadata": map[string]any{"name": name}}}
		return store.Create(t.Context(), "/example.org/loaves/"+name, loaf, nil, 0)
	}
	if err := bake("before"); err != nil {
		t.Fatal(err)
	}
	// The server raises the error itself, at the moment at which a full disk makes it do so.
	database.Exec(t, `CREATE TRIGGER no_space BEFORE INSERT ON log FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table ''log'' is full'`)
	if err := bake("during"); !apierrors.IsServiceUnavailable(err) {
		t.Fatalf("a write without space: got error %v, want 503", err)
	}
	if err := engine.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := engine.CheckWrites(t.Context()); !errors.Is(err, driver.ErrUnavailable) || codeOf(err) != 1114 {
		t.Errorf("check of writes without space: got error %v, want ErrUnavailable for a full disk", err)
	}
	database.Exec(t, `DROP TRIGGER no_space`)
	if err := engine.CheckWrites(t.Context()); err != nil {
		t.Errorf("check of writes with space again: %v", err)
	}
	if err := bake("after"); err != nil {
		t.Error(err)
	}
}

// TestPools: what is in use shows, and who had to wait, in vain even, is counted.
func TestPools(t *testing.T) {
	t.Parallel()
	backend := open(t, mysqltest.Shared(t).NewDatabase(t))
	create(t, backend, "/a")
	var write, read driver.Pool
	look := func() { pools := backend.Pools(); write, read = pools[0], pools[1] }
	look()
	if write.Name != "write" || write.Max != writerConnections || write.InUse != 0 || write.Idle != 1 {
		t.Errorf("the pool that has written once is %+v", write)
	}
	if want := defaultMaxConnections - writerConnections - lookerConnections; read.Name != "read" || read.Max != want {
		t.Errorf("the pool that reads is %+v, want %d connections", read, want)
	}
	for range read.Max {
		conn, err := backend.reader.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	look()
	if read.InUse != read.Max || read.Idle != 0 {
		t.Errorf("all of its connections are in use, but it is %+v", read)
	}
	before := read.Waits
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := backend.Get(ctx, "/a", 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a read without a connection: %v", err)
	}
	if look(); read.Waits != before+1 {
		t.Errorf("%d waited, want %d", read.Waits, before+1)
	}
}
