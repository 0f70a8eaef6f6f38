package crdmigration

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// uidAnnotation is on objects that could not keep their uid: the one that they had.
const uidAnnotation = "ark.ai/migration-uid"

func annotate(object *unstructured.Unstructured, uid types.UID) {
	annotations := object.GetAnnotations()
	if annotations == nil {
		annotations = make(map[string]string)
	}
	annotations[uidAnnotation] = string(uid)
	object.SetAnnotations(annotations)
}

// regroup makes an object of another group one of ours. It gets a uid that follows from the one
// that it had: garbage collection, which knows objects by uids, would look for it in the other
// group for ever.
func (d definition) regroup(object *unstructured.Unstructured) {
	if d.Spec.Group == Group {
		return
	}
	annotate(object, object.GetUID())
	object.SetUID(regrouped(object.GetUID()))
	object.SetAPIVersion(inGroup(object.GetAPIVersion()))
	rename(object, func(owner metav1.OwnerReference) (types.UID, bool) {
		version, err := schema.ParseGroupVersion(owner.APIVersion)
		return regrouped(owner.UID), err == nil && version.Group == d.Spec.Group
	})
	managed := object.GetManagedFields()
	for i := range managed {
		managed[i].APIVersion = inGroup(managed[i].APIVersion)
	}
	object.SetManagedFields(managed)
}

// regrouped is a UUID of version 8 (RFC 9562).
func regrouped(uid types.UID) types.UID {
	sum := sha256.Sum256([]byte(Group + "/" + string(uid)))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return types.UID(fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16]))
}

// inGroup is the same version of our group.
func inGroup(apiVersion string) string {
	version, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return apiVersion
	}
	return schema.GroupVersion{Group: Group, Version: version.Version}.String()
}

// rename has an object name its owners by their new uids, where they have such, and those who wrote
// that.
func rename(object *unstructured.Unstructured, newUID func(metav1.OwnerReference) (types.UID, bool)) {
	before := object.GetOwnerReferences()
	references, changed := renamed(before, newUID)
	if !changed {
		return
	}
	object.SetOwnerReferences(references)
	managed := object.GetManagedFields()
	for i := range references {
		for j := range managed {
			if fields := managed[j].FieldsV1; fields != nil {
				fields.SetRawString(strings.ReplaceAll(fields.GetRawString(), string(before[i].UID), string(references[i].UID)))
			}
		}
	}
	object.SetManagedFields(managed)
}

// renamed are owner references in which those who have a new uid have it.
func renamed(references []metav1.OwnerReference, newUID func(metav1.OwnerReference) (types.UID, bool)) (now []metav1.OwnerReference, changed bool) {
	now = slices.Clone(references)
	for i, owner := range now {
		if uid, ok := newUID(owner); ok {
			now[i].UID, now[i].APIVersion, changed = uid, inGroup(owner.APIVersion), true
		}
	}
	return now, changed
}
