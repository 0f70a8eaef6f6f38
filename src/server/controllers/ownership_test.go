package controllers

import (
	"fmt"
	"slices"
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
	object := func(name string, owners ...string) any {
		partial := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: name, UID: uid(name), ResourceVersion: "1"}}
		for _, owner := range owners {
			partial.OwnerReferences = append(partial.OwnerReferences, metav1.OwnerReference{Name: owner, UID: uid(owner)})
		}
		trimmed, err := trimMetadata(partial)
		if err != nil {
			t.Fatal(err)
		}
		return trimmed
	}
	deleting := func(name string) any {
		now := metav1.Now()
		return &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: name, UID: uid(name), DeletionTimestamp: &now}}
	}
	name := func(o any) string {
		id, _ := identity(o)
		return string(id[len(id)-1:])
	}
	type step func(handlerOf func(o any) cache.ResourceEventHandler)
	add := func(o any) step {
		return func(handlerOf func(any) cache.ResourceEventHandler) { handlerOf(o).OnAdd(o, true) }
	}
	update := func(before, after any) step {
		return func(handlerOf func(any) cache.ResourceEventHandler) { handlerOf(after).OnUpdate(before, after) }
	}
	remove := func(o any) step {
		return func(handlerOf func(any) cache.ResourceEventHandler) { handlerOf(o).OnDelete(o) }
	}

	for title, test := range map[string]struct {
		steps []step
		heard []string
	}{
		"an unrelated object": {
			[]step{add(object("a")), update(object("a"), object("a")), remove(object("a"))},
			nil,
		},
		"an owner that comes first": {
			[]step{add(object("a")), add(object("b", "a")), update(object("a"), object("a")), remove(object("a")), remove(object("b", "a"))},
			[]string{"add a", "add b", "update a", "delete a", "delete b"},
		},
		"an owner that comes later": {
			[]step{add(object("b", "a")), add(object("a")), remove(object("a")), remove(object("b", "a"))},
			[]string{"add b", "add a", "delete a", "delete b"},
		},
		"an owner that was gone": {
			[]step{add(object("a")), remove(object("a")), add(object("b", "a")), remove(object("b", "a")), add(object("a")), remove(object("a"))},
			[]string{"add b", "delete b"},
		},
		"an owner that another has, too": {
			[]step{add(object("a")), add(object("b", "a")), add(object("c", "a")), remove(object("b", "a")), remove(object("c", "a")), update(object("a"), object("a")), remove(object("a"))},
			[]string{"add a", "add b", "add c", "delete b", "delete c", "update a", "delete a"},
		},
		"one that is adopted, and an orphan again": {
			[]step{add(object("a")), add(object("b")), update(object("b"), object("b", "a")), update(object("b", "a"), object("b")), remove(object("b")), remove(object("a"))},
			[]string{"add a", "update b", "update b", "delete b", "delete a"},
		},
		"one that is exchanged": {
			[]step{add(object("a")), add(object("c")), add(object("b", "a")), update(object("b", "a"), object("b", "c")), remove(object("a")), remove(object("c")), remove(object("b", "c"))},
			[]string{"add a", "add b", "add c", "update b", "delete a", "delete c", "delete b"},
		},
		"one that is being deleted": {
			[]step{add(object("a")), update(object("a"), deleting("a")), remove(deleting("a"))},
			[]string{"update a", "delete a"},
		},
		"its own owner": {
			[]step{add(object("a")), update(object("a"), object("a", "a")), remove(object("a", "a"))},
			[]string{"update a", "delete a"},
		},
		"deletions that were missed": {
			[]step{add(object("a")), add(object("b")), add(object("c", "b")),
				remove(cache.DeletedFinalStateUnknown{Key: "a", Obj: object("a")}), remove(cache.DeletedFinalStateUnknown{Key: "b", Obj: object("b")}),
				remove(cache.DeletedFinalStateUnknown{Key: "c", Obj: object("c", "b")})},
			[]string{"add b", "add c", "delete b", "delete c"},
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			all := newOwnershipInformers(nil)
			var heard []string
			handlers := make(map[string]cache.ResourceEventHandler) // of a resource for each object
			for _, resource := range []string{"a", "b", "c"} {
				hear := func(event string, o any) {
					heard = append(heard, event+" "+name(o))
					if name(o) != resource {
						t.Errorf("the handler of %s heard of %s", resource, name(o))
					}
				}
				handlers[resource] = &ownershipHandler{all, cache.ResourceEventHandlerFuncs{
					AddFunc:    func(o any) { hear("add", o) },
					UpdateFunc: func(_, o any) { hear("update", o) },
					DeleteFunc: func(o any) { hear("delete", o) },
				}}
			}
			for _, s := range test.steps {
				s(func(o any) cache.ResourceEventHandler { return handlers[name(o)] })
			}
			if !slices.Equal(heard, test.heard) {
				t.Errorf("got %q, want %q", heard, test.heard)
			}
			if len(all.unrelated)+len(all.owners)+len(all.dependents) > 0 {
				t.Errorf("left are %v, %v, %v", all.unrelated, all.owners, all.dependents)
			}
		})
	}
}
