package storagetest

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/apis/example"
	examplev1 "k8s.io/apiserver/pkg/apis/example/v1"
	apistorage "k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage"
)

// exerciseOtherVersion: a caller may have its objects in another version than the codec makes, as
// kube-apiserver has the records of its replicas. Watchers get what the codec makes.
func exerciseOtherVersion(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	p.store = p.newStore(t, func(c *storage.StoreConfig) { c.GetAttrs = nil })
	w := p.watch(t, p.mustCreate(t, "first").ResourceVersion)

	pod := &examplev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "second", Namespace: "ns"}}
	created := &examplev1.Pod{}
	if err := p.store.Create(t.Context(), podKey("second"), pod, created, 0); err != nil {
		t.Fatal(err)
	}
	wantEvent(t, w, watch.Added, &example.Pod{ObjectMeta: created.ObjectMeta})

	updated := &examplev1.Pod{}
	label := func(obj runtime.Object) (runtime.Object, error) {
		metav1.SetMetaDataLabel(&obj.(*examplev1.Pod).ObjectMeta, "value", "new")
		return obj, nil
	}
	if err := p.store.GuaranteedUpdate(t.Context(), podKey("second"), updated, false, nil, apistorage.SimpleUpdate(label), nil); err != nil {
		t.Fatal(err)
	}
	if updated.Labels["value"] != "new" {
		t.Errorf("the update gave back %v", updated)
	}
	wantEvent(t, w, watch.Modified, &example.Pod{ObjectMeta: updated.ObjectMeta})

	deleted := &examplev1.Pod{}
	if err := p.store.Delete(t.Context(), podKey("second"), deleted, nil, apistorage.ValidateAllObjectFunc, nil, apistorage.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if deleted.Labels["value"] != "new" {
		t.Errorf("the deletion gave back %v", deleted)
	}
	wantEvent(t, w, watch.Deleted, &example.Pod{ObjectMeta: deleted.ObjectMeta})
}
