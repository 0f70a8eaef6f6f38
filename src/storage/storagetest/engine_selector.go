package storagetest

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apiserver/pkg/apis/example"
	apistorage "k8s.io/apiserver/pkg/storage"
)

// exerciseLargeSelectors: whatever a client asks for is answered, and right.
func exerciseLargeSelectors(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	for _, name := range []string{"a", "b", "c"} {
		p.mustCreate(t, name)
		if _, err := p.label(t.Context(), name, name); err != nil {
			t.Fatal(err)
		}
	}
	list := func(what string, selector labels.Selector, limit int64, want ...string) {
		t.Helper()
		predicate := apistorage.SelectionPredicate{Label: selector, Field: fields.Everything(), GetAttrs: podAttributes, Limit: limit}
		got := &example.PodList{}
		if err := p.store.GetList(t.Context(), podPrefix, apistorage.ListOptions{Recursive: true, Predicate: predicate}, got); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		var names []string
		for _, item := range got.Items {
			names = append(names, item.Name)
		}
		if fmt.Sprint(names) != fmt.Sprint(want) {
			t.Errorf("%s: got %q, want %q", what, names, want)
		}
	}
	require := func(key string, operator selection.Operator, values ...string) labels.Requirement {
		t.Helper()
		requirement, err := labels.NewRequirement(key, operator, values)
		if err != nil {
			t.Fatal(err)
		}
		return *requirement
	}
	var many labels.Requirements
	var values []string
	for i := range 10_000 {
		many = append(many, require(fmt.Sprintf("x-%d", i), selection.DoesNotExist))
		values = append(values, fmt.Sprintf("v-%d", i))
	}
	everything := labels.NewSelector()
	list("10,000 requirements", everything.Add(many...).Add(require("value", selection.NotIn, "b")), 0, "a", "c")
	list("40,000 values", everything.Add(require("value", selection.In, append(strings.Split(strings.Repeat("z,", 30_000), ","), append(values, "b")...)...)), 0, "b")
	list("many small sets", everything.Add(require("value", selection.In, append(values[:900:900], "a", "b")...), require("value", selection.In, append(values[:900:900], "b", "c")...)), 0, "b")
	for _, limit := range []int64{3, 10_001, math.MaxInt32, math.MaxInt64} {
		list(fmt.Sprintf("limit %d", limit), everything, limit, "a", "b", "c")
	}
}
