package storagetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
)

func (p *process) metric(t *testing.T, name string, labels ...string) float64 {
	t.Helper()
	value, ok := Metric(t, p.Engine, name, labels...)
	if !ok {
		t.Fatalf("%s %v of %s is missing", name, labels, p.Name())
	}
	return value
}

func (p *process) wantMetric(t *testing.T, want float64, name string, labels ...string) {
	t.Helper()
	if got := p.metric(t, name, labels...); got != want {
		t.Errorf("%s %v is %v, want %v", name, labels, got, want)
	}
}

func exerciseMetricsOfTheDatabase(t *testing.T, h Harness) {
	options := quiet
	options.Log.SizeInterval = 20 * time.Millisecond
	options.Log.ExpiryInterval = 20 * time.Millisecond
	p := startProcess(t, h.New(t)(t), options)
	p.wantMetric(t, 1, "generic_storage_revision")
	p.wantMetric(t, 0, "generic_storage_compacted_revision")

	p.mustCreate(t, "a")
	last, err := p.label(t.Context(), "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	p.wantMetric(t, float64(revisionOf(t, last)), "generic_storage_revision")
	if err := p.Compact(t.Context(), revisionOf(t, last)); err != nil {
		t.Fatal(err)
	}
	p.wantMetric(t, float64(revisionOf(t, last)), "generic_storage_compacted_revision")
	p.wantMetric(t, 2, "generic_storage_commit_duration_seconds", "outcome", "ok")
	p.wantMetric(t, 2, "generic_storage_commit_batch_writes")

	p.wantMetric(t, 0, "generic_storage_expired_records_deleted_total")
	if err := p.store.Create(t.Context(), podKey("short"), pod("short"), nil, 1); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the deletion of what expired is counted", func() bool {
		return p.metric(t, "generic_storage_expired_records_deleted_total") == 1
	})

	var size float64
	eventually(t, "the size is measured", func() (measured bool) {
		size, measured = Metric(t, p.Engine, "generic_storage_database_bytes")
		return measured
	})
	const written = 10 << 20
	large := make([]byte, 1<<20)
	rand.Read(large) // so that it can't be compressed
	for i := range written / len(large) {
		p.commitAsOther(t, driver.Write{Key: fmt.Sprintf("/large/%d", i), Value: large})
	}
	eventually(t, "the size has grown by what was written", func() bool {
		return p.metric(t, "generic_storage_database_bytes") >= size+written
	})

	maximum := p.metric(t, "generic_storage_max_connections", "pool", "read")
	eventually(t, "connections are open, and no more than may be", func() bool { // one may change its state in between
		open := p.metric(t, "generic_storage_connections", "pool", "read", "state", "idle") + p.metric(t, "generic_storage_connections", "pool", "read", "state", "in_use")
		return 1 <= open && open <= maximum
	})
	if waits, seconds := p.metric(t, "generic_storage_connection_waits_total", "pool", "read"), p.metric(t, "generic_storage_connection_wait_seconds_total", "pool", "read"); waits == 0 && seconds > 0 {
		t.Errorf("nobody waited for a connection, but for %v s", seconds)
	}
}

func exerciseMetricsOfOperations(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	resource := rand.Text() // The metric has no engine.
	p.store = p.newStore(t, func(c *storage.StoreConfig) {
		c.GroupResource = schema.GroupResource{Group: "example.org", Resource: resource}
	})
	get := func(name string) error {
		return p.store.Get(t.Context(), podKey(name), apistorage.GetOptions{}, &example.Pod{})
	}
	list := func(ctx context.Context, resourceVersion string) error {
		opts := apistorage.ListOptions{ResourceVersion: resourceVersion, Recursive: true, Predicate: apistorage.Everything}
		if resourceVersion != "" {
			opts.ResourceVersionMatch = "Exact"
		}
		return p.store.GetList(ctx, podPrefix, opts, &example.PodList{})
	}
	gaveUp, giveUp := context.WithCancel(t.Context())
	giveUp()
	created := p.mustCreate(t, "a")
	for _, step := range []struct {
		operation, outcome string
		run                func() error
	}{
		{"get", "ok", func() error { return get("a") }},
		{"get", "not_found", func() error { return get("b") }},
		{"create", "conflict", func() error { _, err := p.create(t.Context(), "a"); return err }},
		{"update", "ok", func() error { _, err := p.label(t.Context(), "a", "1"); return err }},
		{"update", "not_found", func() error { _, err := p.label(t.Context(), "b", "1"); return err }},
		{"list", "ok", func() error { return list(t.Context(), "") }},
		{"list", "canceled", func() error { return list(gaveUp, "") }},
		{"list", "refused", func() error {
			if err := p.Compact(t.Context(), revisionOf(t, created)+1); err != nil {
				t.Fatal(err)
			}
			return list(t.Context(), created.ResourceVersion)
		}},
		{"delete", "refused", func() error {
			other := apistorage.NewUIDPreconditions("another")
			return p.store.Delete(t.Context(), podKey("a"), &example.Pod{}, other, apistorage.ValidateAllObjectFunc, nil, apistorage.DeleteOptions{})
		}},
		{"delete", "unavailable", func() error {
			p.backend.failWith(errAway)
			return p.store.Delete(t.Context(), podKey("a"), &example.Pod{}, nil, apistorage.ValidateAllObjectFunc, nil, apistorage.DeleteOptions{})
		}},
	} {
		if err := step.run(); (err == nil) != (step.outcome == "ok") {
			t.Errorf("%s that is to be %s: %v", step.operation, step.outcome, err)
		}
		got, _ := series(t, "generic_storage_operation_duration_seconds",
			"operation", step.operation, "group", "example.org", "resource", resource, "outcome", step.outcome)
		if got != 1 {
			t.Errorf("%v operations %s are counted as %s, want 1", got, step.operation, step.outcome)
		}
	}
}

func exerciseMetricsOfWatchers(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	pods := []string{"group", "", "resource", "pods"}
	first := p.mustCreate(t, "first")
	record, _, err := p.backend.Get(t.Context(), podKey("first"), 0)
	if err != nil {
		t.Fatal(err)
	}
	w := p.watch(t, first.ResourceVersion)
	eventually(t, "the watcher is counted", func() bool {
		watchers, _ := Metric(t, p.Engine, "generic_storage_watchers", pods...)
		return watchers == 1 && p.metric(t, "generic_storage_watchers_behind", pods...) == 0
	})
	p.wantMetric(t, 0, "generic_storage_watchers_fallen_behind_total")

	// Nobody receives.
	const changes = 2500
	var writes []driver.Write
	for i := range changes {
		writes = append(writes, create(podKey(fmt.Sprint(i)), string(record.Value)))
	}
	p.commitAsOther(t, writes...)
	if err := p.store.RequestWatchProgress(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the watcher is behind", func() bool { return p.metric(t, "generic_storage_watchers_behind", pods...) == 1 })
	p.wantMetric(t, 1, "generic_storage_watchers_fallen_behind_total")

	for range changes {
		next(t, w)
	}
	eventually(t, "the watcher is behind no more, and all it was sent is counted", func() bool {
		return p.metric(t, "generic_storage_watchers_behind", pods...) == 0 && p.metric(t, "generic_storage_watch_events_total") == changes
	})
	w.Stop()
	eventually(t, "the watcher is gone", func() bool {
		_, there := Metric(t, p.Engine, "generic_storage_watchers", pods...)
		return !there
	})
}
