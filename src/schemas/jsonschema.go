package schemas

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
)

// draft is the version of JSON Schema that all editors and validators know.
const draft = "http://json-schema.org/draft-07/schema#"

// jsonSchema is a JSON Schema.
type jsonSchema struct {
	Schema      string `json:"$schema,omitempty"`
	Ref         string `json:"$ref,omitempty"`
	Description string `json:"description,omitempty"`

	Type    types                  `json:"type,omitempty"`
	Format  string                 `json:"format,omitempty"`
	Enum    []apiextensionsv1.JSON `json:"enum,omitempty"`
	Default *apiextensionsv1.JSON  `json:"default,omitempty"`
	// Examples are what editors suggest.
	Examples []string `json:"examples,omitempty"`

	Minimum   json.Number `json:"minimum,omitempty"`
	Maximum   json.Number `json:"maximum,omitempty"`
	MinLength *int64      `json:"minLength,omitempty"`
	MaxLength *int64      `json:"maxLength,omitempty"`
	Pattern   string      `json:"pattern,omitempty"`
	MinItems  *int64      `json:"minItems,omitempty"`
	MaxItems  *int64      `json:"maxItems,omitempty"`

	Items      *jsonSchema            `json:"items,omitempty"`
	Required   []string               `json:"required,omitempty"`
	Properties map[string]*jsonSchema `json:"properties,omitempty"`
	// AdditionalProperties is false or a schema.
	AdditionalProperties any `json:"additionalProperties,omitempty"`

	AnyOf       []*jsonSchema          `json:"anyOf,omitempty"`
	AllOf       []*jsonSchema          `json:"allOf,omitempty"`
	If          *jsonSchema            `json:"if,omitempty"`
	Then        *jsonSchema            `json:"then,omitempty"`
	Definitions map[string]*jsonSchema `json:"definitions,omitempty"`
}

// types are the types that a value may have.
type types []string

// MarshalJSON writes a single type as a text, as most tools expect it.
func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// ofKind returns the JSON Schema of a kind in a version, of which object is an empty one.
func ofKind(gvk schema.GroupVersionKind, object runtime.Object) (*jsonSchema, error) {
	root, err := structural(object, true)
	if err != nil {
		return nil, err
	}
	s := strict(root, false)
	s.Required = append([]string{"apiVersion", "kind", "metadata"}, s.Required...)
	for name, value := range map[string]string{"apiVersion": gvk.GroupVersion().String(), "kind": gvk.Kind} {
		s.Properties[name].Type = types{"string"}
		s.Properties[name].Enum = values(value)
	}
	name(s.Properties["metadata"])
	if gvk.Kind == "Model" {
		migrate(s.Properties["spec"])
	}
	return s, nil
}

// name asks for a name, and says what one is.
func name(metadata *jsonSchema) {
	metadata.Type = types{"object"}
	metadata.AnyOf = []*jsonSchema{{Required: []string{"name"}}, {Required: []string{"generateName"}}}
	length := int64(validation.DNS1123SubdomainMaxLength)
	metadata.Properties["name"].MaxLength = &length
	metadata.Properties["name"].Pattern = `^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`
}

// migrate lets a model name its provider in the type, from where the server moves it.
func migrate(model *jsonSchema) {
	model.Required = slices.DeleteFunc(model.Required, func(name string) bool { return name == "provider" })
	isProvider := func(t apiextensionsv1.JSON) bool {
		return slices.ContainsFunc(model.Properties["provider"].Enum, func(p apiextensionsv1.JSON) bool { return bytes.Equal(p.Raw, t.Raw) })
	}
	var providers []apiextensionsv1.JSON
	for _, t := range model.Properties["type"].Enum {
		if isProvider(t) {
			providers = append(providers, t)
		}
	}
	model.AnyOf = []*jsonSchema{{Required: []string{"provider"}}, with("type", &jsonSchema{Enum: providers})}
}

// with is the schema of an object that has a property.
func with(name string, property *jsonSchema) *jsonSchema {
	return &jsonSchema{Required: []string{name}, Properties: map[string]*jsonSchema{name: property}}
}

// strict returns the JSON Schema that refuses what the decoder of a strict server refuses. It takes
// null for no value, if there need not be one.
func strict(p *apiextensionsv1.JSONSchemaProps, optional bool) *jsonSchema {
	s := &jsonSchema{
		Description: p.Description,
		Format:      p.Format,
		Enum:        slices.Clone(p.Enum),
		Default:     p.Default,
		Minimum:     number(p.Minimum),
		Maximum:     number(p.Maximum),
		MinLength:   p.MinLength,
		MaxLength:   p.MaxLength,
		Pattern:     p.Pattern,
		MinItems:    p.MinItems,
		MaxItems:    p.MaxItems,
		Required:    slices.Clone(p.Required),
	}
	switch {
	case p.XIntOrString:
		s.Type = types{"number", "string"} // resource.Quantity may have a fraction
	case p.Type != "":
		s.Type = types{p.Type}
	case !optional:
		s.Type = types{"object", "array", "string", "number", "boolean"} // anything but null
	}
	if optional && len(s.Type) > 0 {
		s.Type = append(s.Type, "null")
		if len(s.Enum) > 0 {
			s.Enum = append(s.Enum, apiextensionsv1.JSON{Raw: []byte("null")})
		}
	}
	s.fit()
	if p.Items != nil {
		s.Items = strict(p.Items.Schema, false)
	}
	if len(p.Properties) > 0 {
		s.Properties = make(map[string]*jsonSchema, len(p.Properties))
	}
	for _, name := range slices.Sorted(maps.Keys(p.Properties)) {
		property := p.Properties[name]
		s.Properties[name] = strict(&property, !slices.Contains(p.Required, name))
	}
	switch keepsUnknown := p.XPreserveUnknownFields != nil && *p.XPreserveUnknownFields; {
	case p.AdditionalProperties != nil:
		s.AdditionalProperties = strict(p.AdditionalProperties.Schema, true)
	case p.Type == "object" && !keepsUnknown:
		s.AdditionalProperties = false
	}
	return s
}

// fit bounds an integer by the size that it has.
func (s *jsonSchema) fit() {
	least, most := int64(math.MinInt64), int64(math.MaxInt64)
	switch s.Format {
	case "int32":
		least, most = math.MinInt32, math.MaxInt32
	case "int64":
	default:
		return
	}
	if s.Minimum == "" {
		s.Minimum = json.Number(strconv.FormatInt(least, 10))
	}
	if s.Maximum == "" {
		s.Maximum = json.Number(strconv.FormatInt(most, 10))
	}
}

func number(n *float64) json.Number {
	if n == nil {
		return ""
	}
	return json.Number(strconv.FormatFloat(*n, 'f', -1, 64))
}

// values are texts, as an enumeration has them.
func values(texts ...string) []apiextensionsv1.JSON {
	list := make([]apiextensionsv1.JSON, len(texts))
	for i, text := range texts {
		list[i].Raw = []byte(strconv.Quote(text))
	}
	return list
}
