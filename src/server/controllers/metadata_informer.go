package controllers

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"
)

// metadataInformer follows the metadata of one resource, for controllers that follow every resource
// there is: the garbage collector and quotas. It keeps less than half of what client-go's informer
// would of an object, as it has no index by name or namespace, and calls handlers itself, in the
// order in which things happen, so that nothing waits in queues. It does not resync, nor tell of an
// update of what is unowned and remains so: nothing has changed that these controllers read.
type metadataInformer struct {
	// What those controllers don't call is not there.
	cache.SharedIndexInformer
	cache.GenericLister

	synced atomic.Bool

	// telling is held while handlers are told of a change that has been stored.
	telling  sync.Mutex
	handlers []cache.ResourceEventHandler

	mu      sync.Mutex
	unowned map[uuid.UUID]objectName
	// others are those that have owners or are being deleted.
	others map[types.UID]*metav1.PartialObjectMetadata
}

func newMetadataInformer() *metadataInformer {
	return &metadataInformer{unowned: make(map[uuid.UUID]objectName), others: make(map[types.UID]*metav1.PartialObjectMetadata)}
}

// Informer implements informers.GenericInformer.
func (i *metadataInformer) Informer() cache.SharedIndexInformer { return i }

// Lister implements informers.GenericInformer.
func (i *metadataInformer) Lister() cache.GenericLister { return i }

// GetController implements cache.SharedIndexInformer.
func (i *metadataInformer) GetController() cache.Controller { return i }

// GetStore implements cache.SharedIndexInformer. Nothing is found by name: the garbage collector
// asks the server then.
func (i *metadataInformer) GetStore() cache.Store { return noNames{} }

type noNames struct{ cache.Store }

// GetByKey implements cache.Store.
func (noNames) GetByKey(string) (any, bool, error) { return nil, false, nil }

// Run implements cache.Controller. The factory has run it by then.
func (i *metadataInformer) Run(<-chan struct{}) {}

// HasSynced implements cache.SharedIndexInformer.
func (i *metadataInformer) HasSynced() bool { return i.synced.Load() }

// AddEventHandlerWithResyncPeriod implements cache.SharedIndexInformer.
func (i *metadataInformer) AddEventHandlerWithResyncPeriod(handler cache.ResourceEventHandler, _ time.Duration) (cache.ResourceEventHandlerRegistration, error) {
	i.telling.Lock()
	defer i.telling.Unlock()
	i.handlers = append(i.handlers, handler)
	for _, object := range i.list(metav1.NamespaceAll) {
		handler.OnAdd(object, true)
	}
	return i, nil
}

// ByNamespace implements cache.GenericLister.
func (i *metadataInformer) ByNamespace(namespace string) cache.GenericNamespaceLister {
	return namespaceLister{informer: i, namespace: namespace}
}

type namespaceLister struct {
	cache.GenericNamespaceLister
	informer  *metadataInformer
	namespace string
}

// List implements cache.GenericNamespaceLister. No object has labels.
func (l namespaceLister) List(selector labels.Selector) ([]runtime.Object, error) {
	if !selector.Matches(labels.Set{}) {
		return nil, nil
	}
	return l.informer.list(l.namespace), nil
}

func (i *metadataInformer) list(namespace string) (objects []runtime.Object) {
	all := namespace == metav1.NamespaceAll
	i.mu.Lock()
	defer i.mu.Unlock()
	for uid, name := range i.unowned {
		if all || name.namespace.Value() == namespace {
			objects = append(objects, &unowned{uid, name})
		}
	}
	for _, object := range i.others {
		if all || object.Namespace == namespace {
			objects = append(objects, object)
		}
	}
	return objects
}

// findUnowned returns an object without owners that is not being deleted, or nil.
func (i *metadataInformer) findUnowned(uid uuid.UUID) *unowned {
	i.mu.Lock()
	defer i.mu.Unlock()
	if name, ok := i.unowned[uid]; ok {
		return &unowned{uid, name}
	}
	return nil
}

// Transformer implements cache.TransformingStore.
func (i *metadataInformer) Transformer() cache.TransformFunc {
	return func(object any) (any, error) { return trimMetadata(object), nil }
}

// Add implements cache.ReflectorStore.
func (i *metadataInformer) Add(object any) error { return i.Update(object) }

// Update implements cache.ReflectorStore.
func (i *metadataInformer) Update(object any) error {
	after := trimMetadata(object)
	i.telling.Lock()
	defer i.telling.Unlock()
	i.mu.Lock()
	before := i.remove(after)
	i.put(after)
	i.mu.Unlock()
	i.tell(before, after, false)
	return nil
}

// Delete implements cache.ReflectorStore.
func (i *metadataInformer) Delete(object any) error {
	last := trimMetadata(object)
	i.telling.Lock()
	defer i.telling.Unlock()
	i.mu.Lock()
	i.remove(last)
	i.mu.Unlock()
	i.tell(last, nil, false)
	return nil
}

// Replace implements cache.ReflectorStore.
func (i *metadataInformer) Replace(objects []any, _ string) error {
	i.telling.Lock()
	defer i.telling.Unlock()
	next := newMetadataInformer()
	for n, object := range objects {
		objects[n] = trimMetadata(object)
		next.put(objects[n])
	}
	i.mu.Lock()
	before := &metadataInformer{unowned: i.unowned, others: i.others}
	i.unowned, i.others = next.unowned, next.others
	i.mu.Unlock()
	for _, object := range objects {
		i.tell(before.remove(object), object, !i.synced.Load())
	}
	for _, object := range before.list(metav1.NamespaceAll) {
		i.tell(object, nil, false)
	}
	i.synced.Store(true)
	return nil
}

// Resync implements cache.ReflectorStore.
func (i *metadataInformer) Resync() error { return nil }

// put keeps what trimMetadata has left of an object.
func (i *metadataInformer) put(object any) {
	switch o := object.(type) {
	case *unowned:
		i.unowned[o.uid] = o.objectName
	case *metav1.PartialObjectMetadata:
		i.others[o.UID] = o
	}
}

// remove forgets an object, and returns it as it was before; nil if it was not there.
func (i *metadataInformer) remove(object any) any {
	var id uuid.UUID
	var uid []byte
	switch o := object.(type) {
	case *unowned:
		id = o.uid
		uid, _ = id.MarshalText()
	case *metav1.PartialObjectMetadata:
		id, _ = parseUID(o.UID)
		uid = []byte(o.UID)
	}
	if name, ok := i.unowned[id]; ok {
		delete(i.unowned, id)
		return &unowned{id, name}
	}
	if before, ok := i.others[types.UID(uid)]; ok {
		delete(i.others, types.UID(uid))
		return before
	}
	return nil
}

func (i *metadataInformer) tell(before, after any, isInInitialList bool) {
	_, was := before.(*unowned)
	_, is := after.(*unowned)
	for _, handler := range i.handlers {
		switch {
		case after == nil:
			handler.OnDelete(before)
		case before == nil:
			handler.OnAdd(after, isInInitialList)
		case !was || !is:
			handler.OnUpdate(before, after)
		}
	}
}
