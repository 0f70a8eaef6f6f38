package environment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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

// await returns errEnded if what is waited for can't come any more, or the last error of the condition when it is
// too late.
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

// servesArk tells whether an API answers for all Ark kinds, and has told clients of them in each way there is.
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
	documents, err := openAPI(ctx, discovery)
	if err != nil {
		return err
	}
	for _, kind := range registry.Describe() {
		resource := v1alpha1.SchemeGroupVersion.WithResource(kind.Plural)
		if _, err := client.Resource(resource).List(ctx, metav1.ListOptions{Limit: 1}); err != nil {
			return fmt.Errorf("list %s: %w", resource.GroupResource(), err)
		}
		if !slices.Contains(discovered, kind.Plural) {
			return fmt.Errorf("%s is not in the discovery documents", resource.GroupResource())
		}
		for name, document := range documents {
			if !strings.Contains(document, "/apis/"+v1alpha1.SchemeGroupVersion.String()+"/"+kind.Plural) {
				return fmt.Errorf("%s is not in %s", resource.GroupResource(), name)
			}
		}
	}
	return nil
}

// discoveredArk are the resources of our group that clients find.
func discoveredArk(ctx context.Context, client *discovery.DiscoveryClient) ([]string, error) {
	_, groups, err := client.ServerGroupsAndResourcesWithContext(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, group := range groups {
		if group.GroupVersion == v1alpha1.SchemeGroupVersion.String() {
			for _, resource := range group.APIResources {
				names = append(names, resource.Name)
			}
		}
	}
	return names, nil
}

// openAPI are the documents that describe our group, by their path.
func openAPI(ctx context.Context, client *discovery.DiscoveryClient) (map[string]string, error) {
	documents := map[string]string{}
	for _, path := range []string{"/openapi/v2", "/openapi/v3/apis/" + v1alpha1.SchemeGroupVersion.String()} {
		document, err := client.RESTClient().Get().AbsPath(path).Do(ctx).Raw()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		documents[path] = string(document)
	}
	return documents, nil
}
