package registry

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
)

// The samples are what a strict server accepts without a warning, and there is one of every kind.
func TestSamples(t *testing.T) {
	files, err := filepath.Glob("../../docs/samples/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	scheme := testScheme(t)
	seen := sets.New[string]()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, document := range strings.Split(string(text), "\n---\n") {
			obj := decode(t, scheme, document)
			kinds, _, err := scheme.ObjectKinds(obj)
			if err != nil {
				t.Fatal(err)
			}
			obj.(metav1.Object).SetNamespace("default") // as kubectl does
			s := testStrategy(t, kinds[0].Kind)
			s.PrepareForCreate(t.Context(), obj)
			if errs := s.Validate(t.Context(), obj); len(errs) > 0 {
				t.Errorf("%s: %v", file, errs.ToAggregate())
			}
			if warnings := s.WarningsOnCreate(t.Context(), obj); len(warnings) > 0 {
				t.Errorf("%s: %v", file, warnings)
			}
			seen.Insert(s.kind)
		}
	}
	for _, r := range resources {
		if !seen.Has(r.kind) {
			t.Errorf("no sample of %s", r.kind)
		}
	}
}
