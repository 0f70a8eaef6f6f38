package controllers

import (
	"reflect"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
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
	got, err := trimMetadata(object)
	if err != nil || !reflect.DeepEqual(got, &kept) {
		t.Errorf("got %+v, %v, want %+v", got, err, kept)
	}
	tombstone := cache.DeletedFinalStateUnknown{Key: "b/a", Obj: &kept}
	if got, err := trimMetadata(tombstone); err != nil || !reflect.DeepEqual(got, tombstone) {
		t.Errorf("got %+v, %v, want %+v", got, err, tombstone)
	}
}
