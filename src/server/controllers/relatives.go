package controllers

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
	"k8s.io/controller-manager/pkg/informerfactory"
)

// relatives is a factory of informers for the garbage collector, which makes a node of each object
// that it hears of. They keep unowned objects from it until another one names them as its owner:
// such a node has no edges, and takes more memory than all else that is known of its object.
type relatives struct {
	informerfactory.InformerFactory

	mu sync.Mutex
	// strangers are the objects that the garbage collector has not heard of.
	strangers map[uuid.UUID]stranger
	// owners are the UIDs of the owners of each object that it has heard of.
	owners map[types.UID][]types.UID
	// dependents is how many of those objects name an owner.
	dependents map[types.UID]int
}

type stranger struct {
	*unowned
	handler *relatedHandler // of its resource
}

func newRelatives(factory informerfactory.InformerFactory) *relatives {
	return &relatives{
		InformerFactory: factory,
		strangers:       make(map[uuid.UUID]stranger),
		owners:          make(map[types.UID][]types.UID),
		dependents:      make(map[types.UID]int),
	}
}

// ForResource implements informerfactory.InformerFactory.
func (r *relatives) ForResource(resource schema.GroupVersionResource) (informers.GenericInformer, error) {
	informer, err := r.InformerFactory.ForResource(resource)
	if err != nil {
		return nil, err
	}
	return relatedGeneric{informer, r}, nil
}

type relatedGeneric struct {
	informers.GenericInformer
	*relatives
}

func (g relatedGeneric) Informer() cache.SharedIndexInformer {
	return relatedInformer{g.GenericInformer.Informer(), g.relatives}
}

type relatedInformer struct {
	cache.SharedIndexInformer
	*relatives
}

func (i relatedInformer) AddEventHandlerWithResyncPeriod(handler cache.ResourceEventHandler, resyncPeriod time.Duration) (cache.ResourceEventHandlerRegistration, error) {
	return i.SharedIndexInformer.AddEventHandlerWithResyncPeriod(&relatedHandler{i.relatives, handler}, resyncPeriod)
}

// relatedHandler passes on to the garbage collector what it has to hear, in the order in which it
// happens.
type relatedHandler struct {
	*relatives
	garbageCollector cache.ResourceEventHandler
}

func (h *relatedHandler) OnAdd(object any, isInInitialList bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isRelated(object) {
		h.garbageCollector.OnAdd(object, isInInitialList)
	}
}

func (h *relatedHandler) OnUpdate(before, after any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isRelated(after) {
		h.garbageCollector.OnUpdate(before, after)
	}
}

func (h *relatedHandler) OnDelete(object any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	uid, _ := identity(object)
	if h.takeStranger(uid) != nil {
		return
	}
	h.setOwners(uid, nil)
	delete(h.owners, uid)
	h.garbageCollector.OnDelete(object)
}

// isRelated takes note of an object, and reports whether the garbage collector has to hear of it.
// It has heard of its owners then.
func (h *relatedHandler) isRelated(object any) bool {
	uid, owners := identity(object)
	if u, ok := object.(*unowned); ok && h.dependents[uid] == 0 {
		if _, known := h.owners[uid]; !known {
			h.strangers[u.uid] = stranger{u, h}
			return false
		}
	}
	h.takeStranger(uid)
	h.setOwners(uid, owners)
	return true
}

// setOwners takes note of the owners of an object, and has the garbage collector hear of those that
// were strangers.
func (r *relatives) setOwners(uid types.UID, owners []types.UID) {
	for _, owner := range owners {
		r.dependents[owner]++
		if s := r.takeStranger(owner); s != nil {
			r.owners[owner] = nil
			s.handler.garbageCollector.OnAdd(s.unowned, false)
		}
	}
	for _, owner := range r.owners[uid] {
		if r.dependents[owner]--; r.dependents[owner] == 0 {
			delete(r.dependents, owner)
		}
	}
	r.owners[uid] = owners
}

// takeStranger has an object no longer be a stranger; nil if it is none.
func (r *relatives) takeStranger(uid types.UID) *stranger {
	id, ok := parseUID(uid)
	if !ok {
		return nil
	}
	s, ok := r.strangers[id]
	if !ok {
		return nil
	}
	delete(r.strangers, id)
	return &s
}

// identity is an object's UID, and those of its owners.
func identity(object any) (uid types.UID, owners []types.UID) {
	if deleted, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = deleted.Obj
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		panic(err) // informers have objects with metadata
	}
	for _, owner := range accessor.GetOwnerReferences() {
		owners = append(owners, owner.UID)
	}
	return accessor.GetUID(), owners
}
