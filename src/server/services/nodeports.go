package services

import (
	"context"
	"errors"
	"fmt"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	serverstorage "k8s.io/apiserver/pkg/server/storage"
	apistorage "k8s.io/apiserver/pkg/storage"
	storeerrors "k8s.io/apiserver/pkg/storage/errors"

	api "k8s.io/kubernetes/pkg/apis/core"
	kubeoptions "k8s.io/kubernetes/pkg/kubeapiserver/options"
	"k8s.io/kubernetes/pkg/registry/core/rangeallocation"
	"k8s.io/kubernetes/pkg/registry/core/service/allocator"
	"k8s.io/kubernetes/pkg/registry/core/service/portallocator"

	"ark.ai/apiserver/src/storage"
)

// NodePorts gives ports of nodes to Services of the types NodePort and LoadBalancer. One record of
// the database says which are taken, as in kube-apiserver, whose own type for it
// (serviceallocator.Etcd) calls etcd itself.
type NodePorts struct {
	allocator *portallocator.PortAllocator
	store     apistorage.Interface

	mu sync.Mutex
	// taken is as the record was when it was used last.
	taken allocator.Snapshottable
}

var (
	_ allocator.Interface           = &NodePorts{}
	_ rangeallocation.RangeRegistry = &NodePorts{}

	takenPorts = schema.GroupResource{Resource: "servicenodeportallocations"}
	errTaken   = errors.New("taken")
)

// takenPortsKey is where kube-apiserver has the record too.
const takenPortsKey = "/ranges/servicenodeports"

func newNodePorts(engine *storage.Engine, upstream serverstorage.StorageFactory) (*NodePorts, error) {
	config, err := upstream.NewConfig(api.Resource("services"), &api.Service{})
	if err != nil {
		return nil, err
	}
	p := &NodePorts{}
	p.store, err = engine.NewStore(storage.StoreConfig{
		GroupResource:  takenPorts,
		Prefix:         config.Prefix,
		ResourcePrefix: "/ranges",
		Codec:          config.Codec,
		Transformer:    config.Transformer,
		NewFunc:        func() runtime.Object { return &api.RangeAllocation{} },
	})
	if err != nil {
		return nil, fmt.Errorf("making the store of node ports: %w", err)
	}
	p.allocator, err = portallocator.New(p.Range(), func(size int, name string, offset int) (allocator.Interface, error) {
		p.taken = allocator.NewAllocationMapWithOffset(size, name, offset)
		return p, nil
	})
	if err != nil {
		return nil, fmt.Errorf("making the allocator of node ports: %w", err)
	}
	p.allocator.EnableMetrics()
	return p, nil
}

// Range is where node ports are.
func (p *NodePorts) Range() utilnet.PortRange {
	return kubeoptions.DefaultServiceNodePortRange
}

// Allocate implements allocator.Interface.
func (p *NodePorts) Allocate(offset int) (bool, error) {
	return p.take(func() (bool, error) { return p.taken.Allocate(offset) })
}

// AllocateNext implements allocator.Interface.
func (p *NodePorts) AllocateNext() (offset int, ok bool, err error) {
	ok, err = p.take(func() (ok bool, err error) {
		offset, ok, err = p.taken.AllocateNext()
		return ok, err
	})
	return offset, ok, err
}

func (p *NodePorts) take(allocate func() (bool, error)) (bool, error) {
	err := p.change(func() error {
		ok, err := allocate()
		if err == nil && !ok {
			err = errTaken
		}
		return err
	})
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return err == nil, err
}

// Release implements allocator.Interface.
func (p *NodePorts) Release(offset int) error {
	return p.change(func() error { return p.taken.Release(offset) })
}

// change makes what it does to taken the content of the record, as soon as nobody else has changed
// that.
func (p *NodePorts) change(change func() error) error {
	return p.update(func(record *api.RangeAllocation) error {
		if record.ResourceVersion == "" {
			// Nobody has ever taken one.
			record.Range = p.Range().String()
		}
		if err := p.taken.Restore(record.Range, record.Data); err != nil {
			return err
		}
		if err := change(); err != nil {
			return err
		}
		record.Range, record.Data = p.taken.Snapshot()
		return nil
	})
}

func (p *NodePorts) update(change func(record *api.RangeAllocation) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	const ignoreNotFound = true
	err := p.store.GuaranteedUpdate(context.Background(), takenPortsKey, &api.RangeAllocation{}, ignoreNotFound, nil,
		apistorage.SimpleUpdate(func(stored runtime.Object) (runtime.Object, error) {
			return stored, change(stored.(*api.RangeAllocation))
		}), nil)
	return storeerrors.InterpretUpdateError(err, takenPorts, "")
}

// Get implements rangeallocation.RangeRegistry.
func (p *NodePorts) Get() (*api.RangeAllocation, error) {
	record := &api.RangeAllocation{}
	err := p.store.Get(context.Background(), takenPortsKey, apistorage.GetOptions{IgnoreNotFound: true}, record)
	return record, storeerrors.InterpretGetError(err, takenPorts, "")
}

// CreateOrUpdate implements rangeallocation.RangeRegistry.
func (p *NodePorts) CreateOrUpdate(repaired *api.RangeAllocation) error {
	return p.update(func(record *api.RangeAllocation) error {
		if record.ResourceVersion != "" && record.ResourceVersion != repaired.ResourceVersion {
			return apierrors.NewConflict(takenPorts, "", errors.New("node ports were taken or given back meanwhile"))
		}
		record.Range, record.Data = repaired.Range, repaired.Data
		return p.taken.Restore(record.Range, record.Data)
	})
}

// Has implements allocator.Interface.
func (p *NodePorts) Has(offset int) bool { return p.taken.Has(offset) }

// ForEach implements allocator.Interface.
func (p *NodePorts) ForEach(do func(offset int)) { p.taken.ForEach(do) }

// Free implements allocator.Interface.
func (p *NodePorts) Free() int { return p.taken.Free() }

// Destroy implements allocator.Interface. The engine is somebody else's.
func (p *NodePorts) Destroy() {}
