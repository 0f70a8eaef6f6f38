package storage

import (
	"context"
	"fmt"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
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
func (g *restOptionsGetter) cachedStorage(
	config *storagebackend.ConfigForResource,
	resourcePrefix string,
	keyFunc func(obj runtime.Object) (string, error),
	newFunc, newListFunc func() runtime.Object,
	getAttrs storage.AttrFunc,
	triggers storage.IndexerFuncs,
	indexers *cache.Indexers,
) (storage.Interface, factory.DestroyFunc, error) {
	store, err := g.storeOf(config, resourcePrefix, newFunc, getAttrs)
	if err != nil {
		return nil, nil, err
	}
	var source storage.Interface = store
	if store.Describer != nil {
		store.decoded = newDecodedObjects()
		remembering := cacheSource{store, keyFunc, getAttrs}
		source, getAttrs = remembering, remembering.attributes
	}
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
	cached := &cachedStore{CacheDelegator: cacher.NewCacheDelegator(watchCache, store), store: store}
	// Subresources share the store, so the registry destroys it more than once.
	destroy := sync.OnceFunc(func() {
		cached.Stop()
		watchCache.Stop()
	})
	return cached, destroy, nil
}

// cachedStore is a store behind a watch cache.
type cachedStore struct {
	*cacher.CacheDelegator
	store *store
}

// Watch implements storage.Interface. A cache knows the last changes only, and none from before it
// began: upstream tells clients that come from further back, or from another process, to list
// everything anew. The log goes back further: such watches are served without the cache.
func (c *cachedStore) Watch(ctx context.Context, key string, opts storage.ListOptions) (watch.Interface, error) {
	if objectSelector(opts.Predicate) != nil {
		return c.uncached(ctx, key, opts)
	}
	if revision, err := c.Versioner().ParseResourceVersion(opts.ResourceVersion); err == nil && c.store.checkStart(ctx, int64(revision)) != nil {
		return c.uncached(ctx, key, opts) // which says so
	}
	cached, err := c.CacheDelegator.Watch(ctx, key, opts)
	if err != nil {
		return nil, err
	}
	// Upstream's answer that a revision is too old is there at once.
	select {
	case first, open := <-cached.ResultChan():
		switch {
		case !open:
			return cached, nil
		case first.Type == watch.Error && isExpired(first.Object):
			cached.Stop()
			return c.uncached(ctx, key, opts)
		}
		return resume(cached, first), nil
	default:
		return cached, nil
	}
}

// GetList implements storage.Interface.
func (c *cachedStore) GetList(ctx context.Context, key string, opts storage.ListOptions, list runtime.Object) error {
	if objectSelector(opts.Predicate) != nil {
		return c.store.GetList(ctx, key, opts, list)
	}
	return c.CacheDelegator.GetList(ctx, key, opts, list)
}

func (c *cachedStore) uncached(ctx context.Context, key string, opts storage.ListOptions) (watch.Interface, error) {
	opts.ProgressNotify = opts.Predicate.AllowWatchBookmarks
	return c.store.Watch(ctx, key, opts)
}

func isExpired(status runtime.Object) bool {
	err := apierrors.FromObject(status)
	return apierrors.IsResourceExpired(err) || apierrors.IsGone(err)
}

// resumedWatch is a watch whose first event was looked at.
type resumedWatch struct {
	watch.Interface
	events chan watch.Event
	done   chan struct{}
	stop   func()
}

func resume(w watch.Interface, first watch.Event) watch.Interface {
	r := &resumedWatch{Interface: w, events: make(chan watch.Event), done: make(chan struct{})}
	r.stop = sync.OnceFunc(func() {
		close(r.done)
		w.Stop()
	})
	go r.run(first)
	return r
}

// Stop implements watch.Interface.
func (r *resumedWatch) Stop() { r.stop() }

// ResultChan implements watch.Interface.
func (r *resumedWatch) ResultChan() <-chan watch.Event { return r.events }

func (r *resumedWatch) run(event watch.Event) {
	defer close(r.events)
	for open := true; open; event, open = <-r.Interface.ResultChan() {
		select {
		case r.events <- event:
		case <-r.done:
			return
		}
	}
}

// announceWatchProgress lets the watch cache rely on RequestWatchProgress: upstream only does so
// once it has asked an etcd for its version, through a process-wide variable.
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
