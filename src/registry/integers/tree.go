package integers

import (
	"maps"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// visit calls a function for all numbers in the places of integers within a value of a type that
// was decoded into maps, slices, int64 and float64. What the function returns takes the number's
// place.
func visit(value any, t reflect.Type, path *field.Path, number func(value any, t reflect.Type, path *field.Path) any) any {
	t = shape(t)
	if t == nil {
		return value
	}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = visit(v[name], property(t, name), path.Child(name), number)
		}
	case []any:
		for i := range v {
			v[i] = visit(v[i], item(t), path.Index(i), number)
		}
	case int64, float64:
		if isInteger(t) {
			return number(v, t, path)
		}
	}
	return value
}
