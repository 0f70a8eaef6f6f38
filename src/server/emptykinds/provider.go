package emptykinds

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	serverstorage "k8s.io/apiserver/pkg/server/storage"

	"k8s.io/kubernetes/pkg/api/legacyscheme"
	controlplaneapiserver "k8s.io/kubernetes/pkg/controlplane/apiserver"
)

// AddTo adds Resources to what providers serve, in the groups that they have and in others.
func AddTo(providers []controlplaneapiserver.RESTStorageProvider) []controlplaneapiserver.RESTStorageProvider {
	var added []controlplaneapiserver.RESTStorageProvider
	groups := make(map[string]bool)
	for _, k := range kinds {
		groups[k.version.Group] = true
	}
	for _, inner := range providers {
		group := inner.GroupName()
		if !groups[group] {
			added = append(added, inner)
			continue
		}
		delete(groups, group)
		if hook, ok := inner.(genericapiserver.PostStartHookProvider); ok {
			added = append(added, hooked{provider{inner, group}, hook})
		} else {
			added = append(added, provider{inner, group})
		}
	}
	for _, k := range kinds {
		if groups[k.version.Group] {
			delete(groups, k.version.Group)
			added = append(added, provider{nil, k.version.Group})
		}
	}
	return added
}

// provider adds the empty kinds of a group to what inner, if there is one, serves of it.
type provider struct {
	inner controlplaneapiserver.RESTStorageProvider
	group string
}

type hooked struct {
	provider
	genericapiserver.PostStartHookProvider
}

func (p provider) GroupName() string { return p.group }

func (p provider) NewRESTStorage(enabled serverstorage.APIResourceConfigSource, options generic.RESTOptionsGetter) (genericapiserver.APIGroupInfo, error) {
	info := genericapiserver.NewDefaultAPIGroupInfo(p.group, legacyscheme.Scheme, legacyscheme.ParameterCodec, legacyscheme.Codecs)
	if p.inner != nil {
		var err error
		if info, err = p.inner.NewRESTStorage(others{enabled}, options); err != nil {
			return info, err
		}
	}
	for _, k := range kinds {
		if k.version.Group != p.group || !enabled.ResourceEnabled(k.version.WithResource(k.resource)) {
			continue
		}
		version := info.VersionedResourcesStorageMap[k.version.Version]
		if version == nil {
			version = make(map[string]rest.Storage)
			info.VersionedResourcesStorageMap[k.version.Version] = version
		}
		version[k.resource] = newREST(k)
	}
	return info, nil
}

// others are the enabled resources that are not empty kinds.
type others struct {
	serverstorage.APIResourceConfigSource
}

func (o others) ResourceEnabled(resource schema.GroupVersionResource) bool {
	return !slices.Contains(Resources(), resource) && o.APIResourceConfigSource.ResourceEnabled(resource)
}
