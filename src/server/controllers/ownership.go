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
	// unrelated are the objects that the garbage collector has not heard of.
	unrelated map[uuid.UUID]unrelatedObject
	// owners are the UIDs of the owners of each object that it has heard of.
	owners map[types.UID][]types.UID
	// dependents is how many of those objects name an owner.
	dependents map[types.UID]int
}

type unrelatedObject struct {
	*unowned
	handler *ownershipHandler // of its resource
}

func newOwnershipInformers(factory informerfactory.InformerFactory) *ownershipInformers {
	return &ownershipInformers{
		InformerFactory: factory,
		unrelated:       make(map[uuid.UUID]unrelatedObject),
		owners:          make(map[types.UID][]types.UID),
		dependents:      make(map[types.UID]int),
	}
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
	if h.takeUnrelated(uid) != nil {
		return
	}
	h.setOwners(uid, nil)
	delete(h.owners, uid)
	h.garbageCollector.OnDelete(object)
}

// isRelated takes note of an object, and reports whether the garbage collector has to hear of it.
// It has heard of its owners then.
func (h *ownershipHandler) isRelated(object any) bool {
	uid, owners := identity(object)
	if u, ok := object.(*unowned); ok && h.dependents[uid] == 0 {
		if _, known := h.owners[uid]; !known {
			h.unrelated[u.uid] = unrelatedObject{u, h}
			return false
		}
	}
	h.takeUnrelated(uid)
	h.setOwners(uid, owners)
	return true
}

// setOwners takes note of the owners of an object, and has the garbage collector hear of those that
// were unrelated.
func (r *ownershipInformers) setOwners(uid types.UID, owners []types.UID) {
	for _, owner := range owners {
		r.dependents[owner]++
		if s := r.takeUnrelated(owner); s != nil {
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

// takeUnrelated returns an object that is unrelated, and is so no longer; nil if it was not.
func (r *ownershipInformers) takeUnrelated(uid types.UID) *unrelatedObject {
	id, ok := parseUID(uid)
	if !ok {
		return nil
	}
	s, ok := r.unrelated[id]
	if !ok {
		return nil
	}
	delete(r.unrelated, id)
	return &s
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
