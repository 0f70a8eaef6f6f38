package standalone

import (
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	serverstorage "k8s.io/apiserver/pkg/server/storage"

	"k8s.io/kubernetes/pkg/controlplane"
	controlplaneapiserver "k8s.io/kubernetes/pkg/controlplane/apiserver"
	discoveryrest "k8s.io/kubernetes/pkg/registry/discovery/rest"
	networkingrest "k8s.io/kubernetes/pkg/registry/networking/rest"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/server/emptykinds"
	"ark.ai/apiserver/src/server/services"
)

// defaultResources are served unless --runtime-config says otherwise: what every generic control
// plane has, and Services with what belongs to them. What else there is in a cluster is read, but
// empty: nothing would come of what is stored.
func defaultResources() *serverstorage.ResourceConfig {
	resources := controlplane.DefaultGenericAPIResourceConfigSource()
	resources.EnableVersions(discoveryv1.SchemeGroupVersion)
	resources.EnableResources(
		networkingv1.SchemeGroupVersion.WithResource("ipaddresses"),
		networkingv1.SchemeGroupVersion.WithResource("servicecidrs"),
	)
	resources.EnableResources(emptykinds.Resources()...)
	return resources
}

// providers adds what serves Services, and the kinds that are empty, to those of a generic control
// plane.
func (c CompletedConfig) providers(generic []controlplaneapiserver.RESTStorageProvider) []controlplaneapiserver.RESTStorageProvider {
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
	return emptykinds.AddTo(providers)
}

// priorities are the order of groups, and of versions in a group, in which clients look for a kind.
func priorities() map[schema.GroupVersion]controlplaneapiserver.APIServicePriority {
	priorities := controlplaneapiserver.DefaultGenericAPIServicePriorities()
	// As in kube-apiserver.
	for version, group := range map[schema.GroupVersion]int32{
		appsv1.SchemeGroupVersion: 17800, autoscalingv2.SchemeGroupVersion: 17500, batchv1.SchemeGroupVersion: 17400,
		networkingv1.SchemeGroupVersion: 17200, policyv1.SchemeGroupVersion: 17100, storagev1.SchemeGroupVersion: 16800,
	} {
		priorities[version] = controlplaneapiserver.APIServicePriority{Group: group, Version: 15}
	}
	for i, version := range registry.GroupVersions() {
		// Before those of CustomResourceDefinitions, which have 100.
		priorities[version] = controlplaneapiserver.APIServicePriority{Group: 1000, Version: int32(200 - i)}
	}
	return priorities
}
