// Package check reports whether the Ark API works from end to end, as a client sees it: through
// kube-apiserver where there is one, down to the database and back through a watch. It is what
// "ark-apiserver check" and "helm test" run.
package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
	arkclient "ark.ai/apiserver/src/generated/clientset/versioned/typed/ark/v1alpha1"
	"ark.ai/apiserver/src/registry"
)

// pollInterval is how often a server that is not there yet is asked again.
const pollInterval = 500 * time.Millisecond

// Run writes an object into a namespace, reads it, watches how it is deleted, and tells each step.
// Until ctx ends it waits for an API that is not there yet; once that is, everything has to work at
// once.
func Run(ctx context.Context, config *rest.Config, namespace string, out io.Writer) error {
	client, err := versioned.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := awaitKinds(ctx, discovery.ToDiscoveryInterfaceWithContext(client.Discovery())); err != nil {
		return err
	}
	fmt.Fprintf(out, "All %d kinds of %s are served.\n", len(registry.Describe()), v1alpha1.GroupName)
	return live(ctx, client.ArkV1alpha1().Memories(namespace), out)
}

// awaitKinds waits until clients can find every kind.
func awaitKinds(ctx context.Context, client discovery.DiscoveryInterfaceWithContext) error {
	var reason error
	err := wait.PollUntilContextCancel(ctx, pollInterval, true, func(ctx context.Context) (bool, error) {
		reason = findKinds(ctx, client)
		return reason == nil, nil
	})
	if err != nil {
		return fmt.Errorf("the cluster does not serve %w", reason)
	}
	return nil
}

func findKinds(ctx context.Context, client discovery.DiscoveryInterfaceWithContext) error {
	served := map[schema.GroupVersionResource]bool{}
	for _, version := range registry.GroupVersions() {
		list, err := client.ServerResourcesForGroupVersionWithContext(ctx, version.String())
		if err != nil {
			return fmt.Errorf("%s: %w", version, err)
		}
		for _, resource := range list.APIResources {
			served[version.WithResource(resource.Name)] = true
		}
	}
	var missing []string
	for _, kind := range registry.Describe() {
		for _, version := range kind.Versions {
			if !served[version.WithResource(kind.Plural)] {
				missing = append(missing, kind.Plural+" in "+version.Version)
			}
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%s of %s", strings.Join(missing, ", "), v1alpha1.GroupName)
	}
	return nil
}

// live creates an object, and deletes it again whatever happens in between.
func live(ctx context.Context, memories arkclient.MemoryInterface, out io.Writer) (err error) {
	memory := &v1alpha1.Memory{ObjectMeta: metav1.ObjectMeta{GenerateName: "ark-apiserver-check-"}}
	memory.Spec.Address = &v1alpha1.ValueSource{Value: new("http://ark-apiserver-check.invalid")}
	created, err := memories.Create(ctx, memory, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("create a memory: %w", err)
	}
	fmt.Fprintf(out, "Memory %s/%s is stored, at resource version %s.\n", created.Namespace, created.Name, created.ResourceVersion)
	deleted := false
	defer func() {
		if !deleted {
			err = errors.Join(err, memories.Delete(context.WithoutCancel(ctx), created.Name, metav1.DeleteOptions{}))
		}
	}()
	watcher, err := memories.Watch(ctx, metav1.ListOptions{
		FieldSelector:   fields.OneTermEqualSelector(metav1.ObjectNameField, created.Name).String(),
		ResourceVersion: created.ResourceVersion,
	})
	if err != nil {
		return fmt.Errorf("watch memory %s: %w", created.Name, err)
	}
	defer watcher.Stop()
	read, err := memories.Get(ctx, created.Name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("read memory %s: %w", created.Name, err)
	}
	if read.UID != created.UID {
		return fmt.Errorf("memory %s was created with UID %s, and read with UID %s", created.Name, created.UID, read.UID)
	}
	if err := memories.Delete(ctx, created.Name, metav1.DeleteOptions{}); err != nil {
		return fmt.Errorf("delete memory %s: %w", created.Name, err)
	}
	deleted = true
	if err := awaitDeletion(ctx, watcher); err != nil {
		return fmt.Errorf("watch memory %s: %w", created.Name, err)
	}
	if _, err := memories.Get(ctx, created.Name, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		return fmt.Errorf("memory %s was deleted, but reading it does not report so: %w", created.Name, err)
	}
	fmt.Fprintln(out, "It was read, deleted, and a watch told of that.")
	return nil
}

func awaitDeletion(ctx context.Context, watcher watch.Interface) error {
	for {
		select {
		case event, open := <-watcher.ResultChan():
			switch {
			case !open:
				return errors.New("the watch ended before it told of the deletion")
			case event.Type == watch.Error:
				return apierrors.FromObject(event.Object)
			case event.Type == watch.Deleted:
				return nil
			}
		case <-ctx.Done():
			return errors.New("the watch did not report the deletion in time")
		}
	}
}
