package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/retry"
)

// leftVersion is a version of its own in which kube-apiserver serves what is left in etcd.
const leftVersion = "moved"

// Finish deletes the CustomResourceDefinitions of a migration that is complete, and with them the
// objects that were left in etcd.
func Finish(ctx context.Context, o Options) error {
	c, err := newCluster(o.Config)
	if err != nil {
		return err
	}
	found, err := c.look(ctx)
	switch {
	case err != nil:
		return err
	case !found.all:
		return errors.New("kube-apiserver still serves the group itself: say from-crds first")
	case found.marked != nil:
		return errors.New("a migration is under way: complete it first, by the command that was begun")
	case found.hasUnmoved():
		return errors.New("the CustomResourceDefinitions were not moved by from-crds: their objects would be lost")
	}
	for _, d := range found.definitions {
		freed, err := c.free(ctx, d)
		if err != nil {
			return fmt.Errorf("finalizers of what CustomResourceDefinition %s has left: %w", d.Name, err)
		}
		if err := c.deleteDefinition(ctx, d); err != nil {
			return fmt.Errorf("delete CustomResourceDefinition %s: %w", d.Name, err)
		}
		fmt.Fprintf(o.Out, "Deleted CustomResourceDefinition %s; %d of its objects in etcd had finalizers.\n", d.Name, freed)
	}
	return nil
}

// free takes finalizers from what is left in etcd: nobody else can, and a definition is not gone
// before all its objects are.
func (c *cluster) free(ctx context.Context, d definition) (freed int, err error) {
	left, err := c.serveLeft(ctx, d)
	if err != nil {
		return 0, err
	}
	options := metav1.ListOptions{Limit: listPage}
	for more := true; more; more = options.Continue != "" {
		list, err := c.dynamic.Resource(left).List(ctx, options)
		if err != nil {
			return freed, err
		}
		for _, item := range list.Items {
			if len(item.GetFinalizers()) == 0 {
				continue
			}
			_, err := c.dynamic.Resource(left).Namespace(item.GetNamespace()).Patch(ctx, item.GetName(), types.MergePatchType,
				[]byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{FieldManager: fieldManager})
			if err != nil && !apierrors.IsNotFound(err) {
				return freed, err
			}
			freed++
		}
		options.Continue = list.GetContinue()
	}
	return freed, nil
}

// serveLeft has kube-apiserver serve what is left in etcd, in a version that no APIService of ours
// has.
func (c *cluster) serveLeft(ctx context.Context, d definition) (schema.GroupVersionResource, error) {
	left := schema.GroupVersionResource{Group: group, Version: leftVersion, Resource: d.kind.Plural}
	client := c.definitions.ApiextensionsV1().CustomResourceDefinitions()
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
		found, err := client.Get(ctx, d.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(found.Spec.Versions, func(v apiextensionsv1.CustomResourceDefinitionVersion) bool { return v.Name == leftVersion }) {
			return nil
		}
		anything := true
		found.Spec.Versions = append(found.Spec.Versions, apiextensionsv1.CustomResourceDefinitionVersion{
			Name: leftVersion, Served: true,
			Schema:       &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: &anything}},
			Subresources: &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
		})
		_, err = client.Update(ctx, found, metav1.UpdateOptions{FieldManager: fieldManager})
		return err
	})
	if err != nil {
		return left, err
	}
	return left, c.await(ctx, 1, func(ctx context.Context, server *cluster) (bool, error) {
		_, err := server.dynamic.Resource(left).List(ctx, metav1.ListOptions{Limit: 1})
		return err == nil, err
	})
}

// deleteDefinition returns once the definition is gone.
func (c *cluster) deleteDefinition(ctx context.Context, d definition) error {
	client := c.definitions.ApiextensionsV1().CustomResourceDefinitions()
	uid := d.UID
	err := client.Delete(ctx, d.Name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	return wait.PollUntilContextCancel(ctx, probeInterval, true, func(ctx context.Context) (bool, error) {
		_, err := client.Get(ctx, d.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
}
