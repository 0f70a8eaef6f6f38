package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/util/retry"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/server/database"
	"ark.ai/apiserver/src/storage"
)

const (
	// nowhere is a service that does not exist: what leads there is answered with 503.
	nowhere = "ark-apiserver-migration"
	// definitionPriority is that of the versions of all CustomResourceDefinitions in discovery.
	definitionPriority = 100
	// watchesEnd is how long servers may take to end all watches once revisions were raised, as
	// they look at the log every second, and clients to try anew, some of which wait a little.
	watchesEnd = 5 * time.Second
	// leadBackInterval is how often APIServices are deleted until kube-apiserver has its own.
	leadBackInterval = 15 * time.Second
)

// putFirst has what the servers serve come before what is left, in discovery.
func (c *cluster) putFirst(ctx context.Context) error {
	return c.changeAPIServices(ctx, func(found *unstructured.Unstructured) error {
		if priority, _, _ := unstructured.NestedInt64(found.Object, "spec", "versionPriority"); priority >= definitionPriority {
			return nil
		}
		return unstructured.SetNestedField(found.Object, int64(definitionPriority), "spec", "versionPriority")
	})
}

// leadNowhere returns once nobody reaches the servers any more.
func (c *cluster) leadNowhere(ctx context.Context) error {
	led := make(map[string]bool)
	err := c.changeAPIServices(ctx, func(found *unstructured.Unstructured) error {
		led[found.GetName()] = true
		return unstructured.SetNestedField(found.Object, nowhere, "spec", "service", "name")
	})
	if err != nil {
		return err
	}
	return c.everywhere(ctx, "pass the group on to nobody", func(ctx context.Context, server *cluster) (bool, error) {
		for _, kind := range registry.Describe() {
			for _, version := range kind.Versions {
				if !led[apiServiceName(version.GroupVersion)] {
					continue
				}
				_, err := server.dynamic.Resource(version.WithResource(kind.Plural)).List(ctx, metav1.ListOptions{Limit: 1})
				if !apierrors.IsServiceUnavailable(err) {
					return false, err
				}
			}
		}
		return true, nil
	})
}

// leadBack has kube-apiserver make its own APIServices in the place of those that led to servers.
// They are deleted for that, not changed, or it would go on to ask servers what they serve, and
// tell in discovery that nobody answers. If it hears of the deletion and of its own one at once, it
// takes that for a change too; so it is repeated.
func (c *cluster) leadBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, everywhereTimeout)
	defer cancel()
	for {
		for _, version := range registry.GroupVersions() {
			err := c.dynamic.Resource(apiServices).Delete(ctx, apiServiceName(version), metav1.DeleteOptions{})
			if err != nil && !apierrors.IsNotFound(err) {
				return err
			}
		}
		attempt, end := context.WithTimeout(ctx, leadBackInterval)
		err := c.everywhere(attempt, "serve the group", func(ctx context.Context, server *cluster) (bool, error) { return server.serves(ctx) })
		end()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

// serves reports whether kube-apiserver itself answers, and says so in discovery.
func (c *cluster) serves(ctx context.Context) (bool, error) {
	_, found, failed, err := c.core.Discovery().(discovery.AggregatedDiscoveryInterface).GroupsAndMaybeResources()
	for _, version := range registry.GroupVersions() {
		if err != nil || failed[version] != nil || found != nil && found[version] == nil {
			return false, errors.Join(err, failed[version])
		}
	}
	return c.answersFrom(ctx, 0)
}

// changeAPIServices changes those that lead to servers.
func (c *cluster) changeAPIServices(ctx context.Context, change func(*unstructured.Unstructured) error) error {
	client := c.dynamic.Resource(apiServices)
	for _, version := range registry.GroupVersions() {
		err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
			found, err := client.Get(ctx, apiServiceName(version), metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return nil
			}
			if err == nil && behind(found) {
				if err = change(found); err == nil {
					_, err = client.Update(ctx, found, metav1.UpdateOptions{FieldManager: fieldManager})
				}
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("APIService %s: %w", apiServiceName(version), err)
		}
	}
	return nil
}

// serveAgain has a definition serve the versions that it served before the switch.
func (c *cluster) serveAgain(ctx context.Context, d definition) error {
	return c.changeDefinition(ctx, d, func(found *apiextensionsv1.CustomResourceDefinition) bool {
		served, retired := found.Annotations[servedAnnotation]
		if !retired {
			return false
		}
		for i, version := range found.Spec.Versions {
			if !isLeft(version) {
				found.Spec.Versions[i].Served = slices.Contains(strings.Split(served, ","), version.Name)
			}
		}
		delete(found.Annotations, servedAnnotation)
		return true
	})
}

// openAlone opens the database; one that only one process can use, once the server was stopped.
func openAlone(ctx context.Context, options *database.Options) (*storage.Engine, error) {
	for {
		engine, err := options.Open(ctx)
		if err == nil || options.Shared() {
			return engine, err
		}
		if paused := pause(ctx, probeInterval); paused != nil {
			return nil, errors.Join(paused, err)
		}
	}
}
