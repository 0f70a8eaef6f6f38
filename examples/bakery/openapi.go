package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	metaopenapi "k8s.io/kube-aggregator/pkg/generated/openapi"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

func (Loaf) OpenAPIModelName() string     { return "com.example.bakery.v1.Loaf" }
func (LoafList) OpenAPIModelName() string { return "com.example.bakery.v1.LoafList" }

// definitions are what openapi-gen would generate; those of Kubernetes' own types are taken from
// where they are generated.
func definitions(ref common.ReferenceCallback) map[string]common.OpenAPIDefinition {
	all := metaopenapi.GetOpenAPIDefinitions(ref)
	object := func(metadata string, properties map[string]spec.Schema, dependencies ...string) common.OpenAPIDefinition {
		properties["apiVersion"], properties["kind"] = *spec.StringProperty(), *spec.StringProperty()
		properties["metadata"] = spec.Schema{SchemaProps: spec.SchemaProps{Ref: ref(metadata)}}
		return common.OpenAPIDefinition{
			Schema:       spec.Schema{SchemaProps: spec.SchemaProps{Type: []string{"object"}, Properties: properties}},
			Dependencies: append(dependencies, metadata),
		}
	}
	loaf := spec.Schema{SchemaProps: spec.SchemaProps{Ref: ref(Loaf{}.OpenAPIModelName())}}
	all[Loaf{}.OpenAPIModelName()] = object(metav1.ObjectMeta{}.OpenAPIModelName(), map[string]spec.Schema{"flour": *spec.StringProperty()})
	all[LoafList{}.OpenAPIModelName()] = object(metav1.ListMeta{}.OpenAPIModelName(),
		map[string]spec.Schema{"items": *spec.ArrayProperty(&loaf)}, Loaf{}.OpenAPIModelName())
	return all
}

func describe(config *genericapiserver.Config) {
	namer := openapi.NewDefinitionNamer(scheme)
	config.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(definitions, namer)
	config.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(definitions, namer)
}
