package storagetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/utils/ptr"

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

// exerciseRemainingFollowsChanges: each first page says how many objects remain at its revision,
// while processes create and delete some, and the database has counted once for each prefix.
func exerciseRemainingFollowsChanges(t *testing.T, h Harness) {
	open := h.New(t)
	counter := &countingBackend{Backend: open(t)}
	p := startProcess(t, counter, quiet)
	processes := []*process{p}
	if h.Shared {
		processes = append(processes, startProcess(t, open(t), quiet))
	}
	const writers, objects = 3, 40
	for i := range 3 {
		p.mustCreate(t, fmt.Sprintf("kept-%d", i))
	}
	list := func(key string, limit int64, at string) *example.PodList {
		list := &example.PodList{}
		options := apistorage.ListOptions{Recursive: true, Predicate: apistorage.Everything}
		if options.Predicate.Limit = limit; at != "" {
			options.ResourceVersion, options.ResourceVersionMatch = at, metav1.ResourceVersionMatchExact
		}
		if err := p.store.GetList(t.Context(), key, options, list); err != nil {
			t.Error(err)
		}
		return list
	}
	prefixes := []string{podPrefix, podPrefix + "ns/"}
	check := func() {
		for _, prefix := range prefixes {
			page := list(prefix, 1, "")
			all := list(prefix, 0, page.ResourceVersion)
			if remain := page.RemainingItemCount; remain == nil || *remain != int64(len(all.Items)-1) {
				t.Errorf("at revision %s of %s there are %d objects after the first, want %d", page.ResourceVersion, prefix, ptr.Deref(remain, -1), len(all.Items)-1)
			}
		}
	}
	check()
	var writing sync.WaitGroup
	for i, by := range processes {
		for n := range writers {
			writing.Go(func() {
				for o := range objects {
					name := fmt.Sprintf("p%d-%d-%d", i, n, o)
					if _, err := by.create(t.Context(), name); err != nil {
						t.Errorf("create %s: %v", name, err)
					}
					if o%3 > 0 {
						continue
					}
					err := by.store.Delete(t.Context(), podKey(name), &example.Pod{}, nil, apistorage.ValidateAllObjectFunc, nil, apistorage.DeleteOptions{})
					if err != nil {
						t.Errorf("delete %s: %v", name, err)
					}
				}
			})
		}
	}
	written := make(chan struct{})
	go func() {
		writing.Wait()
		close(written)
	}()
	for done := false; !done; {
		select {
		case <-written:
			done = true
		default:
		}
		check()
	}
	if counts := counter.counts.Load(); counts != int64(len(prefixes)) {
		t.Errorf("the database has counted %d times, want %d", counts, len(prefixes))
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
