package storagetest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	kruntime "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/request"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/turns"
)

// costlySelector keeps a processor busy for each object, and selects those with a name.
type costlySelector struct {
	fields.Selector
	id, name string
	cost     time.Duration
	count    *atomic.Int64 // that are at it
	most     *atomic.Int64
}

func newCostlySelector(id, name string, cost time.Duration, count, most *atomic.Int64) *costlySelector {
	return &costlySelector{Selector: fields.Everything(), id: id, name: name, cost: cost, count: count, most: most}
}

func (s *costlySelector) MatchesObject(obj kruntime.Object) (bool, error) {
	now := s.count.Add(1)
	defer s.count.Add(-1)
	for before := s.most.Load(); now > before && !s.most.CompareAndSwap(before, now); before = s.most.Load() {
	}
	for began := time.Now(); time.Since(began) < s.cost; {
		runtime.Gosched() // Others would come in, if they could.
	}
	return obj.(*example.Pod).Name == s.name, nil
}

func (s *costlySelector) Empty() bool                                 { return false }
func (s *costlySelector) String() string                              { return s.id }
func (s *costlySelector) DeepCopySelector() fields.Selector           { return s }
func (s *costlySelector) MayMatchStored([]byte) bool                  { return true }
func (s *costlySelector) Ordered() (int, bool)                        { return 0, false }
func (s *costlySelector) EachCondition(func(string, ...[2]string))    {}
func (s *costlySelector) SearchedWords() []string                     { return nil }
func (s *costlySelector) OrderedBy() (string, bool)                   { return "", false }
func (s *costlySelector) ValueAt(string) (value string, present bool) { return "", false }
func (s *costlySelector) Position(kruntime.Object) string             { return "" }

func (s *costlySelector) options(limit int64) apistorage.ListOptions {
	return apistorage.ListOptions{Recursive: true, Predicate: apistorage.SelectionPredicate{
		Label: labels.Everything(), Field: s, GetAttrs: podAttributes, Limit: limit,
	}}
}

func asUser(ctx context.Context, name string) context.Context {
	return request.WithUser(ctx, &user.DefaultInfo{Name: name})
}

// exerciseCostlySelectors: a hundred requests whose selectors take long take half of the
// processors; what others ask, writes and watches go on meanwhile, and each of the hundred ends.
func exerciseCostlySelectors(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	const pods, requests = 50, 100
	for i := range pods {
		p.mustCreate(t, fmt.Sprintf("pod-%02d", i))
	}
	var count, most, ended atomic.Int64
	var all sync.WaitGroup
	watching, stop := context.WithCancel(t.Context())
	defer stop()
	for i := range requests {
		selector := newCostlySelector(fmt.Sprint("costly-", i), "none", time.Millisecond, &count, &most)
		if i%10 == 0 {
			w, err := p.store.Watch(asUser(watching, "mallory"), podPrefix, selector.options(0))
			if err != nil {
				t.Fatal(err)
			}
			defer w.Stop()
		}
		all.Go(func() {
			defer ended.Add(1)
			list := &example.PodList{}
			// Those that are paged are so to the end.
			options := selector.options(int64(i%2) * 10)
			for next := true; next; next = list.Continue != "" {
				options.Predicate.Continue = list.Continue
				if err := p.store.GetList(asUser(t.Context(), "mallory"), podPrefix, options, list); err != nil {
					t.Error(err)
				}
			}
		})
	}
	cheap := newCostlySelector("cheap", "pod-07", 0, new(atomic.Int64), new(atomic.Int64))
	w, err := p.store.Watch(asUser(t.Context(), "alice"), podPrefix, newCostlySelector("watch", "new", 0, new(atomic.Int64), new(atomic.Int64)).options(0))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	list := &example.PodList{}
	if err := p.store.GetList(asUser(t.Context(), "alice"), podPrefix, cheap.options(0), list); err != nil || len(list.Items) != 1 {
		t.Errorf("a cheap list has %d items (%v), want 1", len(list.Items), err)
	}
	p.mustCreate(t, "new")
	if e, open := <-w.ResultChan(); !open || e.Type != watch.Added {
		t.Errorf("the watch sees %v, want that a pod was added", e)
	}
	if done := ended.Load(); done > requests/2 {
		t.Errorf("%d of %d costly lists ended before a cheap list, a write and a watch", done, requests)
	}
	all.Wait()
	if limit := int64(max(1, runtime.GOMAXPROCS(0)/2)); most.Load() > limit {
		t.Errorf("%d selectors kept processors busy at a time, want at most %d", most.Load(), limit)
	}
}

// countingSelector counts what it decides on.
type countingSelector struct {
	*costlySelector
	decided *atomic.Int64
}

func (s countingSelector) MatchesObject(obj kruntime.Object) (bool, error) {
	s.decided.Add(1)
	return s.costlySelector.MatchesObject(obj)
}

func (s countingSelector) DeepCopySelector() fields.Selector { return s }

// exerciseEqualSelectors: what one of many watches with equal selectors has decided on a change,
// the others need not decide.
func exerciseEqualSelectors(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	const watches, pods = 20, 10
	start := p.mustCreate(t, "start").ResourceVersion
	var count, most, decided atomic.Int64
	var opened []watch.Interface
	for i := range watches {
		// Each has a selector of its own, that has the same text.
		selector := newCostlySelector("equal", "last", 0, &count, &most)
		options := selector.options(0)
		options.ResourceVersion, options.Predicate.Field = start, countingSelector{selector, &decided}
		w, err := p.store.Watch(asUser(t.Context(), fmt.Sprint("user-", i)), podPrefix, options)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Stop()
		opened = append(opened, w)
	}
	for i := range pods - 1 {
		p.mustCreate(t, fmt.Sprintf("pod-%02d", i))
	}
	p.mustCreate(t, "last")
	for _, w := range opened {
		if e, open := <-w.ResultChan(); !open || e.Type != watch.Added || e.Object.(*example.Pod).Name != "last" {
			t.Errorf("a watch sees %v, want that the last pod was added", e)
		}
	}
	// Of those that decide at the same time none knows of the others.
	if limit := int64(pods * max(1, runtime.GOMAXPROCS(0)/2)); decided.Load() > limit {
		t.Errorf("%d watches with equal selectors decided %d times on %d changes, want at most %d", watches, decided.Load(), pods, limit)
	}
}

// exerciseListsHaveAPace: what precedes comes between the objects of a large request's list.
func exerciseListsHaveAPace(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	p.mustCreate(t, "pod")
	shared := turns.New(func() int { return 1 })
	pace := shared.NewPace()
	time.Sleep(time.Millisecond) // What it has worked for is how long it may wait.
	defer shared.Precede()()
	list := &example.PodList{}
	options := apistorage.ListOptions{Recursive: true, Predicate: apistorage.Everything}
	if err := p.store.GetList(turns.WithPace(t.Context(), pace), podPrefix, options, list); err != nil || len(list.Items) != 1 {
		t.Errorf("a list has %d items (%v), want 1", len(list.Items), err)
	}
	if all, lately := pace.Worked(); lately == all {
		t.Error("it waited for nothing")
	}
}
