package controllers

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"k8s.io/kubernetes/pkg/controller/endpointslicemirroring"
	"k8s.io/kubernetes/pkg/controller/servicecidrs"
	ipallocatorcontroller "k8s.io/kubernetes/pkg/registry/core/service/ipallocator/controller"
	portallocatorcontroller "k8s.io/kubernetes/pkg/registry/core/service/portallocator/controller"
)

// repairPeriod is how often cluster IPs and node ports are compared with the Services that have
// them.
const repairPeriod = 3 * time.Minute

// serviceRanges keeps ranges of cluster IPs for as long as one of them is in use.
func serviceRanges(ctx context.Context, t *term) (func(context.Context), error) {
	const workers = 5
	client, err := t.client("service-cidrs-controller")
	if err != nil {
		return nil, err
	}
	networking := t.informers.Networking().V1()
	controller := servicecidrs.NewController(ctx, networking.ServiceCIDRs(), networking.IPAddresses(), client)
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}

// clusterIPRepair gives back cluster IPs that a server took for a Service just before it was
// killed, and takes those that a Service has, but that got lost.
func clusterIPRepair(_ context.Context, t *term) (func(context.Context), error) {
	client, err := t.client("ipallocator-repair-controller")
	if err != nil {
		return nil, err
	}
	services, ranges, addresses := t.informers.Core().V1().Services(), t.informers.Networking().V1().ServiceCIDRs(), t.informers.Networking().V1().IPAddresses()
	// The term starts the informers that it knows of.
	services.Informer()
	ranges.Informer()
	addresses.Informer()
	return func(ctx context.Context) {
		// It ends if its first round fails, and can't be run again.
		wait.UntilWithContext(ctx, func(ctx context.Context) {
			repair := ipallocatorcontroller.NewRepairIPAddress(repairPeriod, client, services, ranges, addresses)
			repair.RunUntil(func() {}, closedWith(ctx))
		}, repairPeriod)
	}, nil
}

// nodePortRepair does so for node ports.
func nodePortRepair(_ context.Context, t *term) (func(context.Context), error) {
	client, err := t.client("portallocator-repair-controller")
	if err != nil {
		return nil, err
	}
	ports := t.config.NodePorts
	repair := portallocatorcontroller.NewRepair(repairPeriod, client.CoreV1(), client.EventsV1(), ports.Range(), ports)
	return func(ctx context.Context) { repair.RunUntil(func() {}, closedWith(ctx)) }, nil
}

// closedWith is the end of ctx for controllers that take a channel which others may close.
func closedWith(ctx context.Context) chan struct{} {
	stop := make(chan struct{})
	context.AfterFunc(ctx, func() { close(stop) })
	return stop
}

// endpointMirroring makes EndpointSlices of the Endpoints that are written for Services without a
// selector.
func endpointMirroring(ctx context.Context, t *term) (func(context.Context), error) {
	const (
		workers      = 5
		maxPerSubset = 1000
		batchPeriod  = 0
	)
	client, err := t.client("endpointslicemirroring-controller")
	if err != nil {
		return nil, err
	}
	core := t.informers.Core().V1()
	controller := endpointslicemirroring.NewController(ctx, core.Endpoints(), t.informers.Discovery().V1().EndpointSlices(), core.Services(),
		maxPerSubset, client, batchPeriod)
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}
