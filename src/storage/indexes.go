package storage

import (
	"cmp"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// IndexStatus is what there is of the index of a resource.
type IndexStatus struct {
	Resource string `json:"resource"`
	State    string `json:"state"`
	// Revision that it has reached, and that of the database; 0 until it is complete.
	Revision int64 `json:"revision,omitempty"`
	Current  int64 `json:"currentRevision"`
	// Objects that it has so far, while it is made.
	Objects int   `json:"objects,omitempty"`
	Bytes   int64 `json:"bytes,omitempty"`
}

// States of indexes.
const (
	indexNone   = "none"
	indexMaking = "making"
	indexReady  = "ready"
)

// indexes are those of an engine.
type indexes struct {
	mu  sync.Mutex
	all map[schema.GroupResource]*fieldIndex
}

func (x *indexes) add(i *fieldIndex) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.all == nil {
		x.all = make(map[schema.GroupResource]*fieldIndex)
	}
	x.all[i.store.GroupResource] = i
}

func (x *indexes) of(resource schema.GroupResource) *fieldIndex {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.all[resource]
}

// Indexes tells of all resources that may have an index.
func (e *Engine) Indexes() []IndexStatus {
	e.indexes.mu.Lock()
	defer e.indexes.mu.Unlock()
	all := make([]IndexStatus, 0, len(e.indexes.all))
	for _, i := range e.indexes.all {
		all = append(all, i.status())
	}
	slices.SortFunc(all, func(a, b IndexStatus) int { return cmp.Compare(a.Resource, b.Resource) })
	return all
}

// DropIndex gives up the index of a resource, if there is one: the next list that takes long has it
// made again. It reports whether the resource may have one.
func (e *Engine) DropIndex(resource schema.GroupResource) bool { return e.dropIndex(resource, false) }

// RebuildIndex has the index of a resource made, anew if there is one. It reports whether the
// resource may have one.
func (e *Engine) RebuildIndex(resource schema.GroupResource) bool { return e.dropIndex(resource, true) }

func (e *Engine) dropIndex(resource schema.GroupResource, again bool) bool {
	i := e.indexes.of(resource)
	if i != nil {
		i.drop(again)
	}
	return i != nil
}

func (i *fieldIndex) status() IndexStatus {
	i.state.Lock()
	defer i.state.Unlock()
	status := i.measured
	status.Resource, status.State, status.Current = i.store.GroupResource.String(), indexNone, i.store.engine.KnownRevision()
	switch {
	case !i.making:
	case status.Revision > 0:
		status.State = indexReady
	default:
		status.State = indexMaking
	}
	return status
}
