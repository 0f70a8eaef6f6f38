package services

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiserver/pkg/registry/generic"
	genericapiserver "k8s.io/apiserver/pkg/server"
	serverstorage "k8s.io/apiserver/pkg/server/storage"

	api "k8s.io/kubernetes/pkg/apis/core"
	endpointsstore "k8s.io/kubernetes/pkg/registry/core/endpoint/storage"
	corerest "k8s.io/kubernetes/pkg/registry/core/rest"
	"k8s.io/kubernetes/pkg/registry/core/service/ipallocator"
	servicestore "k8s.io/kubernetes/pkg/registry/core/service/storage"
)

// Core provides the core group of a generic control plane with Services and Endpoints.
type Core struct {
	*corerest.GenericConfig
	Allocators *Allocators
}

var _ genericapiserver.PostStartHookProvider = Core{}

// NewRESTStorage implements the control plane's RESTStorageProvider. There is no subresource proxy:
// what it leads to are pods.
func (c Core) NewRESTStorage(enabled serverstorage.APIResourceConfigSource, options generic.RESTOptionsGetter) (genericapiserver.APIGroupInfo, error) {
	info, err := c.GenericConfig.NewRESTStorage(enabled, options)
	if err != nil {
		return genericapiserver.APIGroupInfo{}, err
	}
	storage := info.VersionedResourcesStorageMap[corev1.SchemeGroupVersion.Version]
	if resource := "services"; enabled.ResourceEnabled(corev1.SchemeGroupVersion.WithResource(resource)) {
		clusterIPs, nodePorts := c.Allocators.clusterIPs.allocator, c.Allocators.NodePorts.allocator
		family := clusterIPs.IPFamily()
		service, status, _, err := servicestore.NewREST(options, family, map[api.IPFamily]ipallocator.Interface{family: clusterIPs},
			nodePorts, nil, nil, nil)
		if err != nil {
			return genericapiserver.APIGroupInfo{}, err
		}
		storage[resource], storage[resource+"/status"] = service, status
	}
	if resource := "endpoints"; enabled.ResourceEnabled(corev1.SchemeGroupVersion.WithResource(resource)) {
		if storage[resource], err = endpointsstore.NewREST(options); err != nil {
			return genericapiserver.APIGroupInfo{}, err
		}
	}
	return info, nil
}

// PostStartHook implements genericapiserver.PostStartHookProvider.
func (c Core) PostStartHook() (string, genericapiserver.PostStartHookFunc, error) {
	return "ark-cluster-ips", c.Allocators.clusterIPs.prepare, nil
}
