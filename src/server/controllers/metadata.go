package controllers

import (
	"unique"

	"github.com/google/uuid"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// unowned is what the garbage collector and quotas have to know of an object that has no owners and
// is not being deleted, as nearly all are.
type unowned struct {
	uid uuid.UUID
	objectName
}

type objectName struct {
	namespace unique.Handle[string]
	name      string
}

// GetObjectMeta implements metav1.ObjectMetaAccessor.
func (u *unowned) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{Namespace: u.namespace.Value(), Name: u.name, UID: types.UID(u.uid.String())}
}

// GetObjectKind implements runtime.Object.
func (*unowned) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

// DeepCopyObject implements runtime.Object.
func (u *unowned) DeepCopyObject() runtime.Object {
	copied := *u
	return &copied
}

// trimMetadata leaves what the garbage collector and quotas read: an unowned object, or a
// PartialObjectMetadata of another.
func trimMetadata(object any) any {
	partial, ok := object.(*metav1.PartialObjectMetadata)
	if !ok {
		return object // one that was trimmed before
	}
	if len(partial.OwnerReferences) == 0 && partial.DeletionTimestamp == nil {
		if uid, ok := parseUID(partial.UID); ok {
			return &unowned{uid, objectName{unique.Make(partial.Namespace), partial.Name}}
		}
	}
	partial.ObjectMeta = metav1.ObjectMeta{
		Name:              partial.Name,
		Namespace:         partial.Namespace,
		UID:               partial.UID,
		ResourceVersion:   partial.ResourceVersion,
		DeletionTimestamp: partial.DeletionTimestamp,
		OwnerReferences:   partial.OwnerReferences,
		Finalizers:        partial.Finalizers,
	}
	return partial
}

// parseUID reports whether uid is a UUID as the API server writes it.
func parseUID(uid types.UID) (parsed uuid.UUID, ok bool) {
	parsed, err := uuid.Parse(string(uid))
	return parsed, err == nil && parsed.String() == string(uid)
}
