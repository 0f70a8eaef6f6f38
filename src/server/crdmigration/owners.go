package crdmigration

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/metadata"

	"ark.ai/apiserver/src/registry"
)

// newUIDs are the uids of objects that got other ones, as they were and as they are.
func (c *cluster) newUIDs(ctx context.Context) (map[types.UID]types.UID, error) {
	uids := make(map[types.UID]types.UID)
	for _, kind := range registry.Describe() {
		err := c.eachOf(ctx, kind.Resource(), func(item *unstructured.Unstructured) error {
			if before := item.GetAnnotations()[uidAnnotation]; before != "" {
				uids[types.UID(before)] = item.GetUID()
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return uids, nil
}

// renameOwners rewrites the owner references of the cluster's other objects to owners that have a
// new uid. Those have to be there: garbage collection remembers which it has not found. It is
// refused meanwhile what it would do to those who name the old uid.
func (c *cluster) renameOwners(ctx context.Context, out io.Writer) error {
	uids, err := c.newUIDs(ctx)
	if err != nil || len(uids) == 0 {
		return err
	}
	lists, err := discovery.ServerPreferredResources(c.core.Discovery())
	if failed, ok := discovery.GroupDiscoveryFailedErrorGroups(err); ok {
		for version := range failed {
			if version.Group != Group {
				fmt.Fprintf(out, "Nobody answers for %s: owners that its objects have were not looked at.\n", version)
			}
		}
	} else if err != nil {
		return fmt.Errorf("resources of the cluster: %w", err)
	}
	for _, list := range lists {
		version, err := schema.ParseGroupVersion(list.GroupVersion)
		if err != nil {
			return err
		}
		for _, resource := range list.APIResources {
			if version.Group == Group || !slices.Contains(resource.Verbs, "list") || !slices.Contains(resource.Verbs, "patch") {
				continue
			}
			if err := renameOwnersOf(ctx, c.metadata, version.WithResource(resource.Name), uids); err != nil {
				return fmt.Errorf("owners of %s: %w", resource.Name, err)
			}
		}
	}
	return nil
}

func renameOwnersOf(ctx context.Context, client metadata.Interface, resource schema.GroupVersionResource, uids map[types.UID]types.UID) error {
	options := metav1.ListOptions{Limit: listPage}
	for more := true; more; more = options.Continue != "" {
		list, err := client.Resource(resource).List(ctx, options)
		if err != nil {
			return err
		}
		for _, item := range list.Items {
			references, changed := renamed(item.OwnerReferences, func(owner metav1.OwnerReference) (types.UID, bool) {
				uid, ok := uids[owner.UID]
				return uid, ok
			})
			if !changed {
				continue
			}
			patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"ownerReferences": references, "resourceVersion": item.ResourceVersion}})
			if err != nil {
				return err
			}
			_, err = client.Resource(resource).Namespace(item.Namespace).Patch(ctx, item.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: fieldManager})
			if err != nil && !apierrors.IsNotFound(err) {
				return err
			}
		}
		options.Continue = list.GetContinue()
	}
	return nil
}
