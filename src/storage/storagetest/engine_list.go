package storagetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// exerciseRemainingIsCountedOnce: counting what is left costs more than reading a page, so it is
// done for the first page only, and is right on every page, whatever is written meanwhile.
func exerciseRemainingIsCountedOnce(t *testing.T, h Harness) {
	const pods, limit = 20, 3
	counter := &countingBackend{Backend: h.New(t)(t)}
	p := startProcess(t, counter, quiet)
	for i := range pods {
		p.mustCreate(t, fmt.Sprintf("pod-%02d", i))
	}
	seen, pages := 0, 0
	for token := ""; ; {
		list := &example.PodList{}
		predicate := apistorage.Everything
		predicate.Limit, predicate.Continue = limit, token
		err := p.store.GetList(t.Context(), podPrefix, apistorage.ListOptions{Recursive: true, Predicate: predicate}, list)
		if err != nil {
			t.Fatal(err)
		}
		seen += len(list.Items)
		pages++
		if token = list.Continue; token == "" {
			break
		}
		if list.RemainingItemCount == nil || *list.RemainingItemCount != int64(pods-seen) {
			t.Errorf("page %d tells of %v remaining objects, want %d", pages, list.RemainingItemCount, pods-seen)
		}
		p.mustCreate(t, fmt.Sprintf("pod-99-%d", pages))
	}
	if seen != pods {
		t.Errorf("%d objects listed, want %d", seen, pods)
	}
	if counts := counter.counts.Load(); counts != 1 {
		t.Errorf("%d of %d pages were counted from, want 1", counts, pages)
	}
}

// exerciseStatsAreCountedOnce: what is stored of a resource is counted again when that has changed.
func exerciseStatsAreCountedOnce(t *testing.T, h Harness) {
	counter := &countingBackend{Backend: h.New(t)(t)}
	p := startProcess(t, counter, quiet)
	want := func(objects, counts int64) {
		t.Helper()
		for range 2 {
			stats, err := p.store.Stats(t.Context())
			if err != nil || stats.ObjectCount != objects {
				t.Errorf("there are %d objects (%v), want %d", stats.ObjectCount, err, objects)
			}
		}
		if made := counter.counts.Load(); made != counts {
			t.Errorf("the database has counted %d times, want %d", made, counts)
		}
	}
	p.mustCreate(t, "a")
	want(1, 1)
	p.mustCreate(t, "b")
	want(2, 2)
	submission := &changelog.Submission{Write: create("/elsewhere/a", `{}`)}
	if err := p.Submit(t.Context(), submission); err != nil {
		t.Fatal(err)
	}
	want(2, 2)
}

// countingBackend counts how often it has to count.
type countingBackend struct {
	driver.Backend
	counts atomic.Int64
}

func (b *countingBackend) Stats(ctx context.Context, prefix string) (driver.Stats, error) {
	b.counts.Add(1)
	return b.Backend.Stats(ctx, prefix)
}

func (b *countingBackend) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	if query.Count {
		b.counts.Add(1)
	}
	return b.Backend.List(ctx, query)
}
