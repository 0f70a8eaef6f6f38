package registry

import (
	"encoding/json"
	"reflect"
	"testing"
)

// Package integers knows signed integers only. The kinds have no other numbers, but for types that
// decode themselves.
func TestNumbersAreSignedIntegers(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var look func(path string, of reflect.Type)
	look = func(path string, of reflect.Type) {
		if seen[of] || reflect.PointerTo(of).Implements(reflect.TypeFor[json.Unmarshaler]()) {
			return
		}
		seen[of] = true
		switch of.Kind() {
		case reflect.Pointer, reflect.Map:
			look(path, of.Elem())
		case reflect.Slice:
			if of.Elem().Kind() != reflect.Uint8 { // base64
				look(path, of.Elem())
			}
		case reflect.Struct:
			for i := range of.NumField() {
				look(path+"."+of.Field(i).Name, of.Field(i).Type)
			}
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64:
		default:
			t.Errorf("%s is a %s", path, of)
		}
	}
	for _, kind := range Describe() {
		look(kind.Kind, reflect.TypeOf(kind.New()))
	}
}
