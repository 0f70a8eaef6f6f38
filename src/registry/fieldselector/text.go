package fieldselector

import (
	"reflect"

	"k8s.io/apimachinery/pkg/runtime"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// hasText reports whether all words are somewhere in an object.
func hasText(obj runtime.Object, wanted []string) bool {
	s := newSearch(wanted)
	return !eachText(obj, func(text string) bool { return !s.in(text) })
}

// eachText visits what is text in an object until visit returns false, and reports whether it never
// did: its name, and the texts of its spec and status, at whatever depth.
func eachText(obj runtime.Object, visit func(text string) bool) bool {
	object := reflect.ValueOf(obj).Elem()
	if !visit(object.FieldByName("Name").String()) {
		return false
	}
	for _, part := range []string{"Spec", "Status"} {
		if field := object.FieldByName(part); field.IsValid() && !eachTextOf(field, visit) {
			return false
		}
	}
	return true
}

func eachTextOf(v reflect.Value, visit func(text string) bool) bool {
	switch v.Kind() {
	case reflect.String:
		return visit(v.String())
	case reflect.Pointer:
		return v.IsNil() || eachTextOf(v.Elem(), visit)
	case reflect.Slice:
		for i := range v.Len() {
			if !eachTextOf(v.Index(i), visit) {
				return false
			}
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			if !eachTextOf(entries.Value(), visit) {
				return false
			}
		}
	case reflect.Struct:
		if free, ok := v.Interface().(v1alpha1.JSON); ok {
			return eachTextOfAny(free.ToUnstructured(), visit)
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && !eachTextOf(v.Field(i), visit) {
				return false
			}
		}
	}
	return true
}

// eachTextOfAny visits the strings of free JSON, of which keys are none.
func eachTextOfAny(value any, visit func(text string) bool) bool {
	switch value := value.(type) {
	case string:
		return visit(value)
	case []any:
		for _, item := range value {
			if !eachTextOfAny(item, visit) {
				return false
			}
		}
	case map[string]any:
		for _, item := range value {
			if !eachTextOfAny(item, visit) {
				return false
			}
		}
	}
	return true
}
