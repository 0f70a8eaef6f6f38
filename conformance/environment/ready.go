package environment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry"
)

const (
	startTimeout = 2 * time.Minute
	pollInterval = 50 * time.Millisecond
)

var errEnded = errors.New("ended")

// await returns errEnded if what is waited for can't come any more, or the last error of the
// condition when it is too late.
func await(ctx context.Context, ended <-chan struct{}, condition func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		err := condition(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return errEnded
		case <-ctx.Done():
			return err
		case <-time.After(pollInterval):
		}
	}
}

// awaitArk waits until the cluster's API answers for all Ark kinds.
func (r *Running) awaitArk(ctx context.Context) error {
	err := await(ctx, nil, func(ctx context.Context) error { return servesArk(ctx, r.Kubeconfig) })
	if err != nil {
		return fmt.Errorf("kube-apiserver does not serve the Ark API: %w%s", err, tail(r.logFile("kube-apiserver")))
	}
	return nil
}

// servesArk reports whether an API answers for all Ark kinds, and has told clients of them in each
// way there is.
func servesArk(ctx context.Context, kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.QPS = -1 // no limit
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	discovery, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	discovered, err := discoveredArk(ctx, discovery)
	if err != nil {
		return err
	}
	all, err := document(ctx, discovery, "/openapi/v2")
	if err != nil {
		return err
	}
	documents := map[schema.GroupVersion]string{}
	for _, version := range registry.GroupVersions() {
		if documents[version], err = document(ctx, discovery, "/openapi/v3/apis/"+version.String()); err != nil {
			return err
		}
	}
	for _, kind := range registry.Describe() {
		for _, version := range kind.Versions {
			resource := version.WithResource(kind.Plural)
			if _, err := client.Resource(resource).List(ctx, metav1.ListOptions{Limit: 1}); err != nil {
				return fmt.Errorf("list %s: %w", resource, err)
			}
			if !slices.Contains(discovered, resource) {
				return fmt.Errorf("%s is not in the discovery documents", resource)
			}
			if !strings.Contains(documents[version.GroupVersion], pathOf(resource)) || !strings.Contains(all, pathOf(resource)) {
				return fmt.Errorf("%s is not in the OpenAPI documents", resource)
			}
		}
	}
	return nil
}

// pathOf is the beginning of a resource's paths, but for a namespace.
func pathOf(resource schema.GroupVersionResource) string {
	return "/apis/" + resource.GroupVersion().String() + "/" + resource.Resource
}

// discoveredArk are the resources of our group that clients find.
func discoveredArk(ctx context.Context, client *discovery.DiscoveryClient) ([]schema.GroupVersionResource, error) {
	_, groups, err := client.ServerGroupsAndResourcesWithContext(ctx)
	if err != nil {
		return nil, err
	}
	var resources []schema.GroupVersionResource
	for _, group := range groups {
		version, err := schema.ParseGroupVersion(group.GroupVersion)
		if err != nil {
			return nil, err
		}
		if version.Group == v1alpha1.GroupName {
			for _, resource := range group.APIResources {
				resources = append(resources, version.WithResource(resource.Name))
			}
		}
	}
	return resources, nil
}

// document is one of those that describe the API.
func document(ctx context.Context, client *discovery.DiscoveryClient, path string) (string, error) {
	text, err := client.RESTClient().Get().AbsPath(path).Do(ctx).Raw()
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return string(text), nil
}
