package controllers

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"
)

// TestOwnershipInformers: the garbage collector hears of what has owners, of what are owners and of
// what is being deleted, of owners first, and of nothing else. What is gone leaves nothing behind.
func TestOwnershipInformers(t *testing.T) {
	t.Parallel()
	uid := func(name string) types.UID {
		return types.UID(fmt.Sprintf("6a4b8f4e-0000-4000-8000-00000000000%s", name))
	}
	object := func(name string, owners ...string) *metav1.PartialObjectMetadata {
		partial := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: name, UID: uid(name)}}
		for _, owner := range owners {
			partial.OwnerReferences = append(partial.OwnerReferences, metav1.OwnerReference{Name: owner, UID: uid(owner)})
		}
		return partial
	}
	deleting := func(name string) *metav1.PartialObjectMetadata {
		partial := object(name)
		partial.DeletionTimestamp = new(metav1.Now())
		return partial
	}
	name := func(o any) string {
		id, _ := identity(o)
		return string(id[len(id)-1:])
	}
	type step func(informers map[string]*metadataInformer) error // each object is of a resource of its own
	set := func(o *metav1.PartialObjectMetadata) step {
		return func(informers map[string]*metadataInformer) error { return informers[o.Name].Update(o) }
	}
	remove := func(o *metav1.PartialObjectMetadata) step {
		return func(informers map[string]*metadataInformer) error { return informers[o.Name].Delete(o) }
	}
	relist := func(name string, left ...any) step {
		return func(informers map[string]*metadataInformer) error { return informers[name].Replace(left, "") }
	}

	for title, test := range map[string]struct {
		steps []step
		heard []string
	}{
		"an unrelated object": {
			[]step{set(object("a")), set(object("a")), remove(object("a"))},
			nil,
		},
		"an owner that comes first": {
			[]step{set(object("a")), set(object("b", "a")), set(object("a")), remove(object("a")), remove(object("b", "a"))},
			[]string{"add a", "add b", "delete a", "delete b"},
		},
		"an owner that comes later": {
			[]step{set(object("b", "a")), set(object("a")), remove(object("a")), remove(object("b", "a"))},
			[]string{"add b", "add a", "delete a", "delete b"},
		},
		"an owner that was gone": {
			[]step{set(object("a")), remove(object("a")), set(object("b", "a")), remove(object("b", "a")), set(object("a")), remove(object("a"))},
			[]string{"add b", "delete b"},
		},
		"an owner that another has, too": {
			[]step{set(object("a")), set(object("b", "a")), set(object("c", "a")), remove(object("b", "a")), remove(object("c", "a")), set(object("a")), remove(object("a"))},
			[]string{"add a", "add b", "add c", "delete b", "delete c", "delete a"},
		},
		"one that is adopted, and an orphan again": {
			[]step{set(object("a")), set(object("b")), set(object("b", "a")), set(object("b")), remove(object("b")), remove(object("a"))},
			[]string{"add a", "update b", "update b", "delete b", "delete a"},
		},
		"one that is exchanged": {
			[]step{set(object("a")), set(object("c")), set(object("b", "a")), set(object("b", "c")), remove(object("a")), remove(object("c")), remove(object("b", "c"))},
			[]string{"add a", "add b", "add c", "update b", "delete a", "delete c", "delete b"},
		},
		"one that is being deleted": {
			[]step{set(object("a")), set(deleting("a")), remove(deleting("a"))},
			[]string{"update a", "delete a"},
		},
		"its own owner": {
			[]step{set(object("a")), set(object("a", "a")), remove(object("a", "a"))},
			[]string{"update a", "delete a"},
		},
		"deletions that were missed": {
			[]step{set(object("a")), set(object("b")), set(object("c", "b")),
				relist("a"), relist("b"), relist("c")},
			[]string{"add b", "add c", "delete b", "delete c"},
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			metadata := make(map[string]*metadataInformer)
			all := newOwnershipInformers(nil)
			var heard []string
			for _, resource := range []string{"a", "b", "c"} {
				hear := func(event string, o any) {
					heard = append(heard, event+" "+name(o))
					if name(o) != resource {
						t.Errorf("the handler of %s heard of %s", resource, name(o))
					}
				}
				metadata[resource] = newMetadataInformer()
				_, err := ownershipInformer{metadata[resource], all}.AddEventHandlerWithResyncPeriod(cache.ResourceEventHandlerFuncs{
					AddFunc:    func(o any) { hear("add", o) },
					UpdateFunc: func(_, o any) { hear("update", o) },
					DeleteFunc: func(o any) { hear("delete", o) },
				}, 0)
				if err != nil {
					t.Fatal(err)
				}
			}
			for _, s := range test.steps {
				if err := s(metadata); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(heard, test.heard) {
				t.Errorf("got %q, want %q", heard, test.heard)
			}
			if len(all.owners)+len(all.dependents) > 0 {
				t.Errorf("left are %v, %v", all.owners, all.dependents)
			}
		})
	}
}

// TestOwnershipOfWhatComesTogether: whichever informer is first, the garbage collector hears of
// owners and of what they own.
func TestOwnershipOfWhatComesTogether(t *testing.T) {
	t.Parallel()
	const objects = 500
	uid := func(kind string, n int) types.UID {
		return types.UID(fmt.Sprintf("6a4b8f4e-0000-4000-%s-%012d", kind, n))
	}
	all := newOwnershipInformers(nil)
	var mu sync.Mutex
	heard := make(map[types.UID]bool)
	var running sync.WaitGroup
	for _, kind := range []string{"aaaa", "bbbb"} {
		informer := newMetadataInformer()
		_, err := ownershipInformer{informer, all}.AddEventHandlerWithResyncPeriod(cache.ResourceEventHandlerFuncs{AddFunc: func(o any) {
			mu.Lock()
			defer mu.Unlock()
			id, _ := identity(o)
			heard[id] = true
		}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		running.Go(func() {
			for n := range objects {
				partial := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{UID: uid(kind, n)}}
				if kind == "bbbb" && n%2 == 0 {
					partial.OwnerReferences = []metav1.OwnerReference{{UID: uid("aaaa", n)}}
				}
				if err := informer.Add(partial); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	for n := range objects {
		for _, kind := range []string{"aaaa", "bbbb"} {
			if got, want := heard[uid(kind, n)], n%2 == 0; got != want {
				t.Errorf("%s %d: the garbage collector has heard of it: %v, want %v", kind, n, got, want)
			}
		}
	}
}
