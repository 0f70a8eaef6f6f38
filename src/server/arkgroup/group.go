package arkgroup

import (
	"fmt"
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/registry/generic"
	genericapiserver "k8s.io/apiserver/pkg/server"
	genericoptions "k8s.io/apiserver/pkg/server/options"
	openapicommon "k8s.io/kube-openapi/pkg/common"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/openapi"
	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/registry/integers"
	"ark.ai/apiserver/src/storage"
)

// Group is the API group ark.ai, ready to be installed into a server.
type Group struct {
	scheme *runtime.Scheme
	codecs serializer.CodecFactory
	// documented has the types as clients know them: OpenAPI does not show the internal version.
	documented *runtime.Scheme
}

// New returns the group.
func New() (*Group, error) {
	scheme, err := registry.NewScheme()
	if err != nil {
		return nil, err
	}
	documented := runtime.NewScheme()
	if err := registry.AddVersionsToScheme(documented); err != nil {
		return nil, err
	}
	return &Group{scheme: scheme, codecs: serializer.NewCodecFactory(scheme), documented: documented}, nil
}

// Codecs encode and decode the group.
func (g *Group) Codecs() serializer.CodecFactory {
	return g.codecs
}

// OpenAPIScheme has the types that OpenAPI shows.
func (g *Group) OpenAPIScheme() *runtime.Scheme {
	return g.documented
}

// OpenAPIDefinitions adds the group's definitions to those of other groups.
func (g *Group) OpenAPIDefinitions(others openapicommon.GetOpenAPIDefinitions) openapicommon.GetOpenAPIDefinitions {
	return func(ref openapicommon.ReferenceCallback) map[string]openapicommon.OpenAPIDefinition {
		definitions := others(ref)
		maps.Copy(definitions, openapi.GetOpenAPIDefinitions(ref))
		return definitions
	}
}

// RESTOptionsGetter says how the group is encoded, encrypted and cached, according to the options
// and the server that they were applied to. The database is the caller's to choose.
func (g *Group) RESTOptionsGetter(options genericoptions.EtcdOptions, config *genericapiserver.Config) generic.RESTOptionsGetter {
	stored := options.StorageConfig
	// A kind is stored in the first of the versions that has its Go type.
	stored.Codec = storageCodec(g.scheme, g.codecs, registry.GroupVersions()...)
	stored.EncodeVersioner = schema.GroupVersions(registry.GroupVersions())
	stored.StorageObjectCountTracker = config.StorageObjectCountTracker
	return options.CreateRESTOptionsGetter(&genericoptions.SimpleStorageFactory{StorageConfig: stored}, config.ResourceTransformers)
}

// Describe tells what an index keeps of a resource of the group.
func (g *Group) Describe(resource schema.GroupResource) storage.Describer {
	if selectors, known := registry.Selectors(resource); known {
		return selectors
	}
	return nil
}

// Install serves the group.
func (g *Group) Install(server *genericapiserver.GenericAPIServer, options generic.RESTOptionsGetter) error {
	info, err := registry.APIGroupInfo(g.scheme, g.codecs, runtime.NewParameterCodec(g.scheme), options)
	if err != nil {
		return fmt.Errorf("storage of group %s: %w", v1alpha1.GroupName, err)
	}
	if err := server.InstallAPIGroup(&info); err != nil {
		return err
	}
	for _, service := range server.Handler.GoRestfulContainer.RegisteredWebServices() {
		if strings.HasPrefix(service.RootPath(), genericapiserver.APIGroupPrefix+"/"+v1alpha1.GroupName+"/") {
			integers.CheckPatches(service, g.scheme)
		}
	}
	return nil
}
