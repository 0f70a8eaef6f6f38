package crds

import (
	"fmt"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/schemas"
)

// Definitions returns a definition of every kind, in the given group.
func Definitions(group string) ([]*apiextensionsv1.CustomResourceDefinition, error) {
	var definitions []*apiextensionsv1.CustomResourceDefinition
	for _, kind := range registry.Describe() {
		definition, err := define(group, kind)
		if err != nil {
			return nil, fmt.Errorf("define %s: %w", kind.Kind, err)
		}
		definitions = append(definitions, definition)
	}
	return definitions, nil
}

func define(group string, kind registry.Description) (*apiextensionsv1.CustomResourceDefinition, error) {
	schema, err := schemas.Structural(kind.New())
	if err != nil {
		return nil, err
	}
	// What metadata is, the server knows itself.
	schema.Properties["metadata"] = apiextensionsv1.JSONSchemaProps{Type: "object"}
	if err := constrain(schema, kind.Kind); err != nil {
		return nil, err
	}
	scope := apiextensionsv1.NamespaceScoped
	if !kind.Namespaced {
		scope = apiextensionsv1.ClusterScoped
	}
	return &apiextensionsv1.CustomResourceDefinition{
		TypeMeta:   metav1.TypeMeta{APIVersion: apiextensionsv1.SchemeGroupVersion.String(), Kind: "CustomResourceDefinition"},
		ObjectMeta: metav1.ObjectMeta{Name: kind.Plural + "." + group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: group,
			Scope: scope,
			Names: apiextensionsv1.CustomResourceDefinitionNames{
				Plural:     kind.Plural,
				Singular:   kind.Singular,
				ShortNames: kind.ShortNames,
				Kind:       kind.Kind,
				ListKind:   kind.Kind + "List",
				Categories: kind.Categories,
			},
			Versions: versionsOf(kind, schema),
		},
	}, nil
}

// versionsOf are the versions of a kind, which have one schema.
func versionsOf(kind registry.Description, schema *apiextensionsv1.JSONSchemaProps) []apiextensionsv1.CustomResourceDefinitionVersion {
	var versions []apiextensionsv1.CustomResourceDefinitionVersion
	for i, version := range kind.Versions {
		var selectable []apiextensionsv1.SelectableField
		for _, path := range version.Selectable {
			selectable = append(selectable, apiextensionsv1.SelectableField{JSONPath: "." + path})
		}
		versions = append(versions, apiextensionsv1.CustomResourceDefinitionVersion{
			Name:                     version.Version,
			Served:                   true,
			Storage:                  i == 0,
			Schema:                   &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: schema},
			Subresources:             &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
			AdditionalPrinterColumns: version.Columns,
			SelectableFields:         selectable,
		})
	}
	return versions
}
