package storage

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/cacher"
	storagefeature "k8s.io/apiserver/pkg/storage/feature"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/storage/storagebackend/factory"
	"k8s.io/client-go/tools/cache"
)

// cachedStorage is a generic.StorageDecorator: a store behind upstream's watch cache.
func (e *Engine) cachedStorage(
	config *storagebackend.ConfigForResource,
	resourcePrefix string,
	keyFunc func(obj runtime.Object) (string, error),
	newFunc, newListFunc func() runtime.Object,
	getAttrs storage.AttrFunc,
	triggers storage.IndexerFuncs,
	indexers *cache.Indexers,
) (storage.Interface, factory.DestroyFunc, error) {
	store, err := e.storeOf(config, resourcePrefix, newFunc, newListFunc, getAttrs)
	if err != nil {
		return nil, nil, err
	}
	source := &cacheSource{store: store}
	watchCache, err := cacher.NewCacherFromConfig(cacher.Config{
		Storage:             source,
		Versioner:           store.Versioner(),
		GroupResource:       config.GroupResource,
		EventsHistoryWindow: config.EventsHistoryWindow,
		ResourcePrefix:      resourcePrefix,
		KeyFunc:             keyFunc,
		NewFunc:             newFunc,
		NewListFunc:         newListFunc,
		GetAttrsFunc:        getAttrs,
		IndexerFuncs:        triggers,
		Indexers:            indexers,
		Codec:               config.Codec,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("making the watch cache of %s: %w", config.GroupResource, err)
	}
	cached := &cachedStore{CacheDelegator: cacher.NewCacheDelegator(watchCache, store), source: source}
	// Subresources share the store, so the registry destroys it more than once.
	destroy := sync.OnceFunc(func() {
		cached.Stop()
		watchCache.Stop()
	})
	return cached, destroy, nil
}

// cacheSource is the store as a watch cache reads it.
type cacheSource struct {
	*store
	// began is the revision of the state that the cache has begun with; 0 before.
	began atomic.Int64
}

// GetList implements storage.Interface.
func (s *cacheSource) GetList(ctx context.Context, key string, opts storage.ListOptions, listObj runtime.Object) error {
	if err := s.store.GetList(ctx, key, opts, listObj); err != nil {
		return err
	}
	list, err := meta.ListAccessor(listObj)
	if err != nil {
		return err
	}
	revision, err := s.versioner.ParseResourceVersion(list.GetResourceVersion())
	if err != nil {
		return err
	}
	s.began.Store(int64(revision))
	return nil
}

// Watch implements storage.Interface.
func (s *cacheSource) Watch(ctx context.Context, key string, opts storage.ListOptions) (watch.Interface, error) {
	return s.store.watch(ctx, key, opts, s.began.Store)
}

// cachedStore is a store behind a watch cache.
type cachedStore struct {
	*cacher.CacheDelegator
	source *cacheSource
}

// Watch implements storage.Interface. A cache knows nothing from before it began, so upstream tells clients that
// were connected to another process, or to this one before it was started again, to list everything anew.
// The engine remembers more: such watches are served without the cache.
func (c *cachedStore) Watch(ctx context.Context, key string, opts storage.ListOptions) (watch.Interface, error) {
	if !c.fromBeforeCache(opts) {
		return c.CacheDelegator.Watch(ctx, key, opts)
	}
	opts.ProgressNotify = opts.Predicate.AllowWatchBookmarks
	return c.source.store.Watch(ctx, key, opts)
}

// fromBeforeCache tells whether a watch asks for changes that the cache does not have, but the engine does.
func (c *cachedStore) fromBeforeCache(opts storage.ListOptions) bool {
	revision, err := c.Versioner().ParseResourceVersion(opts.ResourceVersion)
	if err != nil || revision == 0 || opts.SendInitialEvents != nil && *opts.SendInitialEvents {
		return false
	}
	return int64(revision) < c.source.began.Load() && c.source.engine.hub.remembers(int64(revision))
}

// announceWatchProgress lets the watch cache rely on RequestWatchProgress: upstream only does so once it has
// asked an etcd for its version, through a process-wide variable.
var announceWatchProgress = sync.OnceFunc(func() {
	storagefeature.DefaultFeatureSupportChecker = sqlFeatures{storagefeature.NewDefaultFeatureSupportChecker()}
})

// sqlFeatures knows what this package's stores can do; what it inherits is never called for them.
type sqlFeatures struct {
	storagefeature.FeatureSupportChecker
}

func (sqlFeatures) Supports(feature storage.Feature) bool {
	return feature == storage.RequestWatchProgress
}
