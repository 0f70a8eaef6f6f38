package storage

import (
	"context"
	"sync"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage/driver"
)

// decodedObjects are the objects that a watch cache has, by key: lists that look at objects need
// neither read nor decode these, where they have the revision that is wanted. Nobody may change
// them.
type decodedObjects struct {
	mu      sync.RWMutex
	objects map[string]decodedObject
	// deleted are the revisions of deletions that the cache has yet to take in.
	deleted map[string]int64
}

type decodedObject struct {
	revision int64
	object   runtime.Object
}

func newDecodedObjects() *decodedObjects {
	return &decodedObjects{objects: make(map[string]decodedObject), deleted: make(map[string]int64)}
}

// put takes in what the cache takes in: an object, or one as it was deleted at a revision.
func (d *decodedObjects) put(key string, revision int64, object runtime.Object) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if deleted, ok := d.deleted[key]; ok && deleted == revision {
		delete(d.deleted, key)
		delete(d.objects, key)
		return
	}
	d.objects[key] = decodedObject{revision, object}
}

func (d *decodedObjects) expectDeleted(key string, revision int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.deleted[key] = revision
}

func (d *decodedObjects) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.objects)
	clear(d.deleted)
}

// find puts the objects of records into found, by revision, and returns the keys of the others.
func (d *decodedObjects) find(records []driver.Record, found map[int64]runtime.Object) (missing []string) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for i := range records {
		if known := d.objects[records[i].Key]; known.revision == records[i].Revision {
			found[known.revision] = known.object
		} else {
			missing = append(missing, records[i].Key)
		}
	}
	return missing
}

// cacheSource is a store as its watch cache reads it: the store remembers what the cache gets.
type cacheSource struct {
	*store
	keyFunc  func(runtime.Object) (string, error)
	getAttrs storage.AttrFunc
}

// GetList implements storage.Interface.
func (s cacheSource) GetList(ctx context.Context, key string, opts storage.ListOptions, listObj runtime.Object) error {
	if opts.Predicate.Continue == "" {
		s.decoded.clear() // It begins anew.
	}
	return s.store.GetList(ctx, key, opts, listObj)
}

// Watch implements storage.Interface.
func (s cacheSource) Watch(ctx context.Context, key string, opts storage.ListOptions) (watch.Interface, error) {
	return s.watch(ctx, key, opts, s.decoded)
}

// attributes is a storage.AttrFunc that the cache asks of each object that it takes in, once.
func (s cacheSource) attributes(obj runtime.Object) (labels.Set, fields.Set, error) {
	if err := s.remember(obj); err != nil {
		return nil, nil, err
	}
	return s.getAttrs(obj)
}

func (s cacheSource) remember(obj runtime.Object) error {
	key, err := s.keyFunc(obj)
	if err != nil {
		return err
	}
	if key, err = s.key(key, false); err != nil {
		return err
	}
	revision, err := s.versioner.ObjectResourceVersion(obj)
	if err == nil {
		s.decoded.put(key, int64(revision), obj)
	}
	return err
}
