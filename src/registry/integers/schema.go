package integers

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"k8s.io/kube-openapi/pkg/validation/spec"
)

// Schema knows the integers of free JSON that has a schema. No Go type refuses the other forms
// there, but clients may have one.
type Schema struct {
	t reflect.Type
}

// NewSchema returns what a schema says of integers.
func NewSchema(s *spec.Schema) Schema { return Schema{t: typeOf(s)} }

// Plain returns a JSON text in which integers that were written as floats are plain.
func (s Schema) Plain(text []byte) []byte {
	if shape(s.t) == nil {
		return text
	}
	if plain := plainJSON(text, s.t); plain != nil {
		return plain
	}
	return text
}

// typeOf returns a Go type with the integers of a schema, and nothing else.
func typeOf(s *spec.Schema) reflect.Type {
	if s.Type.Contains("integer") {
		if s.Format == "int32" {
			return reflect.TypeFor[int32]()
		}
		return reflect.TypeFor[int64]()
	}
	if s.Items != nil && s.Items.Schema != nil {
		if item := typeOf(s.Items.Schema); shape(item) != nil {
			return reflect.SliceOf(item)
		}
	}
	var fields []reflect.StructField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		if t := typeOf(&property); shape(t) != nil {
			fields = append(fields, reflect.StructField{
				Name: fmt.Sprintf("Field%d", len(fields)),
				Type: t,
				Tag:  reflect.StructTag(fmt.Sprintf("json:%q", name)),
			})
		}
	}
	if fields == nil {
		return reflect.TypeFor[json.RawMessage]()
	}
	return reflect.StructOf(fields)
}
