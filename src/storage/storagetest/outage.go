package storagetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/tcpproxy"
)

// ExerciseTailDuringAnOutage checks that the lag tells for how long the server was away, and goes
// when it is back. The engine owns followed; other is of the same database.
func ExerciseTailDuringAnOutage(t *testing.T, followed, other driver.Backend, stop, start func(), patience time.Duration) {
	engine := Run(t, followed, storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond}})
	upToDate := func(revision int64) {
		t.Helper()
		EventuallyMetric(t, engine, "generic_storage_revision", gomega.BeEquivalentTo(revision), patience)
		EventuallyMetric(t, engine, "generic_storage_tail_lag_revisions", gomega.BeZero(), patience)
		EventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", gomega.BeZero(), patience)
		gomega.NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(gomega.Succeed())
	}
	upToDate(commitOne(t, other, create("/before", `{}`)))

	stop()
	gomega.NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(gomega.MatchError(driver.ErrUnavailable))
	lag, _ := Metric(t, engine, "generic_storage_tail_lag_seconds")
	EventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", gomega.BeNumerically(">", lag), patience)
	if err := engine.Ping(t.Context()); !errors.Is(err, driver.ErrUnavailable) {
		t.Errorf("ping while the server is away: %v", err)
	}

	start()
	Recovers(t, other, patience)
	upToDate(commitOne(t, other, create("/after", `{}`)))
}

// ExerciseTailOfASilentConnection checks that a network that swallows everything, as after the loss
// of a route, is noticed without an error from anybody, and connections are given up that would
// stay silent. The engine owns followed, which is behind the proxy; other is of the same database,
// and is not.
func ExerciseTailOfASilentConnection(t *testing.T, followed, other driver.Backend, proxy *tcpproxy.Proxy, patience time.Duration) {
	engine := Run(t, followed, storage.Options{Log: changelog.Options{PollInterval: 50 * time.Millisecond, ReadTimeout: time.Second}})
	EventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", gomega.BeZero(), patience)

	proxy.HoldBack()
	gomega.NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(gomega.HaveOccurred())
	proxy.LetThrough()
	revision := commitOne(t, other, create("/a", `{}`))
	EventuallyMetric(t, engine, "generic_storage_revision", gomega.BeEquivalentTo(revision), patience)
	EventuallyMetric(t, engine, "generic_storage_tail_lag_seconds", gomega.BeZero(), patience)
	gomega.NewWithT(t).Eventually(engine.CheckTail).WithTimeout(patience).Should(gomega.Succeed())
}

// ExerciseFullDisk checks that everything can be read and nothing written without space. fill
// leaves no space for writes, empty gives it back; isFull reports whether an error is for that
// reason.
func ExerciseFullDisk(t *testing.T, engine *storage.Engine, fill, empty func(), isFull func(error) bool) {
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
			"text": strings.Repeat("x", 100_000), // more than is free in pages that are there
		}}
		return store.Create(t.Context(), "/example.org/loaves/"+name, loaf, nil, 0)
	}
	if err := bake("before"); err != nil {
		t.Fatal(err)
	}

	fill()
	if err := bake("during"); !apierrors.IsServiceUnavailable(err) {
		t.Fatalf("a write without space: got error %v, want 503", err)
	}
	if err := engine.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := engine.CheckWrites(t.Context()); !errors.Is(err, driver.ErrUnavailable) || !isFull(err) {
		t.Errorf("check of writes without space: got error %v, want ErrUnavailable for a full disk", err)
	}
	empty()
	if err := engine.CheckWrites(t.Context()); err != nil {
		t.Errorf("check of writes with space again: %v", err)
	}
	for _, name := range []string{"during", "after"} {
		if err := bake(name); err != nil {
			t.Errorf("write %s: %v", name, err)
		}
	}
}
