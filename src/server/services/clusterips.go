package services

import (
	"context"
	"fmt"
	"net"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"

	"k8s.io/kubernetes/pkg/controlplane/controller/defaultservicecidr"
	"k8s.io/kubernetes/pkg/registry/core/service/ipallocator"
)

// addressRange is the one that kubeadm has: whoever sees an address of it takes it for that of a
// Service.
const addressRange = "10.96.0.0/12"

// clusterIPs gives addresses to Services. Each one that is taken is an object IPAddress with its
// name, so the database sees to it that there is only one; ServiceCIDRs are the ranges that they
// are taken from.
type clusterIPs struct {
	client    kubernetes.Interface
	network   net.IPNet
	allocator *ipallocator.MetaAllocator
}

func newClusterIPs(client kubernetes.Interface, informers informers.SharedInformerFactory) (*clusterIPs, error) {
	_, network, err := net.ParseCIDR(addressRange)
	if err != nil {
		return nil, err
	}
	networking := informers.Networking().V1()
	const isIPv6 = false
	allocator, err := ipallocator.NewMetaAllocator(client.NetworkingV1(), networking.ServiceCIDRs(), networking.IPAddresses(), isIPv6, nil)
	if err != nil {
		return nil, fmt.Errorf("making the allocator of cluster IPs: %w", err)
	}
	allocator.EnableMetrics()
	return &clusterIPs{client: client, network: *network, allocator: allocator}, nil
}

// prepare keeps a server from being ready before it can give addresses.
func (c *clusterIPs) prepare(ctx genericapiserver.PostStartHookContext) error {
	const pollInterval = 20 * time.Millisecond
	defaultservicecidr.NewController(c.network, net.IPNet{}, c.client).Start(ctx)
	// The range is stored; the allocator hears of it a moment later. An error would end the
	// process.
	_ = wait.PollUntilContextCancel(ctx, pollInterval, true, func(context.Context) (bool, error) {
		_, err := c.allocator.DryRun().AllocateNext()
		return err == nil, nil
	})
	return nil
}
