package registry

import (
	"maps"
	"reflect"
	"strings"

	apivalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry/integers"
)

// open erases the types of a kind whose spec and status are pointers to open parts. The parts are
// validated against their schemas, as custom resources are.
func open[T, L any](k kind[T, L]) resource {
	spec, status := newOpenField[T]("Spec"), newOpenField[T]("Status")
	if _, ok := status.schema.Properties["phase"]; ok {
		k.selectable = func(obj *T) fields.Set {
			content, _ := status.content(obj).(map[string]any)
			phase, _ := content["phase"].(string)
			return fields.Set{"status.phase": phase}
		}
	}
	k.setDefaults = func(obj *T) { spec.makePlain(obj) }
	k.setStatusDefaults = func(obj *T) { status.makePlain(obj) }
	k.validate = func(obj *T) field.ErrorList { return spec.validate(obj) }
	k.validateStatus = func(obj *T) field.ErrorList { return status.validate(obj) }
	k.restoreJSON = func(obj, old *T) {
		spec.of(obj).RestorePatched(spec.of(old))
		status.of(obj).RestorePatched(status.of(old))
	}
	return row(k)
}

// openField is a top-level field of a kind that holds an open part.
type openField struct {
	name      string
	path      *field.Path
	schema    spec.Schema
	integers  integers.Schema
	validator apivalidation.SchemaValidator
}

func newOpenField[T any](name string) *openField {
	pointer := part(any(new(T)).(runtime.Object), name).Type()
	schema := reflect.New(pointer.Elem()).Interface().(v1alpha1.OpenPart).OpenAPIDefinition().Schema
	return &openField{
		name:      name,
		path:      field.NewPath(strings.ToLower(name)),
		schema:    schema,
		integers:  integers.NewSchema(&schema),
		validator: apivalidation.NewSchemaValidatorFromOpenAPI(&schema),
	}
}

// of returns the part of an object, which is nil if the object has none.
func (f *openField) of(obj any) *v1alpha1.JSONObject {
	value := part(obj.(runtime.Object), f.name)
	if value.IsNil() {
		return nil
	}
	return value.Interface().(v1alpha1.OpenPart).Free()
}

// makePlain rewrites integers that are written as floats, which clients with a Go type for the part
// can't read.
func (f *openField) makePlain(obj any) {
	if object := f.of(obj); object != nil {
		object.Raw = string(f.integers.Plain([]byte(object.Raw)))
	}
}

// content is what the part holds: an empty object if there is none.
func (f *openField) content(obj any) any {
	if object := f.of(obj); object != nil {
		return object.ToUnstructured()
	}
	return map[string]any{}
}

// validate checks the part against its schema. That it is an object is left to the declarative
// validation.
func (f *openField) validate(obj any) field.ErrorList {
	content, ok := f.content(obj).(map[string]any)
	if !ok {
		return nil
	}
	return apivalidation.ValidateCustomResource(f.path, withoutNulls(content), f.validator)
}

// withoutNulls takes a null for no value, as custom resources do.
func withoutNulls(value any) any {
	switch v := value.(type) {
	case map[string]any:
		maps.DeleteFunc(v, func(_ string, value any) bool { return withoutNulls(value) == nil })
	case []any:
		for i := range v {
			v[i] = withoutNulls(v[i])
		}
	}
	return value
}
