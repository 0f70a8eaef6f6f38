package v1alpha1

import (
	"slices"

	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// fitting returns the object in the form that server-side apply works on, which goes by the
// published definition and takes nothing else. It notes who wrote what before an object is
// validated; so what is of another type than its schema says is nil here, and refused later, when
// the JSON itself is validated. Every type that embeds a JSONObject and has a definition of its own
// has a method ToUnstructured that returns this.
func (o JSONObject) fitting(definition common.OpenAPIDefinition) interface{} {
	return fit(o.JSON.ToUnstructured(), &definition.Schema)
}

func fit(value interface{}, schema *spec.Schema) interface{} {
	var types []string
	switch v := value.(type) {
	case map[string]interface{}:
		types = []string{"object"}
		for name, property := range schema.Properties {
			if child, ok := v[name]; ok {
				v[name] = fit(child, &property)
			}
		}
	case []interface{}:
		types = []string{"array"}
		for i := range v {
			if schema.Items != nil {
				v[i] = fit(v[i], schema.Items.Schema)
			}
		}
	case string:
		types = []string{"string"}
	case bool:
		types = []string{"boolean"}
	case int64, float64:
		types = []string{"integer", "number"}
	}
	if len(schema.Type) > 0 && !slices.Contains(types, schema.Type[0]) {
		return nil
	}
	return value
}
