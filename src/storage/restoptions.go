package storage

import (
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/generic"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage"
	etcdmetrics "k8s.io/apiserver/pkg/storage/etcd3/metrics"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/storage/storagebackend/factory"
	"k8s.io/client-go/tools/cache"
)

// ConfigureEtcdOptions prepares upstream's options of storage, which are named after etcd, for a
// server whose database is not etcd: they still decide about encoding, encryption and watch caches.
// Call it before they are validated or applied, and StopEtcdMetrics after that.
func ConfigureEtcdOptions(options *genericoptions.EtcdOptions) {
	// JSON columns can be queried by whoever has access to the database.
	options.DefaultStorageMediaType = "application/json"
	// Keys start with the group, as the view resources expects, and not with etcd's /registry.
	options.StorageConfig.Prefix = ""
	// The checks would call etcd.
	options.SkipHealthEndpoints = true
	// Never called, but upstream refuses to go on without any.
	options.StorageConfig.Transport.ServerList = []string{"sql"}
}

// StopEtcdMetrics keeps /metrics from asking etcd for its size. It is the process's: upstream sets
// this up each time options are applied to a config, so call it after the last time.
func StopEtcdMetrics() {
	etcdmetrics.SetStorageMonitorGetter(func() ([]etcdmetrics.Monitor, error) { return nil, nil })
}

// deleteCollectionWorkers is how many objects of a collection are deleted at once, at least: what
// waits while a commit is in flight is committed together.
const deleteCollectionWorkers = 32

// RESTOptionsGetter makes a generic API server store in the engine's database. What upstream
// decides about storage stays (codec, encryption, prefixes, which resources have a watch cache);
// only the database changes. No etcd is ever called.
func (e *Engine) RESTOptionsGetter(upstream generic.RESTOptionsGetter) generic.RESTOptionsGetter {
	return e.IndexedRESTOptionsGetter(upstream, func(schema.GroupResource) Describer { return nil })
}

// IndexedRESTOptionsGetter is RESTOptionsGetter for an API server whose resources may be indexed:
// those that describe returns a Describer for.
func (e *Engine) IndexedRESTOptionsGetter(upstream generic.RESTOptionsGetter, describe func(schema.GroupResource) Describer) generic.RESTOptionsGetter {
	return &restOptionsGetter{engine: e, upstream: upstream, describe: describe}
}

type restOptionsGetter struct {
	engine   *Engine
	upstream generic.RESTOptionsGetter
	describe func(schema.GroupResource) Describer
}

// GetRESTOptions implements generic.RESTOptionsGetter.
func (g *restOptionsGetter) GetRESTOptions(resource schema.GroupResource, example runtime.Object) (generic.RESTOptions, error) {
	options, err := g.upstream.GetRESTOptions(resource, example)
	if err != nil {
		return generic.RESTOptions{}, err
	}
	options.DeleteCollectionWorkers = max(options.DeleteCollectionWorkers, deleteCollectionWorkers)
	if hasWatchCache(options) {
		options.Decorator = g.cachedStorage
	} else {
		options.Decorator = g.rawStorage
	}
	return options, nil
}

// hasWatchCache tells from upstream's choice of a decorator, the only trace of its --watch-cache
// flags, whether a resource is to have a watch cache.
func hasWatchCache(options generic.RESTOptions) bool {
	undecorated := reflect.ValueOf(generic.UndecoratedStorage).Pointer()
	return reflect.ValueOf(options.Decorator).Pointer() != undecorated
}

// rawStorage is a generic.StorageDecorator: a store without a watch cache.
func (g *restOptionsGetter) rawStorage(
	config *storagebackend.ConfigForResource,
	resourcePrefix string,
	_ func(obj runtime.Object) (string, error),
	newFunc, _ func() runtime.Object,
	getAttrs storage.AttrFunc,
	_ storage.IndexerFuncs,
	_ *cache.Indexers,
) (storage.Interface, factory.DestroyFunc, error) {
	store, err := g.storeOf(config, resourcePrefix, newFunc, getAttrs)
	if err != nil {
		return nil, nil, err
	}
	return store, func() {}, nil
}

// storeOf makes the store that a decorator is asked for.
func (g *restOptionsGetter) storeOf(
	config *storagebackend.ConfigForResource,
	resourcePrefix string,
	newFunc func() runtime.Object,
	getAttrs storage.AttrFunc,
) (*store, error) {
	store, err := g.engine.newStore(StoreConfig{
		GroupResource:  config.GroupResource,
		Prefix:         config.Prefix,
		ResourcePrefix: resourcePrefix,
		Codec:          config.Codec,
		Transformer:    config.Transformer,
		NewFunc:        newFunc,
		GetAttrs:       getAttrs,
		Describer:      g.describe(config.GroupResource),
	})
	if err != nil {
		return nil, fmt.Errorf("making the store of %s: %w", config.GroupResource, err)
	}
	return store, nil
}
