package crds

import (
	"fmt"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry"
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
	schema, err := schemaOf(kind.New())
	if err != nil {
		return nil, err
	}
	if err := constrain(schema, kind.Kind); err != nil {
		return nil, err
	}
	var selectable []apiextensionsv1.SelectableField
	for _, path := range kind.Selectable {
		selectable = append(selectable, apiextensionsv1.SelectableField{JSONPath: "." + path})
	}
	return &apiextensionsv1.CustomResourceDefinition{
		TypeMeta:   metav1.TypeMeta{APIVersion: apiextensionsv1.SchemeGroupVersion.String(), Kind: "CustomResourceDefinition"},
		ObjectMeta: metav1.ObjectMeta{Name: kind.Plural + "." + group},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: group,
			Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{
				Plural:     kind.Plural,
				Singular:   kind.Singular,
				Kind:       kind.Kind,
				ListKind:   kind.Kind + "List",
				Categories: kind.Categories,
			},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name:                     v1alpha1.SchemeGroupVersion.Version,
				Served:                   true,
				Storage:                  true,
				Schema:                   &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: schema},
				Subresources:             &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
				AdditionalPrinterColumns: kind.Columns,
				SelectableFields:         selectable,
			}},
		},
	}, nil
}
