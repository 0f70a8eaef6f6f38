package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/util"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/src/generated/openapi"
)

// Structural returns the schema of a kind in the form of CustomResourceDefinitions: structural,
// without references, and without what Kubernetes says of its own types.
func Structural(object runtime.Object) (*apiextensionsv1.JSONSchemaProps, error) {
	return structural(object, false)
}

// structural keeps all descriptions, or those of our own types.
func structural(object runtime.Object, describeAll bool) (*apiextensionsv1.JSONSchemaProps, error) {
	c := &converter{definitions: openapi.GetOpenAPIDefinitions(spec.MustCreateRef), describeAll: describeAll}
	root, err := c.reference(util.GetCanonicalTypeName(object), reflect.TypeOf(object))
	if err != nil {
		return nil, err
	}
	for name, part := range root.Properties {
		// Go types have an empty spec and status. A default of {} would come too late for a status:
		// it is dropped on creation, and the first update would find that it has one.
		part.Default = nil
		root.Properties[name] = part
	}
	// A spec of a kind that keeps unknown fields is a pointer, and validated if there is none.
	if len(root.Properties["spec"].Required) > 0 && !slices.Contains(root.Required, "spec") {
		root.Required = append(root.Required, "spec")
	}
	return &root, nil
}

// maxRepetitions is how often a type may contain itself. Schemas of custom resources are finite:
// what is deeper is not checked.
const maxRepetitions = 2

// converter turns OpenAPI definitions, which refer to each other, into trees. It follows the Go
// types along with them, which tell what is ours.
type converter struct {
	definitions map[string]common.OpenAPIDefinition
	// describeAll keeps the descriptions of Kubernetes' types: those of a pod are longer than all
	// of ours together.
	describeAll bool
	// path are the references that led here.
	path []string
}

// reference returns the schema of a definition.
func (c *converter) reference(name string, t reflect.Type) (apiextensionsv1.JSONSchemaProps, error) {
	definition, ok := c.definitions[name]
	if !ok {
		return apiextensionsv1.JSONSchemaProps{}, fmt.Errorf("OpenAPI has no definition of %s", name)
	}
	repetitions := 0
	for _, ancestor := range c.path {
		if ancestor == name {
			repetitions++
		}
	}
	if repetitions == maxRepetitions {
		return apiextensionsv1.JSONSchemaProps{Type: "object", XPreserveUnknownFields: ptr.To(true)}, nil
	}
	c.path = append(c.path, name)
	defer func() { c.path = c.path[:len(c.path)-1] }()
	return c.schema(&definition.Schema, t)
}

// schema returns the schema of values of a Go type.
func (c *converter) schema(s *spec.Schema, t reflect.Type) (apiextensionsv1.JSONSchemaProps, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	result, err := c.structure(s, t)
	if err != nil {
		return result, err
	}
	result.Description = ""
	if c.describes(t) {
		result.Description = s.Description
	}
	result.Minimum, result.Maximum = s.Minimum, s.Maximum
	result.MinLength, result.MaxLength, result.Pattern = s.MinLength, s.MaxLength, s.Pattern
	result.MinItems, result.MaxItems = s.MinItems, s.MaxItems
	for _, value := range s.Enum {
		text, err := json.Marshal(value)
		if err != nil {
			return result, err
		}
		result.Enum = append(result.Enum, apiextensionsv1.JSON{Raw: text})
	}
	return result, nil
}

// structure returns what a schema says of properties, items and formats.
func (c *converter) structure(s *spec.Schema, t reflect.Type) (apiextensionsv1.JSONSchemaProps, error) {
	if name := s.Ref.String(); name != "" {
		return c.reference(name, t)
	}
	if keepsUnknown, _ := s.Extensions.GetBool("x-kubernetes-preserve-unknown-fields"); keepsUnknown && len(s.Properties) > 0 {
		// The type is free JSON, and its schema is written as it is meant.
		return asWritten(s)
	}
	result := apiextensionsv1.JSONSchemaProps{Format: s.Format}
	if len(s.OneOf) > 0 { // resource.Quantity and intstr.IntOrString
		result.Format = ""
		result.XIntOrString = true
		return result, nil
	}
	if len(s.Type) > 0 {
		result.Type = s.Type[0]
	}
	// Extensions have the same names in both, but for those of other servers.
	extensions, err := json.Marshal(s.Extensions)
	if err != nil {
		return result, err
	}
	if err := json.Unmarshal(extensions, &result); err != nil {
		return result, err
	}
	switch {
	case s.Items != nil:
		items, err := c.schema(s.Items.Schema, t.Elem())
		if err != nil {
			return result, err
		}
		result.Items = &apiextensionsv1.JSONSchemaPropsOrArray{Schema: &items}
	case s.AdditionalProperties != nil:
		values, err := c.schema(s.AdditionalProperties.Schema, t.Elem())
		if err != nil {
			return result, err
		}
		result.AdditionalProperties = &apiextensionsv1.JSONSchemaPropsOrBool{Allows: true, Schema: &values}
	case len(s.Properties) > 0:
		return result, c.properties(&result, s, t)
	case t.Name() == "FieldsV1":
		result.XPreserveUnknownFields = ptr.To(true)
	}
	return result, nil
}

// asWritten is a schema without references in the other form.
func asWritten(s *spec.Schema) (result apiextensionsv1.JSONSchemaProps, err error) {
	text, err := json.Marshal(s)
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal(text, &result)
}

// properties adds the properties of a struct.
func (c *converter) properties(result *apiextensionsv1.JSONSchemaProps, s *spec.Schema, t reflect.Type) error {
	result.Required = slices.Clone(s.Required)
	result.Properties = make(map[string]apiextensionsv1.JSONSchemaProps, len(s.Properties))
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		field, ok := fieldOf(t, name)
		if !ok {
			return fmt.Errorf("%s has no field %s", t, name)
		}
		converted, err := c.schema(&property, field)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if c.describes(t) {
			converted.Description = property.Description
		}
		// In types of Kubernetes the default of a required field is Go's zero value. That of a
		// struct may be invalid.
		if property.Default != nil && !slices.Contains(s.Required, name) && len(converted.Required) == 0 {
			text, err := json.Marshal(property.Default)
			if err != nil {
				return err
			}
			converted.Default = &apiextensionsv1.JSON{Raw: text}
		}
		if keywords, ok := kubernetes[t.Name()+"."+name]; ok {
			if err := json.Unmarshal(keywords, &converted); err != nil {
				return err
			}
		}
		result.Properties[name] = converted
		// A struct that is not written is there all the same, and lacks what it requires.
		if isArk(t) && field.Kind() == reflect.Struct && len(converted.Required) > 0 && !slices.Contains(result.Required, name) {
			result.Required = append(result.Required, name)
		}
	}
	return nil
}

// fieldOf returns the type of the field with a name in JSON, which may be that of an embedded
// struct.
func fieldOf(t reflect.Type, name string) (reflect.Type, bool) {
	for _, field := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return field.Type, true
		}
	}
	return nil, false
}

// describes reports whether what is said of a type, or of its fields, is kept.
func (c *converter) describes(t reflect.Type) bool {
	return c.describeAll || isArk(t)
}

// isArk tells our types from those of Kubernetes.
func isArk(t reflect.Type) bool { return strings.Contains(t.PkgPath(), "/apis/ark/") }
