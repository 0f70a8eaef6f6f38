package main

import (
	"context"
	"fmt"
	"maps"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// Of memories it only matters whether they exist, so the cache has no more than their metadata.
func memoryMetadata() *metav1.PartialObjectMetadata {
	memory := &metav1.PartialObjectMetadata{}
	memory.SetGroupVersionKind(v1alpha1.SchemeGroupVersion.WithKind("Memory"))
	return memory
}

func memoryMetadataList() *metav1.PartialObjectMetadataList {
	list := &metav1.PartialObjectMetadataList{}
	list.SetGroupVersionKind(v1alpha1.SchemeGroupVersion.WithKind("MemoryList"))
	return list
}

// remember makes the memory that a query owns, unless the query brings one.
func (r *queryReconciler) remember(ctx context.Context, query *v1alpha1.Query) error {
	if query.Spec.Memory != nil {
		return nil
	}
	existing := memoryMetadata()
	err := r.Get(ctx, client.ObjectKeyFromObject(query), existing)
	if err == nil {
		return ownedBy(query, existing)
	}
	if !apierrors.IsNotFound(err) {
		return err
	}
	memory := &v1alpha1.Memory{
		ObjectMeta: metav1.ObjectMeta{Namespace: query.Namespace, Name: query.Name, Labels: maps.Clone(query.Labels)},
		Spec:       v1alpha1.MemorySpec{Address: &v1alpha1.ValueSource{Value: &r.memory}},
	}
	if err := controllerutil.SetControllerReference(query, memory, r.Scheme()); err != nil {
		return err
	}
	err = r.Create(ctx, memory, client.DisableReadYourWritesConsistency)
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	// The cache did not know yet.
	if err := r.live.Get(ctx, client.ObjectKeyFromObject(query), existing); err != nil {
		return err
	}
	return ownedBy(query, existing)
}

func ownedBy(query *v1alpha1.Query, memory metav1.Object) error {
	if !metav1.IsControlledBy(memory, query) {
		return fmt.Errorf("memory %s is not the query's own", memory.GetName())
	}
	return nil
}
