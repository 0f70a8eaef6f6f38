package controllers

import (
	"context"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
)

// metadataInformers has a metadataInformer for each resource that was asked for.
type metadataInformers struct {
	// What controllers don't call is not there.
	metadatainformer.SharedInformerFactory

	client  metadata.Interface
	running sync.WaitGroup

	mu        sync.Mutex
	informers map[schema.GroupVersionResource]*metadataInformer
	// waiting are those that have not been started.
	waiting []*cache.Reflector
}

func newMetadataInformers(client metadata.Interface) *metadataInformers {
	return &metadataInformers{client: client, informers: make(map[schema.GroupVersionResource]*metadataInformer)}
}

// ForResource implements metadatainformer.SharedInformerFactory.
func (f *metadataInformers) ForResource(resource schema.GroupVersionResource) informers.GenericInformer {
	f.mu.Lock()
	defer f.mu.Unlock()
	informer, found := f.informers[resource]
	if !found {
		informer = newMetadataInformer()
		f.informers[resource] = informer
		client := f.client.Resource(resource)
		objects := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
			ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
				return client.List(ctx, options)
			},
			WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
				return client.Watch(ctx, options)
			},
		}, f.client)
		f.waiting = append(f.waiting, cache.NewReflectorWithOptions(objects, &metav1.PartialObjectMetadata{}, informer,
			cache.ReflectorOptions{Name: "metadata of " + resource.GroupResource().String()}))
	}
	return informer
}

// Start implements metadatainformer.SharedInformerFactory.
func (f *metadataInformers) Start(stop <-chan struct{}) {
	ctx := wait.ContextForChannel(stop)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, reflector := range f.waiting {
		f.running.Go(func() { reflector.RunWithContext(ctx) })
	}
	f.waiting = nil
}

// Shutdown implements metadatainformer.SharedInformerFactory.
func (f *metadataInformers) Shutdown() { f.running.Wait() }
