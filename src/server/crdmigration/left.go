package crdmigration

import (
	"context"
	"fmt"
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/retry"
)

// leftVersion is a version of its own in which kube-apiserver serves what is left in etcd. All
// others come before it in discovery, since they come before it in the alphabet: nobody who takes
// the first version that a kind has, as garbage collection does, gets to see what is left.
const leftVersion = "withdrawn"

// leftResource is what of a kind is left in etcd.
func (d definition) leftResource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: d.Spec.Group, Version: leftVersion, Resource: d.kind.Plural}
}

// serveLeft has kube-apiserver serve what definitions have left in etcd, in a version that no
// APIService of ours has.
func (c *cluster) serveLeft(ctx context.Context, definitions ...definition) error {
	anything := true
	left := apiextensionsv1.CustomResourceDefinitionVersion{
		Name: leftVersion, Served: true,
		Schema:       &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: &anything}},
		Subresources: &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
	}
	for _, d := range definitions {
		err := c.changeDefinition(ctx, d, func(found *apiextensionsv1.CustomResourceDefinition) bool {
			if slices.ContainsFunc(found.Spec.Versions, isLeft) {
				return false
			}
			found.Spec.Versions = append(found.Spec.Versions, left)
			return true
		})
		if err != nil {
			return err
		}
	}
	return c.everywhere(ctx, "serve what is left", func(ctx context.Context, server *cluster) (bool, error) {
		for _, d := range definitions {
			if _, err := server.dynamic.Resource(d.leftResource()).List(ctx, metav1.ListOptions{Limit: 1}); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

// hideLeft has it served no more.
func (c *cluster) hideLeft(ctx context.Context, definitions ...definition) error {
	for _, d := range definitions {
		err := c.changeDefinition(ctx, d, func(found *apiextensionsv1.CustomResourceDefinition) bool {
			before := len(found.Spec.Versions)
			found.Spec.Versions = slices.DeleteFunc(found.Spec.Versions, isLeft)
			return len(found.Spec.Versions) < before
		})
		if err != nil {
			return err
		}
	}
	return c.everywhere(ctx, "hide what is left", func(ctx context.Context, server *cluster) (bool, error) {
		for _, d := range definitions {
			_, err := server.dynamic.Resource(d.leftResource()).List(ctx, metav1.ListOptions{Limit: 1})
			if !apierrors.IsNotFound(err) {
				return false, err
			}
		}
		return true, nil
	})
}

func isLeft(v apiextensionsv1.CustomResourceDefinitionVersion) bool { return v.Name == leftVersion }

// changeDefinition writes a definition if change has changed it.
func (c *cluster) changeDefinition(ctx context.Context, d definition, change func(*apiextensionsv1.CustomResourceDefinition) bool) error {
	client := c.definitions.ApiextensionsV1().CustomResourceDefinitions()
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
		found, err := client.Get(ctx, d.Name, metav1.GetOptions{})
		if err != nil || !change(found) {
			return err
		}
		_, err = client.Update(ctx, found, metav1.UpdateOptions{FieldManager: fieldManager})
		return err
	})
	if err != nil {
		return fmt.Errorf("CustomResourceDefinition %s: %w", d.Name, err)
	}
	return nil
}

// freeAll takes finalizers from what is left in etcd: nobody else can, and a definition is not gone
// before all its objects are.
func (c *cluster) freeAll(ctx context.Context, d definition) (freed int, err error) {
	if err := c.serveLeft(ctx, d); err != nil {
		return 0, err
	}
	err = c.eachOf(ctx, d.leftResource(), func(item *unstructured.Unstructured) error {
		if len(item.GetFinalizers()) == 0 {
			return nil
		}
		err := c.free(ctx, d.leftResource(), item)
		if err != nil && !apierrors.IsNotFound(err) {
			return err
		}
		freed++
		return nil
	})
	return freed, err
}

// free takes the finalizers from an object.
func (c *cluster) free(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured) error {
	_, err := c.dynamic.Resource(resource).Namespace(object.GetNamespace()).Patch(ctx, object.GetName(), types.MergePatchType,
		[]byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{FieldManager: fieldManager})
	return err
}
