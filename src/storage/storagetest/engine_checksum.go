package storagetest

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage/transfer"
)

// exerciseDamagedValue: bits that flipped in the database are told from what was written; other
// objects are not affected.
func exerciseDamagedValue(t *testing.T, h Harness) {
	open := h.New(t)
	p := startProcess(t, open(t), quiet)
	first := p.mustCreate(t, "a")
	p.mustCreate(t, "b")
	h.Damage(t, p.backend.Backend, podKey("a"), `"name":"a"`, `"name":"A"`)
	wantDamaged := func(what string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: got error %v, want that it is damaged", what, err)
		}
	}
	wantDamaged("get", p.store.Get(t.Context(), podKey("a"), apistorage.GetOptions{}, &example.Pod{}))
	wantDamaged("list", p.store.GetList(t.Context(), podPrefix, apistorage.ListOptions{Recursive: true, Predicate: apistorage.Everything}, &example.PodList{}))
	_, err := p.label(t.Context(), "a", "x")
	wantDamaged("update", err)
	if err := p.store.Get(t.Context(), podKey("b"), apistorage.GetOptions{}, &example.Pod{}); err != nil {
		t.Errorf("another object: %v", err)
	}
	found, err := transfer.Read(t.Context(), p.backend.Backend, nil)
	if err != nil || found.Objects != 2 || found.Changes != 2 || len(found.Damaged) != 1 || !strings.Contains(found.Damaged[0], podKey("a")) {
		t.Errorf("found %+v (error %v), want one of two damaged", found, err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	// A process that has not seen what was written.
	p = startProcess(t, open(t), quiet)
	w := p.watch(t, decrement(t, first.ResourceVersion))
	if event := next(t, w); event.Type != watch.Error {
		t.Errorf("a watch shows %s %v, want an error", event.Type, event.Object)
	}
}
