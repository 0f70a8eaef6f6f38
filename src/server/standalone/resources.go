package standalone

import (
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	serverstorage "k8s.io/apiserver/pkg/server/storage"

	"k8s.io/kubernetes/pkg/controlplane"
	controlplaneapiserver "k8s.io/kubernetes/pkg/controlplane/apiserver"
	discoveryrest "k8s.io/kubernetes/pkg/registry/discovery/rest"
	networkingrest "k8s.io/kubernetes/pkg/registry/networking/rest"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/server/services"
)

// defaultResources are served unless --runtime-config says otherwise: what every generic control
// plane has, and Services with what belongs to them. Of what else there is in a cluster, nothing
// would come of what is stored.
func defaultResources() *serverstorage.ResourceConfig {
	resources := controlplane.DefaultGenericAPIResourceConfigSource()
	resources.EnableVersions(discoveryv1.SchemeGroupVersion)
	resources.EnableResources(
		networkingv1.SchemeGroupVersion.WithResource("ipaddresses"),
		networkingv1.SchemeGroupVersion.WithResource("servicecidrs"),
	)
	return resources
}

// withServices adds what serves them to the providers of a generic control plane.
func (c CompletedConfig) withServices(generic []controlplaneapiserver.RESTStorageProvider) []controlplaneapiserver.RESTStorageProvider {
	providers := []controlplaneapiserver.RESTStorageProvider{
		services.Core{GenericConfig: c.controlPlane.NewCoreGenericConfig(), Allocators: c.allocators},
		discoveryrest.StorageProvider{},
		networkingrest.RESTStorageProvider{},
	}
	for _, provider := range generic {
		if provider.GroupName() != providers[0].GroupName() {
			providers = append(providers, provider)
		}
	}
	return providers
}

// priorities are the order of groups, and of versions in a group, in which clients look for a kind.
func priorities() map[schema.GroupVersion]controlplaneapiserver.APIServicePriority {
	priorities := controlplaneapiserver.DefaultGenericAPIServicePriorities()
	// As in kube-apiserver.
	priorities[networkingv1.SchemeGroupVersion] = controlplaneapiserver.APIServicePriority{Group: 17200, Version: 15}
	for i, version := range registry.GroupVersions() {
		// Before those of CustomResourceDefinitions, which have 100.
		priorities[version] = controlplaneapiserver.APIServicePriority{Group: 1000, Version: int32(200 - i)}
	}
	return priorities
}
