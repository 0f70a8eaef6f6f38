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

// ownershipInformers is a factory of informers for the garbage collector, which makes a node of
// each object that it hears of. They keep unowned objects from it until another one names them as
// its owner: such a node has no edges, and takes more memory than all else that is known of its
// object.
type ownershipInformers struct {
	informerfactory.InformerFactory

	mu sync.Mutex
	// owners are the UIDs of the owners of each object that the garbage collector has heard of.
	owners map[types.UID][]types.UID
	// dependents is how many of those objects name an owner.
	dependents map[types.UID]int
	// followed are where the others are.
	followed []followedInformer
}

type followedInformer struct {
	*metadataInformer
	garbageCollector cache.ResourceEventHandler
}

func newOwnershipInformers(factory informerfactory.InformerFactory) *ownershipInformers {
	return &ownershipInformers{InformerFactory: factory, owners: make(map[types.UID][]types.UID), dependents: make(map[types.UID]int)}
}

// ForResource implements informerfactory.InformerFactory.
func (r *ownershipInformers) ForResource(resource schema.GroupVersionResource) (informers.GenericInformer, error) {
	informer, err := r.InformerFactory.ForResource(resource)
	if err != nil {
		return nil, err
	}
	return ownershipGenericInformer{informer, r}, nil
}

type ownershipGenericInformer struct {
	informers.GenericInformer
	*ownershipInformers
}

func (g ownershipGenericInformer) Informer() cache.SharedIndexInformer {
	return ownershipInformer{g.GenericInformer.Informer(), g.ownershipInformers}
}

type ownershipInformer struct {
	cache.SharedIndexInformer
	*ownershipInformers
}

func (i ownershipInformer) AddEventHandlerWithResyncPeriod(handler cache.ResourceEventHandler, resyncPeriod time.Duration) (cache.ResourceEventHandlerRegistration, error) {
	if informer, ok := i.SharedIndexInformer.(*metadataInformer); ok {
		i.mu.Lock()
		i.followed = append(i.followed, followedInformer{informer, handler})
		i.mu.Unlock()
	}
	return i.SharedIndexInformer.AddEventHandlerWithResyncPeriod(&ownershipHandler{i.ownershipInformers, handler}, resyncPeriod)
}

// ownershipHandler passes on to the garbage collector what it has to hear, in the order in which it
// happens.
type ownershipHandler struct {
	*ownershipInformers
	garbageCollector cache.ResourceEventHandler
}

func (h *ownershipHandler) OnAdd(object any, isInInitialList bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isRelated(object) {
		h.garbageCollector.OnAdd(object, isInInitialList)
	}
}

func (h *ownershipHandler) OnUpdate(before, after any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.isRelated(after) {
		h.garbageCollector.OnUpdate(before, after)
	}
}

func (h *ownershipHandler) OnDelete(object any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	uid, _ := identity(object)
	if _, known := h.owners[uid]; !known {
		return
	}
	h.setOwners(uid, nil)
	delete(h.owners, uid)
	h.garbageCollector.OnDelete(object)
}

// isRelated takes note of an object, and reports whether the garbage collector has to hear of it.
// It has heard of its owners then.
func (h *ownershipHandler) isRelated(object any) bool {
	if o, ok := object.(*unowned); ok && !h.isKnown(o.uid) {
		return false
	}
	uid, owners := identity(object)
	h.setOwners(uid, owners)
	return true
}

// isKnown reports whether the garbage collector has heard of an object, or of what names it as an
// owner.
func (r *ownershipInformers) isKnown(uid uuid.UUID) bool {
	text, _ := uid.MarshalText()
	_, known := r.owners[types.UID(text)]
	return known || r.dependents[types.UID(text)] > 0
}

// setOwners takes note of the owners of an object, and has the garbage collector hear of those that
// it has been kept from.
func (r *ownershipInformers) setOwners(uid types.UID, owners []types.UID) {
	before := r.owners[uid]
	r.owners[uid] = owners
	for _, owner := range owners {
		r.dependents[owner]++
		r.tellOf(owner)
	}
	for _, owner := range before {
		if r.dependents[owner]--; r.dependents[owner] == 0 {
			delete(r.dependents, owner)
		}
	}
}

// tellOf has the garbage collector hear of an object, if there is one that it has been kept from.
func (r *ownershipInformers) tellOf(uid types.UID) {
	id, ok := parseUID(uid)
	if _, known := r.owners[uid]; known || !ok {
		return
	}
	for _, f := range r.followed {
		if object := f.findUnowned(id); object != nil {
			r.owners[uid] = nil
			f.garbageCollector.OnAdd(object, false)
		}
	}
}

// identity is an object's UID, and those of its owners.
func identity(object any) (uid types.UID, owners []types.UID) {
	if deleted, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = deleted.Obj
	}
	accessor, err := meta.Accessor(object)
	if err != nil {
		return "", nil // The garbage collector says so.
	}
	for _, owner := range accessor.GetOwnerReferences() {
		owners = append(owners, owner.UID)
	}
	return accessor.GetUID(), owners
}
