package services

import (
	serverstorage "k8s.io/apiserver/pkg/server/storage"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"

	"ark.ai/apiserver/src/storage"
)

// Allocators give Services what a cluster's network has: addresses and ports. What one of several
// servers has given, none of the others gives again.
type Allocators struct {
	clusterIPs *clusterIPs
	NodePorts  *NodePorts
}

// NewAllocators needs a client of the server itself, and informers that the server starts. Node
// ports are kept with engine, encoded and encrypted as upstream decides.
func NewAllocators(client kubernetes.Interface, informers informers.SharedInformerFactory,
	engine *storage.Engine, upstream serverstorage.StorageFactory,
) (*Allocators, error) {
	clusterIPs, err := newClusterIPs(client, informers)
	if err != nil {
		return nil, err
	}
	nodePorts, err := newNodePorts(engine, upstream)
	if err != nil {
		return nil, err
	}
	return &Allocators{clusterIPs: clusterIPs, NodePorts: nodePorts}, nil
}
