package registry

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"ark.ai/apiserver/src/registry/fieldselector"
)

// TestHasWords: an expression finds the words of all texts that an object has as JSON, and no
// others.
func TestHasWords(t *testing.T) {
	scheme := testScheme(t)
	fill := fuzzer.FuzzerFor(fuzzer.MergeFuzzerFuncs(metafuzzer.Funcs, fuzzFuncs), rand.NewSource(rand.Int63()), serializer.NewCodecFactory(scheme))
	for _, r := range resources {
		has := func(obj runtime.Object, words string) bool {
			selector, err := r.selectors.Compile(t.Context(), fields.OneTermEqualSelector("filter", fmt.Sprintf("object.hasWords(%q)", words)))
			if err != nil {
				t.Fatalf("%s: words %q: %v", r.kind, words, err)
			}
			matches, err := selector.(*fieldselector.Selector).MatchesObject(obj)
			if err != nil {
				t.Fatal(err)
			}
			return matches
		}
		for range 5 {
			obj := r.newObject()
			fill.Fill(obj)
			texts := textsOf(t, obj)
			var words strings.Builder
			for _, text := range texts {
				if words.Len()+len(text) < 500 {
					fmt.Fprintf(&words, "%s ", text)
				}
			}
			if strings.TrimSpace(words.String()) != "" && !has(obj, words.String()) {
				t.Errorf("%s: some of the words %q are not found", r.kind, words.String())
			}
			if has(obj, "nowhere"+words.String()) {
				t.Errorf("%s: a word is found that is not there", r.kind)
			}
		}
	}
}

// textsOf are the texts in an object's JSON that last.
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
			delete(value, "resourceVersion") // says nothing of the object
			for _, item := range value {
				collect(item)
			}
		}
	}
	collect(value)
	return texts
}
