package fieldselector

import (
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// hasText reports whether all words are somewhere in an object: in its name, or in a text of its
// spec or status, at whatever depth.
func hasText(obj runtime.Object, wanted []string) bool {
	object := reflect.ValueOf(obj).Elem()
	s := newSearch(wanted)
	if s.in(object.FieldByName("Name").String()) {
		return true
	}
	for _, part := range []string{"Spec", "Status"} {
		if field := object.FieldByName(part); field.IsValid() && s.inValue(field) {
			return true
		}
	}
	return false
}

// inValue looks into all texts within a value, until all words were found.
func (s *search) inValue(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return s.in(v.String())
	case reflect.Pointer:
		return !v.IsNil() && s.inValue(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if s.inValue(v.Index(i)) {
				return true
			}
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if s.inValue(entries.Value()) {
				return true
			}
		}
	case reflect.Struct:
		if free, ok := v.Interface().(v1alpha1.JSON); ok {
			return s.inAny(free.ToUnstructured())
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && s.inValue(v.Field(i)) {
				return true
			}
		}
	}
	return false
}

// inAny looks into the strings of free JSON, of which keys are none.
func (s *search) inAny(value any) bool {
	switch value := value.(type) {
	case string:
		return s.in(value)
	case []any:
		for _, item := range value {
			if s.inAny(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range value {
			if s.inAny(item) {
				return true
			}
		}
	}
	return false
}
