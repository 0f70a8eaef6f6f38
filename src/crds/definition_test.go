package crds

import (
	"encoding/json"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"

	"ark.ai/apiserver/src/registry"
)

// maxSize is what etcd and kube-apiserver take, with room for managedFields.
const maxSize = 1 << 20

// What the API server checks when a definition is created. That it serves them is left to the suite
// "oracle".
func TestDefinitionsAreValid(t *testing.T) {
	definitions, err := Definitions("oracle.ark.example")
	if err != nil {
		t.Fatal(err)
	}
	if kinds := registry.Describe(); len(definitions) != len(kinds) {
		t.Errorf("there are %d definitions, want %d", len(definitions), len(kinds))
	}
	for _, definition := range definitions {
		t.Run(definition.Spec.Names.Kind, func(t *testing.T) {
			apiextensionsv1.SetDefaults_CustomResourceDefinition(definition)
			apiextensionsv1.SetDefaults_CustomResourceDefinitionSpec(&definition.Spec)
			definition.Status.StoredVersions = []string{definition.Spec.Versions[0].Name}
			internal := &apiextensions.CustomResourceDefinition{}
			if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(definition, internal, nil); err != nil {
				t.Fatal(err)
			}
			for _, err := range validation.ValidateCustomResourceDefinition(t.Context(), internal) {
				t.Error(err)
			}
			text, err := json.Marshal(definition)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) > maxSize {
				t.Errorf("it has %d bytes, more than %d", len(text), maxSize)
			}
		})
	}
}
