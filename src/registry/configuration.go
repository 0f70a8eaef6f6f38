package registry

import (
	"cmp"
	"context"
	"strconv"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const (
	configurationKind = "ArkConfig"
	// configurationName is the ArkConfig that counts.
	configurationName = "default"
	// defaultTTL is how long objects are kept if nobody says it.
	defaultTTL v1alpha1.Duration = "720h"
)

// configuration is what the installation's ArkConfig says. It is read from the watch cache, if
// there is one, since most queries leave it to the configuration how long they are kept.
type configuration struct {
	store *genericregistry.Store
	// written is the revision of the last write of an ArkConfig at this server: who has written one
	// and goes on to create a query expects it to count.
	written atomic.Uint64
}

// follow learns of writes to the store.
func (c *configuration) follow(store *genericregistry.Store) {
	c.store = store
	store.AfterCreate = func(obj runtime.Object, _ *metav1.CreateOptions) { c.saw(obj) }
	store.AfterUpdate = func(obj runtime.Object, _ *metav1.UpdateOptions) { c.saw(obj) }
	store.AfterDelete = func(obj runtime.Object, _ *metav1.DeleteOptions) { c.saw(obj) }
}

func (c *configuration) saw(obj runtime.Object) {
	revision, err := storage.APIObjectVersioner{}.ObjectResourceVersion(obj)
	if err != nil {
		utilruntime.HandleError(err)
		return
	}
	for {
		written := c.written.Load()
		if revision <= written || c.written.CompareAndSwap(written, revision) {
			return
		}
	}
}

// get returns what is at least as new as the last write here. An installation need not have one.
func (c *configuration) get(ctx context.Context) (v1alpha1.ArkConfigSpec, error) {
	written := c.written.Load()
	obj, err := c.store.Get(ctx, configurationName, &metav1.GetOptions{ResourceVersion: strconv.FormatUint(written, 10)})
	if storage.IsTooLargeResourceVersion(err) {
		// The cache does not get there: it can't tell why, but the database has what counts.
		c.written.CompareAndSwap(written, 0)
		obj, err = c.store.Get(ctx, configurationName, &metav1.GetOptions{})
	}
	if apierrors.IsNotFound(err) {
		return v1alpha1.ArkConfigSpec{}, nil
	}
	if err != nil {
		return v1alpha1.ArkConfigSpec{}, err
	}
	return obj.(*v1alpha1.ArkConfig).Spec, nil
}

// Create creates an object that mutating admission has seen.
func (s *mainREST) Create(ctx context.Context, obj runtime.Object, validate rest.ValidateObjectFunc, options *metav1.CreateOptions) (runtime.Object, error) {
	if err := s.configure(ctx, obj); err != nil {
		return nil, err
	}
	return s.Store.Create(ctx, obj, validate, options)
}

// Update updates an object, or creates one that is applied. The object that objInfo returns has
// been seen by mutating admission.
func (s *mainREST) Update(ctx context.Context, name string, objInfo rest.UpdatedObjectInfo, createValidation rest.ValidateObjectFunc, updateValidation rest.ValidateObjectUpdateFunc, forceAllowCreate bool, options *metav1.UpdateOptions) (runtime.Object, bool, error) {
	objInfo = rest.WrapUpdatedObjectInfo(objInfo, func(ctx context.Context, obj, _ runtime.Object) (runtime.Object, error) {
		return obj, s.configure(ctx, obj)
	})
	return s.Store.Update(ctx, name, objInfo, createValidation, updateValidation, forceAllowCreate, options)
}

// configure fills in what the object leaves to the configuration.
func (s *mainREST) configure(ctx context.Context, obj runtime.Object) error {
	ttl := s.resource.ttl
	if ttl == nil {
		return nil
	}
	if field, _ := ttl(obj, v1alpha1.ArkConfigSpec{}); *field != "" {
		return nil
	}
	config, err := s.config.get(ctx)
	if err != nil {
		return err
	}
	field, configured := ttl(obj, config)
	*field = cmp.Or(configured, defaultTTL)
	return nil
}
