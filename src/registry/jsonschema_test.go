package registry

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	arkschemas "ark.ai/apiserver/src/schemas"
)

// jsonSchemas are the JSON Schemas by file, as a validator that knows nothing else has them.
var jsonSchemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	scheme := runtime.NewScheme()
	if err := AddVersionsToScheme(scheme); err != nil {
		return nil, err
	}
	var kinds []schema.GroupVersionKind
	for _, kind := range Describe() {
		for _, version := range kind.Versions {
			kinds = append(kinds, version.WithKind(kind.Kind))
		}
	}
	files, err := arkschemas.Files(scheme, kinds)
	if err != nil {
		return nil, err
	}
	compiled := map[string]*jsonschema.Schema{}
	for name, text := range files {
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		if err := compiler.AddResource(name, document); err != nil {
			return nil, err
		}
		if compiled[name], err = compiler.Compile(name); err != nil {
			return nil, err
		}
	}
	return compiled, nil
})

// checkSchema returns what is wrong with a manifest by the JSON Schema of its kind. That of all
// kinds must say the same.
func checkSchema(t *testing.T, manifest string) error {
	t.Helper()
	compiled, err := jsonSchemas()
	if err != nil {
		t.Fatal(err)
	}
	text, err := yaml.YAMLToJSON([]byte(manifest))
	if json.Valid([]byte(manifest)) {
		text, err = []byte(manifest), nil // with its numbers
	}
	if err != nil {
		t.Fatal(err)
	}
	var kind runtime.TypeMeta
	if err := json.Unmarshal(text, &kind); err != nil {
		t.Fatal(err)
	}
	object, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	one, ok := compiled[arkschemas.File(kind.GroupVersionKind())]
	if !ok {
		t.Fatalf("there is no schema of %s", kind.GroupVersionKind())
	}
	refusal := one.Validate(object)
	if all := compiled[arkschemas.All].Validate(object); (all == nil) != (refusal == nil) {
		t.Errorf("%s says %v, %s says %v", arkschemas.File(kind.GroupVersionKind()), refusal, arkschemas.All, all)
	}
	return refusal
}

// An unknown field is refused where a strict server refuses it, and null is no value where that
// takes it for none. A list has no item that is null: the server takes it for an empty one.
func TestJSONSchemasAreAsStrict(t *testing.T) {
	for _, r := range resources {
		t.Run(r.kind, func(t *testing.T) {
			s := testStrategy(t, r.kind)
			check := func(p place, about string, value any) {
				errs, err := p.validate(t, s, value)
				isItem := value == nil && p.steps[len(p.steps)-1].isItem
				refused := isItem || err != nil || slices.ContainsFunc(errs, func(e *field.Error) bool { return strings.HasPrefix(e.Field, p.at) })
				if err := checkSchema(t, p.with(t, value)); (err != nil) != refused {
					t.Errorf("%s: %s at %s: refused is %t, by the JSON Schema: %v", p.sample.GetAPIVersion(), about, p.at, refused, err)
				}
			}
			for _, p := range placesOf(t, r) {
				check(p, "null", nil)
				if object, ok := example(p.schemas, p.schema).(map[string]any); ok && !p.isDeep() {
					object["unknownField"] = map[string]any{}
					check(p, "an unknown field", object)
				}
			}
		})
	}
}

// What an object is called, and of what kind it is.
func TestJSONSchemasOfObjects(t *testing.T) {
	compiled, err := jsonSchemas()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		object           string
		isAgent, isKnown bool
	}{
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "it"}}`, true, true},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"generateName": "it-"}}`, true, true},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {}}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent"}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "It"}}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "it", "lables": {}}}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "it", "labels": {"a": true}}}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "it"}, "sepc": {}}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agnet", "metadata": {"name": "it"}}`, false, false},
		{`{"apiVersion": "ark.ai/v1", "kind": "Agent", "metadata": {"name": "it"}}`, false, false},
		{`{"kind": "Agent", "metadata": {"name": "it"}}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "metadata": {"name": "it"}}`, false, false},
		{`{"apiVersion": "ark.ai/v1alpha1", "kind": "ExecutionProfile", "metadata": {"name": "it"}, "spec": {}}`, false, false},
		{`{"apiVersion": "ark.ai/v1prealpha1", "kind": "ExecutionProfile", "metadata": {"name": "it"}, "spec": {}}`, false, true},
		{`{"apiVersion": "v1", "kind": "Secret", "data": {"key": "dg=="}}`, false, true},
		{`[]`, false, false},
	} {
		object, err := jsonschema.UnmarshalJSON(strings.NewReader(test.object))
		if err != nil {
			t.Fatal(err)
		}
		for file, accepted := range map[string]bool{arkschemas.File(v1alpha1.SchemeGroupVersion.WithKind("Agent")): test.isAgent, arkschemas.All: test.isKnown} {
			if err := compiled[file].Validate(object); (err == nil) != accepted {
				t.Errorf("%s, %s: accepted is %t, want %t: %v", test.object, file, err == nil, accepted, err)
			}
		}
	}
}
