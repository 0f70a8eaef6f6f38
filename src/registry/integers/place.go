package integers

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"
)

// shape returns the type that says what a value is in JSON: an integer, a struct, a slice, a map
// and so on. It returns nil for types that decode themselves, which have no integers for us.
func shape(t reflect.Type) reflect.Type {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil:
		return nil
	case t == reflect.TypeFor[intstr.IntOrString]():
		return reflect.TypeFor[int32]()
	case reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		return nil
	}
	return t
}

// property returns the type of a field of a shape, by the name that the field has in JSON, or nil.
func property(t reflect.Type, name string) reflect.Type {
	if t.Kind() == reflect.Map {
		return t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		field := t.Field(i)
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == name {
			return field.Type
		}
		if tag == "" && field.Anonymous && field.Type.Kind() == reflect.Struct {
			if found := property(field.Type, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// item returns the type of the items of a shape, or nil.
func item(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Slice {
		return t.Elem()
	}
	return nil
}

func isInteger(t reflect.Type) bool { return reflect.Zero(t).CanInt() }

// maxFloat is the greatest float that a schema takes for an integer. Beyond it floats stand for
// several integers.
const maxFloat = 1<<53 - 1

// integer returns a float as an integer of a type, if it is one.
func integer(number float64, t reflect.Type) (int64, bool) {
	if number != math.Trunc(number) || math.Abs(number) > maxFloat || t.OverflowInt(int64(number)) {
		return 0, false
	}
	return int64(number), true
}
