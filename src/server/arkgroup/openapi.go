package arkgroup

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// Document has a server describe the group, and no other, in OpenAPI.
func (g *Group) Document(config *genericapiserver.Config) {
	definitions := g.OpenAPIDefinitions(func(common.ReferenceCallback) map[string]common.OpenAPIDefinition {
		return map[string]common.OpenAPIDefinition{}
	})
	names := openapi.NewDefinitionNamer(g.OpenAPIScheme())
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(definitions, names)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, names)
}

// DescribeLikeCustomResources has kubectl do with the group what it does with custom resources.
//
// That strategic merge patches are served is not documented: for a map with patch strategy
// "replace" kubectl apply would send the map each time, changed or not, and call the object
// "configured". Like this it sends JSON merge patches.
//
// Version 2 does not say what fields there are where unknown ones are kept: kubectl, which checks
// objects by itself until version 3 is published, would refuse these.
func DescribeLikeCustomResources(config *genericapiserver.Config) {
	group := "/apis/" + v1alpha1.GroupName + "/"
	config.OpenAPIConfig.PostProcessSpec = func(document *spec.Swagger) (*spec.Swagger, error) {
		for path, item := range document.Paths.Paths {
			if strings.HasPrefix(path, group) && item.Patch != nil {
				item.Patch.Consumes = slices.DeleteFunc(slices.Clone(item.Patch.Consumes), func(t string) bool { return t == string(types.StrategicMergePatchType) })
			}
		}
		for name, definition := range document.Definitions {
			if strings.HasPrefix(name, "ai.ark.") {
				document.Definitions[name] = withoutOpenFields(definition)
			}
		}
		return document, nil
	}
	config.OpenAPIV3Config.PostProcessSpec = func(document *spec3.OpenAPI) (*spec3.OpenAPI, error) {
		for path, item := range document.Paths.Paths {
			if strings.HasPrefix(path, group) && item.Patch != nil && item.Patch.RequestBody != nil {
				delete(item.Patch.RequestBody.Content, string(types.StrategicMergePatchType))
			}
		}
		return document, nil
	}
}

// withoutOpenFields is a schema, and those of its fields, without what kubectl would check where
// unknown fields are kept, as upstream's ToStructuralOpenAPIV2 has it.
func withoutOpenFields(schema spec.Schema) spec.Schema {
	if open, _ := schema.Extensions.GetBool("x-kubernetes-preserve-unknown-fields"); open {
		schema.Type, schema.Properties, schema.Items = nil, nil, nil
		return schema
	}
	schema.Properties = maps.Clone(schema.Properties)
	for name, property := range schema.Properties {
		schema.Properties[name] = withoutOpenFields(property)
	}
	return schema
}
