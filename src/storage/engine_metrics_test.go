package storage_test

import (
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/storagetest"
)

func startEngine(t *testing.T) *storage.Engine {
	t.Helper()
	return startNamed(t, "")
}

func startNamed(t *testing.T, name string) *storage.Engine {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, storage.Options{Log: changelog.Options{Name: name}})
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

// bake writes a loaf.
func bake(t *testing.T, engine *storage.Engine, name string) {
	t.Helper()
	store, err := engine.NewStore(storage.StoreConfig{
		GroupResource:  schema.GroupResource{Group: "bakery.example.com", Resource: "loaves"},
		ResourcePrefix: "/bakery.example.com/loaves",
		Codec:          unstructured.UnstructuredJSONScheme,
		NewFunc:        func() runtime.Object { return &unstructured.Unstructured{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	loaf := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "bakery.example.com/v1", "kind": "Loaf"}}
	if err := store.Create(t.Context(), "/bakery.example.com/loaves/"+name, loaf, nil, 0); err != nil {
		t.Fatal(err)
	}
}

// TestNamesAreTheEmbedders: metrics are named after the API server, also where there are two in a
// process.
func TestNamesAreTheEmbedders(t *testing.T) {
	bakery, mill := startNamed(t, "bakery"), startNamed(t, "mill")
	bake(t, bakery, "rye")
	for engine, want := range map[*storage.Engine]float64{bakery: 2, mill: 1} {
		name := map[*storage.Engine]string{bakery: "bakery", mill: "mill"}[engine]
		if got, ok := storagetest.Metric(t, engine, name+"_storage_revision"); !ok || got != want {
			t.Errorf("%s is at revision %v (%t), want %v", name, got, ok, want)
		}
	}
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Open(t.Context(), backend, storage.Options{Log: changelog.Options{Name: "a bakery"}}); err == nil || !strings.Contains(err.Error(), "a bakery") {
		t.Errorf("a name that metrics can't have: got error %v", err)
	}
}

// TestEnginesOfOneProcess: each has series of its own, which go with it; its name is free for
// another one.
func TestEnginesOfOneProcess(t *testing.T) {
	first, second := startEngine(t), startEngine(t)
	if first.Name() != "sqlite-0" || second.Name() != "sqlite-1" {
		t.Errorf("they are called %s and %s", first.Name(), second.Name())
	}
	bake(t, first, "rye")
	bake(t, second, "rye")
	bake(t, second, "spelt")
	want := func(engine *storage.Engine, revision, commits float64) {
		t.Helper()
		if got, ok := storagetest.Metric(t, engine, "generic_storage_revision"); !ok || got != revision {
			t.Errorf("%s is at revision %v (%t), want %v", engine.Name(), got, ok, revision)
		}
		if got, ok := storagetest.Metric(t, engine, "generic_storage_commit_batch_writes"); ok != (commits > 0) || got != commits {
			t.Errorf("%s has made %v commits (%t), want %v", engine.Name(), got, ok, commits)
		}
	}
	want(first, 2, 1)
	want(second, 3, 2)

	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"generic_storage_revision", "generic_storage_tail_lag_seconds", "generic_storage_expired_records_deleted_total",
		"generic_storage_commit_batch_writes",
	} {
		if value, ok := storagetest.Metric(t, first, name); ok {
			t.Errorf("an engine that is closed still has %s %v", name, value)
		}
	}
	if value, ok := storagetest.Metric(t, first, "generic_storage_commit_duration_seconds", "outcome", "ok"); ok {
		t.Errorf("an engine that is closed still has %v commits", value)
	}
	want(second, 3, 2)

	third := startEngine(t)
	if third.Name() != first.Name() {
		t.Errorf("the next engine is called %s although %s is free", third.Name(), first.Name())
	}
	want(third, 1, 0)
	want(second, 3, 2)
}

// TestOutcomesAreCountedFromTheStart: the first commit whose outcome is not known is an increase.
func TestOutcomesAreCountedFromTheStart(t *testing.T) {
	engine := startEngine(t)
	for _, outcome := range []string{"ok", "unavailable", "unknown", "error"} {
		if got, ok := storagetest.Metric(t, engine, "generic_storage_commit_duration_seconds", "outcome", outcome); !ok || got != 0 {
			t.Errorf("%v commits are %s (%t), want none", got, outcome, ok)
		}
	}
}
