package history

import (
	"testing"

	"k8s.io/apimachinery/pkg/watch"
)

func TestDifference(t *testing.T) {
	var (
		created = Step{watch.Added, "1"}
		changed = Step{watch.Modified, "2"}
		deleted = Step{watch.Deleted, "3"}
		// unversioned is a deletion as its writer knows it.
		unversioned = Step{Event: watch.Deleted}
	)
	for _, test := range []struct {
		name   string
		record Record
		shown  []Step
		right  bool
	}{
		{"nothing", Record{}, nil, true},
		{"all", Record{Steps: []Step{created, changed, unversioned}}, []Step{created, changed, deleted}, true},
		{"the last is lost", Record{Steps: []Step{created, changed}}, []Step{created}, false},
		{"the first is lost", Record{Steps: []Step{created, changed}}, []Step{changed}, false},
		{"one is repeated", Record{Steps: []Step{created, changed}}, []Step{created, created, changed}, false},
		{"the last is repeated", Record{Steps: []Step{created, changed}}, []Step{created, changed, changed}, false},
		{"they are in another order", Record{Steps: []Step{created, changed}}, []Step{changed, created}, false},
		{"it has another version", Record{Steps: []Step{created}}, []Step{{watch.Added, "7"}}, false},
		{"shown again as added", Record{Steps: []Step{created, changed}}, []Step{created, {watch.Added, "2"}}, false},
		{"a failed step was not done", Record{Steps: []Step{created}, Failed: watch.Modified}, []Step{created}, true},
		{"a failed step was done", Record{Steps: []Step{created}, Failed: watch.Modified}, []Step{created, changed}, true},
		{"a failed step was done twice", Record{Steps: []Step{created}, Failed: watch.Modified}, []Step{created, changed, {watch.Modified, "3"}}, false},
		{"something else was done", Record{Steps: []Step{created}, Failed: watch.Modified}, []Step{created, deleted}, false},
		{"nobody has written it", Record{}, []Step{created}, false},
	} {
		if difference := test.record.Difference(test.shown); (difference == "") != test.right {
			t.Errorf("%s: the difference is %q", test.name, difference)
		}
	}
}
