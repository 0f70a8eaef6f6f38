package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/util/retry"

	"ark.ai/apiserver/src/registry"
)

// managedLabel keeps kube-apiserver from putting its own APIService back for as long as there are
// CustomResourceDefinitions of the group.
const managedLabel = "kube-aggregator.kubernetes.io/automanaged"

// helmReleaseAnnotation is on all that Helm has made, and helmManager who has written it then.
const (
	helmReleaseAnnotation = "meta.helm.sh/release-name"
	helmManager           = "helm"
)

// servedAnnotation has the versions that a definition served before the switch.
const servedAnnotation = "ark.ai/migration-served"

// readAPIServices reads those of the group from a manifest.
func readAPIServices(path string) (map[string]*unstructured.Unstructured, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all := make(map[string]*unstructured.Unstructured)
	decoder := yaml.NewYAMLOrJSONDecoder(file, 4096)
	for {
		object := &unstructured.Unstructured{}
		if err := decoder.Decode(object); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if object.GetKind() == "APIService" {
			all[object.GetName()] = object
		}
	}
	for _, version := range registry.GroupVersions() {
		name := apiServiceName(version)
		if all[name] == nil || !behind(all[name]) {
			return nil, fmt.Errorf("%s: it has no APIService %s with a service", path, name)
		}
	}
	return all, nil
}

// switchTo has kube-apiserver pass the group on, and returns once every one does, to a server that
// has revisions from the given one on.
func (c *cluster) switchTo(ctx context.Context, manifest map[string]*unstructured.Unstructured, from int64) error {
	for _, version := range registry.GroupVersions() {
		apiService := manifest[apiServiceName(version)].DeepCopy()
		labels := apiService.GetLabels()
		if labels == nil {
			labels = make(map[string]string)
		}
		labels[managedLabel] = "false"
		apiService.SetLabels(labels)
		_, err := c.dynamic.Resource(apiServices).Apply(ctx, apiService.GetName(), apiService, metav1.ApplyOptions{FieldManager: managerOf(apiService), Force: true})
		if err != nil {
			return err
		}
	}
	// kube-apiserver wants nothing of them any more, now that they are not its own: whoever applies
	// them anew, as Helm does, would be told of a conflict.
	err := c.changeAPIServices(ctx, func(found *unstructured.Unstructured) error {
		found.SetManagedFields(slices.DeleteFunc(found.GetManagedFields(), func(f metav1.ManagedFieldsEntry) bool {
			return f.Manager == "kube-apiserver" && f.Subresource == ""
		}))
		return nil
	})
	if err != nil {
		return err
	}
	return c.everywhere(ctx, "pass the group on", func(ctx context.Context, server *cluster) (bool, error) { return server.answersFrom(ctx, from) })
}

// managerOf is who applies an APIService: one of Helm's is Helm's to change afterwards.
func managerOf(apiService *unstructured.Unstructured) string {
	if apiService.GetAnnotations()[helmReleaseAnnotation] != "" {
		return helmManager
	}
	return fieldManager
}

// answersFrom reports whether all kinds are answered with revisions from the given one on.
func (c *cluster) answersFrom(ctx context.Context, from int64) (bool, error) {
	for _, kind := range registry.Describe() {
		for _, version := range kind.Versions {
			list, err := c.dynamic.Resource(version.WithResource(kind.Plural)).List(ctx, metav1.ListOptions{Limit: 1})
			if err != nil {
				return false, err
			}
			if revision, err := strconv.ParseInt(list.GetResourceVersion(), 10, 64); err != nil || revision < from {
				return false, err
			}
		}
	}
	return true, nil
}

// retire has the definitions serve nothing any more. kube-apiserver then ends the watches that it
// still serves itself, which would be silent for ever; their clients list anew, here.
func (c *cluster) retire(ctx context.Context, definitions []definition) error {
	client := c.definitions.ApiextensionsV1().CustomResourceDefinitions()
	for _, d := range definitions {
		err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
			found, err := client.Get(ctx, d.Name, metav1.GetOptions{})
			if err != nil {
				return err
			}
			var served []string
			for i, version := range found.Spec.Versions {
				if version.Served {
					served = append(served, version.Name)
					found.Spec.Versions[i].Served = false
				}
			}
			if len(served) == 0 {
				return nil
			}
			metav1.SetMetaDataAnnotation(&found.ObjectMeta, servedAnnotation, strings.Join(served, ","))
			_, err = client.Update(ctx, found, metav1.UpdateOptions{FieldManager: fieldManager})
			return err
		})
		if err != nil {
			return fmt.Errorf("CustomResourceDefinition %s: %w", d.Name, err)
		}
	}
	return nil
}
