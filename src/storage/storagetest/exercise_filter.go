package storagetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"ark.ai/apiserver/src/storage"
)

var (
	labelKeys   = []string{"app", "tier", "ark.ai/team", "x"}
	labelValues = []string{"", "a", "b", "a.b_c-d", "A"}
)

// exerciseFilter compares lists with labels.Selector, at the current and at an older revision.
func exerciseFilter(t *testing.T, h Harness) {
	backend := h.open(t)
	random := rand.New(rand.NewPCG(1, 2))
	sets := make(map[string]labels.Set)
	var batch []storage.Write
	for i := range 150 {
		key := fmt.Sprintf("/k/%03d", i)
		set := labels.Set{}
		for _, label := range labelKeys {
			if random.IntN(2) == 0 {
				set[label] = labelValues[random.IntN(len(labelValues))]
			}
		}
		sets[key] = set
		batch = append(batch, storage.Write{Key: key, Value: []byte(`{}`), Attributes: storage.Attributes{Labels: set}})
	}
	revisions := commit(t, backend, batch...)
	at := current(t, backend)
	// What comes later has other labels.
	for i := range batch {
		batch[i].Expected, batch[i].Labels = revisions[i], map[string]string{"later": "yes"}
	}
	commit(t, backend, batch[:50]...)
	commit(t, backend, remove(batch[60].Key, revisions[60]))

	keys := make([]string, 0, len(sets))
	for key := range sets {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for range 150 {
		selector, filter := randomSelector(t, random)
		var then, now []string
		for _, key := range keys {
			if selector.Matches(sets[key]) {
				then = append(then, key)
			}
			set := sets[key]
			if key < "/k/050" {
				set = labels.Set{"later": "yes"}
			}
			if key != "/k/060" && selector.Matches(set) {
				now = append(now, key)
			}
		}
		wantKeys(t, fmt.Sprintf("list of %q at the older revision", selector), list(t, backend, storage.ListQuery{Prefix: "/k/", Filter: filter, Revision: at}).Records, then...)
		wantKeys(t, fmt.Sprintf("list of %q", selector), list(t, backend, storage.ListQuery{Prefix: "/k/", Filter: filter}).Records, now...)

		limit := 1 + random.IntN(10)
		page := list(t, backend, storage.ListQuery{Prefix: "/k/", Filter: filter, Limit: limit, Count: true})
		wantKeys(t, fmt.Sprintf("page of %d of %q", limit, selector), page.Records, now[:min(limit, len(now))]...)
		if page.More != (len(now) > limit) || page.Remaining != int64(len(keys)-1-len(page.Records)) {
			t.Errorf("page of %d of %q: more %t, %d remain; want %t, %d", limit, selector, page.More, page.Remaining, len(now) > limit, len(keys)-1-len(page.Records))
		}
	}
}

// randomSelector is a selector, and what it is as a filter.
func randomSelector(t *testing.T, random *rand.Rand) (labels.Selector, storage.Filter) {
	t.Helper()
	operators := map[selection.Operator]storage.Operator{
		selection.In: storage.In, selection.Equals: storage.In, selection.DoubleEquals: storage.In,
		selection.NotIn: storage.NotIn, selection.NotEquals: storage.NotIn,
		selection.Exists: storage.Exists, selection.DoesNotExist: storage.NotExists,
	}
	names := make([]selection.Operator, 0, len(operators))
	for name := range operators {
		names = append(names, name)
	}
	slices.Sort(names)
	selector, filter := labels.NewSelector(), storage.Filter{}
	for range random.IntN(4) {
		operator, key := names[random.IntN(len(names))], labelKeys[random.IntN(len(labelKeys))]
		var wanted []string
		switch operator {
		case selection.In, selection.NotIn:
			for range 1 + random.IntN(3) {
				wanted = append(wanted, labelValues[random.IntN(len(labelValues))])
			}
		case selection.Equals, selection.DoubleEquals, selection.NotEquals:
			wanted = []string{labelValues[random.IntN(len(labelValues))]}
		}
		requirement, err := labels.NewRequirement(key, operator, wanted)
		if err != nil {
			t.Fatal(err)
		}
		selector = selector.Add(*requirement)
		filter = append(filter, storage.Requirement{Key: key, Operator: operators[operator], Values: wanted})
	}
	return selector, filter
}

// exerciseFilterUnknownFields: a field that was not known when the record was written does not rule it out.
func exerciseFilterUnknownFields(t *testing.T, h Harness) {
	backend := h.open(t)
	withFields := func(key string, fields map[string]string) storage.Write {
		// Labels are no fields.
		return storage.Write{Key: key, Value: []byte(`{}`), Attributes: storage.Attributes{Fields: fields, Labels: map[string]string{"status.phase": "done"}}}
	}
	commit(t, backend,
		withFields("/done", map[string]string{"status.phase": "done"}),
		withFields("/empty", map[string]string{"status.phase": ""}),
		withFields("/error", map[string]string{"status.phase": "error", "spec.name": "done"}),
		withFields("/none", nil))
	at := current(t, backend)
	for _, tc := range []struct {
		operator storage.Operator
		values   []string
		want     []string
	}{
		{storage.In, []string{"done"}, []string{"/done", "/none"}},
		{storage.In, []string{"done", "error"}, []string{"/done", "/error", "/none"}},
		{storage.In, []string{""}, []string{"/empty", "/none"}},
		{storage.In, nil, []string{"/none"}},
		{storage.NotIn, []string{"done"}, []string{"/empty", "/error", "/none"}},
		{storage.NotIn, nil, []string{"/done", "/empty", "/error", "/none"}},
		{storage.Exists, nil, []string{"/done", "/empty", "/error", "/none"}},
		{storage.NotExists, nil, []string{"/none"}},
	} {
		filter := storage.Filter{{Field: true, Key: "status.phase", Operator: tc.operator, Values: tc.values}}
		for _, revision := range []int64{0, at} {
			wantKeys(t, fmt.Sprintf("fields, operator %d with %q, at %d", tc.operator, tc.values, revision),
				list(t, backend, storage.ListQuery{Filter: filter, Revision: revision}).Records, tc.want...)
		}
	}
	both := storage.Filter{
		{Field: true, Key: "status.phase", Operator: storage.NotIn, Values: []string{"done"}},
		{Key: "status.phase", Operator: storage.In, Values: []string{"done"}},
		{Field: true, Key: "spec.name", Operator: storage.In, Values: []string{"done"}},
	}
	wantKeys(t, "a label and two fields", list(t, backend, storage.ListQuery{Filter: both}).Records, "/empty", "/error", "/none")
}

// exerciseFilterOddValues: attributes that the database can't hold never hide a record that matches.
func exerciseFilterOddValues(t *testing.T, h Harness) {
	backend := h.open(t)
	odd := []string{"\x00", "a\x00b", "\xff", "\\u0000", `"quoted"`, "a,b", "{a}", "%", "NULL", "null", "😀", "\u2028"}
	var batch []storage.Write
	for i, value := range odd {
		fields := map[string]string{"spec.value": value, "spec.plain": "plain"}
		batch = append(batch, storage.Write{Key: fmt.Sprintf("/%02d", i), Value: []byte(`{}`), Attributes: storage.Attributes{Fields: fields}})
	}
	commit(t, backend, batch...)
	for i, value := range odd {
		for _, filter := range []storage.Filter{
			{{Field: true, Key: "spec.value", Operator: storage.In, Values: []string{"other", value}}},
			{{Field: true, Key: "spec.plain", Operator: storage.In, Values: []string{"plain", value}}},
			{{Field: true, Key: "spec.value", Operator: storage.NotIn, Values: []string{"other"}}},
			{{Field: true, Key: "spec.value" + value, Operator: storage.In, Values: []string{value}}},
			{{Key: value, Operator: storage.NotIn, Values: []string{value}}},
		} {
			page := list(t, backend, storage.ListQuery{Filter: filter})
			if !slices.Contains(keysOf(page.Records), batch[i].Key) {
				t.Errorf("filter %+v leaves out the record with spec.value=%q, which matches", filter, value)
			}
		}
	}
}
