package sqlite_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
)

// run starts an engine on a new file, until the test ends.
func run(t *testing.T) (*sqlite.Backend, *storage.Engine) {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return backend, engine
}

// TestFullDisk: everything can be read, nothing can be written.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	backend, engine := run(t)
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
		loaf := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "example.org/v1", "kind": "Loaf", "metadata": map[string]any{"name": name},
			"text": strings.Repeat("x", 100_000),
		}}
		return store.Create(t.Context(), "/example.org/loaves/"+name, loaf, nil, 0)
	}
	if err := bake("before"); err != nil {
		t.Fatal(err)
	}

	backend.LimitPages(t, 1)
	if err := bake("during"); !apierrors.IsServiceUnavailable(err) {
		t.Fatalf("a write without space: got error %v, want 503", err)
	}
	if err := engine.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := engine.CheckWrites(t.Context()); !errors.Is(err, driver.ErrUnavailable) {
		t.Errorf("check of writes without space: got error %v, want ErrUnavailable", err)
	}
	backend.LimitPages(t, 0)
	if err := engine.CheckWrites(t.Context()); err != nil {
		t.Errorf("check of writes with space again: %v", err)
	}
	if err := bake("during"); err != nil {
		t.Errorf("the write that was refused: %v", err)
	}
}

// TestPools: what is in use shows, and who had to wait is counted.
func TestPools(t *testing.T) {
	t.Parallel()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	pool := func() driver.Pool { return backend.Pools()[0] }
	if p := pool(); p.Name != "read" || p.Max < 4 || p.InUse != 0 || p.Idle < 1 || p.Waits != 0 || p.Waited != 0 {
		t.Errorf("the pool that nobody uses is %+v", p)
	}
	var releases []func()
	for range pool().Max {
		releases = append(releases, backend.UseReader(t))
	}
	if p := pool(); p.InUse != p.Max || p.Idle != 0 {
		t.Errorf("all of its connections are in use, but it is %+v", p)
	}
	read := make(chan error)
	go func() {
		_, err := backend.CurrentRevision(t.Context())
		read <- err
	}()
	NewWithT(t).Eventually(func() int64 { return pool().Waits }).WithTimeout(time.Minute).Should(BeEquivalentTo(1))
	for _, release := range releases {
		release()
	}
	if err := <-read; err != nil {
		t.Error(err)
	}
	if p := pool(); p.Waited == 0 {
		t.Errorf("nobody waited: %+v", p)
	}
}
