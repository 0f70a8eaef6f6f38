package crdmigration

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"ark.ai/apiserver/src/registry"
)

// returner has what is left in etcd become what the servers have.
type returner struct {
	cluster     *cluster
	definitions []definition
	// uids are those of objects that were made while the servers answered, as they were and as they
	// are in etcd.
	uids map[types.UID]types.UID
}

// pair is an object as it is served, and as it was left in etcd; nil is where there is none.
type pair struct {
	objectName
	resource     schema.GroupVersionResource
	served, left *unstructured.Unstructured
}

// pass returns how many changes were made, and how many objects there are.
func (r *returner) pass(ctx context.Context) (changed, objects int, err error) {
	var pairs []*pair
	for _, d := range r.definitions {
		found, err := r.find(ctx, d)
		if err != nil {
			return 0, 0, err
		}
		pairs = append(pairs, found...)
	}
	var changes atomic.Int64
	err = forEach(ctx, pairs, func(ctx context.Context, p *pair) (err error) {
		if p.left != nil && !p.isSame() {
			changes.Add(1)
			if err := r.remove(ctx, p); err != nil {
				return fmt.Errorf("delete %s: %w", p.objectName, err)
			}
		}
		if p.served != nil && p.left == nil {
			changes.Add(1)
			if err := r.create(ctx, p); err != nil {
				return fmt.Errorf("create %s: %w", p.objectName, err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	// Now that all uids are known, owners can be named by them.
	pairs = slices.DeleteFunc(pairs, func(p *pair) bool { return p.served == nil })
	r.uids = make(map[types.UID]types.UID)
	for _, p := range pairs {
		if p.left.GetUID() != p.served.GetUID() {
			r.uids[p.served.GetUID()] = p.left.GetUID()
		}
	}
	err = forEach(ctx, pairs, func(ctx context.Context, p *pair) error {
		updated, err := r.update(ctx, p)
		if err != nil {
			return fmt.Errorf("update %s: %w", p.objectName, err)
		}
		if updated {
			changes.Add(1)
		}
		return nil
	})
	return int(changes.Load()), len(pairs), err
}

func forEach(ctx context.Context, pairs []*pair, do func(context.Context, *pair) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for _, p := range pairs {
		group.Go(func() error { return do(ctx, p) })
	}
	return group.Wait()
}

// find pairs a kind's objects.
func (r *returner) find(ctx context.Context, d definition) ([]*pair, error) {
	resource := d.leftResource()
	all := make(map[objectName]*pair)
	see := func(from schema.GroupVersionResource, put func(*pair, *unstructured.Unstructured)) error {
		return r.cluster.eachOf(ctx, from, func(item *unstructured.Unstructured) error {
			name := objectName{resource.Resource, item.GetNamespace(), item.GetName()}
			if all[name] == nil {
				all[name] = &pair{objectName: name, resource: resource}
			}
			put(all[name], item)
			return nil
		})
	}
	if err := see(d.kind.Resource(), func(p *pair, item *unstructured.Unstructured) { p.served = item }); err != nil {
		return nil, err
	}
	if err := see(resource, func(p *pair, item *unstructured.Unstructured) { p.left = item }); err != nil {
		return nil, err
	}
	var pairs []*pair
	for _, p := range all {
		pairs = append(pairs, p)
	}
	return pairs, nil
}

// isSame reports whether what was left is what is served, and not what had its name before.
func (p *pair) isSame() bool {
	return p.served != nil &&
		(p.left.GetUID() == p.served.GetUID() || p.left.GetAnnotations()[uidAnnotation] == string(p.served.GetUID()))
}

func (r *returner) client(p *pair) dynamic.ResourceInterface {
	return r.cluster.dynamic.Resource(p.resource).Namespace(p.namespace)
}

// remove deletes an object in etcd, whoever would have wanted to do something about it first.
func (r *returner) remove(ctx context.Context, p *pair) error {
	uid := p.left.GetUID()
	err := r.client(p).Delete(ctx, p.name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}})
	if err == nil && len(p.left.GetFinalizers()) > 0 {
		err = r.cluster.free(ctx, p.resource, p.left)
	}
	p.left = nil
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (r *returner) create(ctx context.Context, p *pair) (err error) {
	object := p.served.DeepCopy()
	object.SetAPIVersion(p.resource.GroupVersion().String())
	object.SetResourceVersion("")
	object.SetUID("")
	annotate(object, p.served.GetUID())
	p.left, err = r.client(p).Create(ctx, object, metav1.CreateOptions{FieldManager: fieldManager})
	return err
}

// update has an object in etcd become as it is served: first without its status, then that, and
// last who has written which field, which the writes before have changed.
func (r *returner) update(ctx context.Context, p *pair) (changed bool, err error) {
	client, left := r.client(p), p.left
	object := p.served.DeepCopy()
	object.SetAPIVersion(left.GetAPIVersion())
	if p.served.GetUID() != left.GetUID() {
		annotate(object, p.served.GetUID())
	}
	rename(object, func(owner metav1.OwnerReference) (types.UID, bool) {
		uid, ok := r.uids[owner.UID]
		return uid, ok
	})
	for _, name := range []string{"uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"} {
		keep(object, left, "metadata", name)
	}
	write := func(subresources ...string) {
		object.SetResourceVersion(left.GetResourceVersion())
		left, err = client.Update(ctx, object, metav1.UpdateOptions{FieldManager: fieldManager}, subresources...)
	}
	if !alike(object, left, "status") {
		changed = true
		write()
	}
	if err == nil && !alikeStatus(object, left) {
		changed = true
		write("status")
	}
	if err == nil && !reflect.DeepEqual(left.GetManagedFields(), object.GetManagedFields()) {
		write()
	}
	if err == nil && p.served.GetDeletionTimestamp() != nil && left.GetDeletionTimestamp() == nil {
		changed = true
		uid := left.GetUID()
		err = client.Delete(ctx, p.name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}})
	}
	return changed, err
}

// keep has a field be what it is in another object.
func keep(object, other *unstructured.Unstructured, path ...string) {
	value, found, _ := unstructured.NestedFieldCopy(other.Object, path...)
	if !found {
		unstructured.RemoveNestedField(object.Object, path...)
		return
	}
	_ = unstructured.SetNestedField(object.Object, value, path...)
}

// alike compares two objects without who wrote them, how often, and without a field.
func alike(object, other *unstructured.Unstructured, without string) bool {
	strip := func(o *unstructured.Unstructured) map[string]any {
		content := o.DeepCopy()
		content.SetManagedFields(nil)
		content.SetGeneration(0)
		delete(content.Object, without)
		return comparable(content.Object)
	}
	return difference(strip(other), strip(object)) == ""
}

func alikeStatus(object, other *unstructured.Unstructured) bool {
	only := func(o *unstructured.Unstructured) map[string]any {
		content := make(map[string]any)
		if status, there := o.Object["status"]; there {
			content["status"] = status
		}
		return content
	}
	return difference(only(other), only(object)) == ""
}

// complete repeats passes until there is nothing to do, and writes that were let in are done.
func (r *returner) complete(ctx context.Context) (objects int, err error) {
	if _, _, err := r.pass(ctx); err != nil {
		return 0, err
	}
	for {
		if err := r.cluster.settle(ctx); err != nil {
			return 0, err
		}
		if changed, objects, err := r.pass(ctx); err != nil || changed == 0 {
			return objects, err
		}
	}
}

// serversRefuse reports whether servers behind kube-apiserver refuse writes, as far as they can be
// asked: by a deletion that is not meant.
func (c *cluster) serversRefuse(ctx context.Context) (bool, error) {
	for _, kind := range registry.Describe() {
		list, err := c.dynamic.Resource(kind.Resource()).List(ctx, metav1.ListOptions{Limit: 1})
		if err != nil {
			return false, err
		}
		for _, item := range list.Items {
			err := c.dynamic.Resource(kind.Resource()).Namespace(item.GetNamespace()).Delete(ctx, item.GetName(), metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}})
			if isRefusal(err) {
				return true, nil
			}
			return false, err
		}
	}
	return true, nil
}
