package registry

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/docs/samples"
)

// schemas are models by name, as OpenAPI v3 has them.
type schemas map[string]*spec.Schema

// resolve returns what a schema refers to, and the name of that model, or the schema itself.
func (s schemas) resolve(schema *spec.Schema) (*spec.Schema, string) {
	ref := schema.Ref
	if len(schema.AllOf) == 1 { // a reference with a default or a description
		ref = schema.AllOf[0].Ref
	}
	name := strings.TrimPrefix(ref.String(), "#/components/schemas/")
	if name == "" {
		return schema, ""
	}
	return s[name], name
}

// place is where a kind has a value.
type place struct {
	// sample is an object of the kind.
	sample  *unstructured.Unstructured
	schemas schemas
	// at is the path, as causes have it.
	at     string
	schema *spec.Schema
	// required reports whether the object that has the value must have it.
	required bool
	// isFree reports whether it is in JSON that can be decoded whatever it is.
	isFree bool
	// steps lead there from the object.
	steps []step
	// models are those that led there.
	models []string
}

// step leads from a value to one in it: a property, any value of a map or the first item of a list.
type step struct {
	key    string
	isItem bool
	// schema of the value that it leads to.
	schema *spec.Schema
}

// placesOf returns the places in spec and status of a kind, in each of its versions.
func placesOf(t *testing.T, r resource) []place {
	t.Helper()
	all := schemas(models(t))
	var places []place
	for _, v := range r.versions {
		sample := samples.Of(r.kind)
		sample.SetAPIVersion(v.String())
		root := place{sample: sample, schemas: all, schema: all["ai.ark."+v.Version+"."+r.kind]}
		for _, name := range []string{"spec", "status"} {
			property := root.schema.Properties[name]
			places = append(places, root.child(name, step{key: name}, &property).within()...)
		}
	}
	return places
}

// maxRepetitions is how often a type may contain itself.
const maxRepetitions = 2

// within returns the places of all values in it, and its own.
func (p place) within() []place {
	places := []place{p}
	// What is in a model of Kubernetes is its own.
	if len(p.models) > 0 && !strings.HasPrefix(p.models[len(p.models)-1], "ai.ark.") || p.isDeep() {
		return places
	}
	for _, name := range slices.Sorted(maps.Keys(p.schema.Properties)) {
		property := p.schema.Properties[name]
		child := p.child(p.at+"."+name, step{key: name}, &property)
		child.required = slices.Contains(p.schema.Required, name)
		places = append(places, child.within()...)
	}
	if p.schema.Items != nil {
		places = append(places, p.child(p.at+"[0]", step{isItem: true}, p.schema.Items.Schema).within()...)
	}
	if p.schema.AdditionalProperties != nil {
		places = append(places, p.child(p.at+"[key]", step{key: "key"}, p.schema.AdditionalProperties.Schema).within()...)
	}
	return places
}

// isDeep reports whether its type contains itself too often.
func (p place) isDeep() bool {
	repetitions := 0
	for _, model := range p.models {
		if model == p.models[len(p.models)-1] {
			repetitions++
		}
	}
	return repetitions > maxRepetitions
}

func (p place) child(at string, via step, schema *spec.Schema) place {
	resolved, model := p.schemas.resolve(schema)
	via.schema = resolved
	child := place{sample: p.sample, schemas: p.schemas, at: at, schema: resolved, steps: append(slices.Clone(p.steps), via), models: p.models, isFree: p.isFree}
	if _, ok := resolved.Extensions["x-kubernetes-preserve-unknown-fields"]; ok {
		child.isFree = true
	}
	if model != "" {
		child.models = append(slices.Clone(p.models), model)
	}
	return child
}

// absent stands for no value.
type absent struct{}

// with returns an object with a value there. What is missing on the way is made up.
func (p place) with(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(put(p.schemas, p.sample.DeepCopy().Object, p.steps, value))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func put(schemas schemas, object any, steps []step, value any) any {
	if len(steps) == 0 {
		return value
	}
	next, rest := steps[0], steps[1:]
	if next.isItem {
		items, _ := object.([]any)
		if len(items) == 0 {
			items = []any{example(schemas, next.schema)}
		}
		items[0] = put(schemas, items[0], rest, value)
		return items
	}
	fields, _ := object.(map[string]any)
	if fields == nil {
		fields = map[string]any{}
	}
	field, ok := fields[next.key]
	if !ok {
		field = example(schemas, next.schema)
	}
	if fields[next.key] = put(schemas, field, rest, value); fields[next.key] == any(absent{}) {
		delete(fields, next.key)
	}
	return fields
}

// example returns a value that a schema accepts, as small as may be.
func example(schemas schemas, schema *spec.Schema) any {
	schema, _ = schemas.resolve(schema)
	switch {
	case schema == schemas["io.k8s.apimachinery.pkg.apis.meta.v1.Condition"]: // takes less than it says
		return map[string]any{"type": "Available", "status": "True", "reason": "Found", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}
	case len(schema.Enum) > 0:
		return schema.Enum[0]
	case schema.Pattern != "":
		return matches[schema.Pattern].accepted
	case schema.Format == "date-time":
		return "2026-01-01T00:00:00Z"
	case schema.Type.Contains("string"):
		return strings.Repeat("x", int(max(1, deref(schema.MinLength))))
	case schema.Type.Contains("integer"):
		return max(1, int64(deref(schema.Minimum)))
	case schema.Type.Contains("boolean"):
		return true
	case schema.Type.Contains("array"):
		return []any{example(schemas, schema.Items.Schema)}
	}
	object := map[string]any{}
	for name, property := range schema.Properties {
		// A struct is always there, and lacks what it requires if it is not written.
		resolved, _ := schemas.resolve(&property)
		if slices.Contains(schema.Required, name) || property.Default != nil && len(resolved.Required) > 0 {
			object[name] = example(schemas, &property)
		}
	}
	return object
}

func deref[T any](value *T) (result T) {
	if value != nil {
		result = *value
	}
	return result
}
