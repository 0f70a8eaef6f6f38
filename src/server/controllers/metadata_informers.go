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
	"k8s.io/client-go/tools/cache"
)

// anyInformers is a factory of informers of every resource there is, for controllers that need not
// more than metadata: those of client-go where other controllers have them too, else
// metadataInformers.
type anyInformers struct {
	typed    informers.SharedInformerFactory
	metadata *metadataInformers
}

// ForResource implements informerfactory.InformerFactory.
func (f anyInformers) ForResource(resource schema.GroupVersionResource) (informers.GenericInformer, error) {
	if informer, err := f.typed.ForResource(resource); err == nil {
		return informer, nil
	}
	return f.metadata.forResource(resource), nil
}

// Start implements informerfactory.InformerFactory.
func (f anyInformers) Start(stop <-chan struct{}) {
	f.typed.Start(stop)
	f.metadata.start(wait.ContextForChannel(stop))
}

// metadataInformers has a metadataInformer for each resource that was asked for.
type metadataInformers struct {
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

func (f *metadataInformers) forResource(resource schema.GroupVersionResource) *metadataInformer {
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

// start has those follow their resources that don't yet, until ctx ends.
func (f *metadataInformers) start(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, reflector := range f.waiting {
		f.running.Go(func() { reflector.RunWithContext(ctx) })
	}
	f.waiting = nil
}

// shutdown waits until those are gone whose context has ended.
func (f *metadataInformers) shutdown() { f.running.Wait() }
