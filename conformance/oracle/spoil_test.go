package oracle_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// spoilt is an object with one field that was changed.
type spoilt struct {
	// what says what was changed: "spec.model.value: null".
	what   string
	object json.RawMessage
}

// removed stands for a field that is taken away.
type removed struct{}

// unspoilt are parts that are not looked into: free JSON, which may be anything, and a pod, whose
// schema is that of Kubernetes.
var unspoilt = map[string]bool{
	"spec.inputSchema": true, "spec.outputSchema": true, "spec.source": true, "spec.input": true, "spec.pod.template": true,
}

// spoil returns the variants of an object in which one field within a part is wrong, or just
// different.
func spoil(object map[string]any, part string) []spoilt {
	var variants []spoilt
	each(part, object[part], func(value any) { object[part] = value }, func(path string, value any, set func(any)) {
		for _, replacement := range replacements(value) {
			set(replacement.value)
			text, err := json.Marshal(without(object))
			if err != nil {
				panic(err)
			}
			variants = append(variants, spoilt{what: path + ": " + replacement.name, object: text})
		}
		set(value)
	})
	return variants
}

// each visits a value and all values within, the first item of each list.
func each(path string, value any, set func(any), visit func(path string, value any, set func(any))) {
	visit(path, value, set)
	if unspoilt[path] {
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			each(path+"."+key, v[key], func(value any) { v[key] = value }, visit)
		}
	case []any:
		if len(v) > 0 {
			each(path+"[0]", v[0], func(value any) { v[0] = value }, visit)
		}
	}
}

// replacement is a value to try in the place of another.
type replacement struct {
	name  string
	value any
}

func replacements(value any) []replacement {
	all := []replacement{{"removed", removed{}}, {"null", nil}}
	switch v := value.(type) {
	case string:
		all = append(all, replacement{"empty", ""}, replacement{"a number", 7}, replacement{"an object", map[string]any{}},
			replacement{"another text", "No such value!"})
	case json.Number, float64, int64:
		all = append(all, replacement{"zero", 0}, replacement{"negative", -1}, replacement{"huge", 1 << 40}, replacement{"a fraction", 0.5},
			replacement{"a text", "7"})
	case bool:
		all = append(all, replacement{"the opposite", !v}, replacement{"a text", "true"}, replacement{"a number", 1})
	case map[string]any:
		more := maps.Clone(v)
		more["noSuchField"] = 1
		all = append(all, replacement{"empty", map[string]any{}}, replacement{"a text", "text"}, replacement{"a list", []any{}},
			replacement{"with an unknown field", more})
	case []any:
		all = append(all, replacement{"empty", []any{}}, replacement{"a text", "text"}, replacement{"an object", map[string]any{}},
			replacement{"twice as long", append(slices.Clone(v), v...)}, replacement{"with null", []any{nil}})
	default:
		panic(fmt.Sprintf("%T is no JSON", value))
	}
	return all
}

// without copies a value without what is removed.
func without(value any) any {
	switch v := value.(type) {
	case map[string]any:
		result := map[string]any{}
		for key, child := range v {
			if child != any(removed{}) {
				result[key] = without(child)
			}
		}
		return result
	case []any:
		result := []any{}
		for _, child := range v {
			if child != any(removed{}) {
				result = append(result, without(child))
			}
		}
		return result
	}
	return value
}
