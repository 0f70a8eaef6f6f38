package services

import (
	"fmt"
	"net/url"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiserver/pkg/util/proxy"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/informers"
	corelisters "k8s.io/client-go/listers/core/v1"
)

// resolver finds the address of a Service that an APIService or a webhook configuration names.
// Cluster IPs lead nowhere, so it takes one of the endpoints that somebody has written, and
// otherwise relies on DNS.
type resolver struct {
	services  corelisters.ServiceLister
	endpoints proxy.EndpointSliceGetter
	names     webhook.ServiceResolver
}

// NewResolver needs informers that the server starts.
func NewResolver(informers informers.SharedInformerFactory) (webhook.ServiceResolver, error) {
	endpoints, err := proxy.NewEndpointSliceIndexerGetter(informers.Discovery().V1().EndpointSlices())
	if err != nil {
		return nil, fmt.Errorf("making the index of endpoints: %w", err)
	}
	return &resolver{
		services:  informers.Core().V1().Services().Lister(),
		endpoints: endpoints,
		names:     webhook.NewDefaultServiceResolver(),
	}, nil
}

// ResolveEndpoint implements webhook.ServiceResolver.
func (r *resolver) ResolveEndpoint(namespace, name string, port int32) (*url.URL, error) {
	service, err := r.services.Services(namespace).Get(name)
	if err == nil && service.Spec.Type == corev1.ServiceTypeExternalName {
		return proxy.ResolveCluster(r.services, namespace, name, port)
	}
	if address, err := proxy.ResolveEndpoint(r.services, r.endpoints, namespace, name, port); err == nil {
		return address, nil
	}
	return r.names.ResolveEndpoint(namespace, name, port)
}
