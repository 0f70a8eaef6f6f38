package registry

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/openapi"
	"ark.ai/apiserver/src/registry/fieldselector"
)

// TestHasWords: an expression finds the words of all texts that an object has as JSON, and no
// others.
func TestHasWords(t *testing.T) {
	scheme := testScheme(t)
	fill := fuzzer.FuzzerFor(fuzzer.MergeFuzzerFuncs(metafuzzer.Funcs, fuzzFuncs), rand.NewSource(rand.Int63()), serializer.NewCodecFactory(scheme))
	definitions := openapi.GetOpenAPIDefinitions(spec.MustCreateRef)
	for kind, goType := range scheme.KnownTypes(v1alpha1.SchemeGroupVersion) {
		if _, ok := reflect.New(goType).Interface().(metav1.Object); !ok {
			continue
		}
		newObject := func() runtime.Object { return reflect.New(goType).Interface().(runtime.Object) }
		compiler := fieldselector.NewKind(newObject, nil, func() (*spec.Schema, error) {
			return resolver.PopulateRefs(func(name string) (*spec.Schema, bool) {
				definition, ok := definitions[name]
				return &definition.Schema, ok
			}, newObject().(interface{ OpenAPIModelName() string }).OpenAPIModelName())
		})
		has := func(obj runtime.Object, words string) bool {
			selector, err := compiler.Compile(t.Context(), fields.OneTermEqualSelector("filter", fmt.Sprintf("object.hasWords(%q)", words)))
			if err != nil {
				t.Fatalf("%s: words %q: %v", kind, words, err)
			}
			matches, err := selector.(*fieldselector.Selector).MatchesObject(obj)
			if err != nil {
				t.Fatal(err)
			}
			return matches
		}
		for range 5 {
			obj := newObject()
			fill.Fill(obj)
			texts := textsOf(t, obj)
			var words strings.Builder
			for _, text := range texts {
				if words.Len()+len(text) < 500 {
					fmt.Fprintf(&words, "%s ", text)
				}
			}
			if strings.TrimSpace(words.String()) != "" && !has(obj, words.String()) {
				t.Errorf("%s: some of the words %q are not found", kind, words.String())
			}
			if has(obj, "nowhere"+words.String()) {
				t.Errorf("%s: a word is found that is not there", kind)
			}
		}
	}
}

// textsOf are the texts in an object's JSON.
func textsOf(t *testing.T, obj runtime.Object) (texts []string) {
	t.Helper()
	data, err := json.Marshal(obj)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	var collect func(value any)
	collect = func(value any) {
		switch value := value.(type) {
		case string:
			texts = append(texts, value)
		case []any:
			for _, item := range value {
				collect(item)
			}
		case map[string]any:
			for _, item := range value {
				collect(item)
			}
		}
	}
	collect(value)
	return texts
}
