package registry

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"

	"ark.ai/apiserver/docs/samples"
)

// The samples are what a strict server accepts without a warning, and there is one of every kind.
func TestSamples(t *testing.T) {
	objects, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	scheme := testScheme(t)
	seen := sets.New[string]()
	for _, object := range objects {
		text, err := object.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		about := object.GetKind() + " " + object.GetName()
		obj := decode(t, scheme, string(text))
		s := testStrategy(t, object.GetKind())
		if s.NamespaceScoped() {
			obj.(metav1.Object).SetNamespace("default") // as kubectl does
		}
		s.PrepareForCreate(t.Context(), obj)
		if errs := s.Validate(t.Context(), obj); len(errs) > 0 {
			t.Errorf("%s: %v", about, errs.ToAggregate())
		}
		if err := checkSchema(t, string(text)); err != nil {
			t.Errorf("%s: %v", about, err)
		}
		if warnings := s.WarningsOnCreate(t.Context(), obj); len(warnings) > 0 {
			t.Errorf("%s: %v", about, warnings)
		}
		seen.Insert(s.kind)
	}
	for _, r := range resources {
		if !seen.Has(r.kind) {
			t.Errorf("no sample of %s", r.kind)
		}
	}
}
