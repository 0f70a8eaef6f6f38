package controllers

import (
	"reflect"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestTrimMetadata: what the garbage collector works with stays, what users may have made large
// goes.
func TestTrimMetadata(t *testing.T) {
	t.Parallel()
	deleted := metav1.NewTime(time.Unix(1, 0))
	kept := metav1.PartialObjectMetadata{
		TypeMeta: metav1.TypeMeta{Kind: "PartialObjectMetadata", APIVersion: "meta.k8s.io/v1"},
		ObjectMeta: metav1.ObjectMeta{
			Name: "a", Namespace: "b", UID: "c", ResourceVersion: "4", DeletionTimestamp: &deleted,
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "Secret", Name: "e", UID: "f", BlockOwnerDeletion: new(true)}},
			Finalizers:      []string{metav1.FinalizerOrphanDependents},
		},
	}
	object := kept.DeepCopy()
	object.Labels = map[string]string{"a": "b"}
	object.Annotations = map[string]string{"last-applied": "everything"}
	object.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl"}}
	if got := trimMetadata(object); !reflect.DeepEqual(got, &kept) {
		t.Errorf("got %+v, want %+v", got, kept)
	}
	for _, plain := range []metav1.ObjectMeta{
		{Name: "a", Namespace: "b", UID: "6a4b8f4e-0000-4000-8000-00000000000a"},
		{Name: "of the cluster", UID: "6a4b8f4e-0000-4000-8000-00000000000a"},
		{Name: "of another server", UID: "6A4B8F4E-0000-4000-8000-00000000000A"},
	} {
		object := &metav1.PartialObjectMetadata{ObjectMeta: plain}
		object.Labels = map[string]string{"a": "b"}
		accessor, err := meta.Accessor(trimMetadata(object))
		if err != nil {
			t.Fatal(err)
		}
		left := metav1.ObjectMeta{Name: accessor.GetName(), Namespace: accessor.GetNamespace(), UID: accessor.GetUID()}
		if !reflect.DeepEqual(left, plain) || len(accessor.GetLabels()) > 0 {
			t.Errorf("got %+v, want %+v", left, plain)
		}
	}
	if again := trimMetadata(&unowned{}); !reflect.DeepEqual(again, &unowned{}) {
		t.Errorf("trimmed again it is %+v", again)
	}
}
