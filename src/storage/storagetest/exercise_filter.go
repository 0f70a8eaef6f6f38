package storagetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"ark.ai/apiserver/src/storage/driver"
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
	var batch []driver.Write
	for i := range 150 {
		key := fmt.Sprintf("/k/%03d", i)
		set := labels.Set{}
		for _, label := range labelKeys {
			if random.IntN(2) == 0 {
				set[label] = labelValues[random.IntN(len(labelValues))]
			}
		}
		sets[key] = set
		batch = append(batch, driver.Write{Key: key, Value: []byte(`{}`), Attributes: driver.Attributes{Labels: set}})
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
	for i := range 150 {
		if i == 75 { // To list at a revision may be another statement once much has changed.
			commitOthers(t, backend, 100)
		}
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
		wantKeys(t, fmt.Sprintf("list of %q at the older revision", selector), list(t, backend, driver.ListQuery{Prefix: "/k/", Filter: filter, Revision: at}).Records, then...)
		wantKeys(t, fmt.Sprintf("list of %q", selector), list(t, backend, driver.ListQuery{Prefix: "/k/", Filter: filter}).Records, now...)

		limit := 1 + random.IntN(10)
		page := list(t, backend, driver.ListQuery{Prefix: "/k/", Filter: filter, Limit: limit, Count: true})
		wantKeys(t, fmt.Sprintf("page of %d of %q", limit, selector), page.Records, now[:min(limit, len(now))]...)
		if page.More != (len(now) > limit) || page.Remaining != int64(len(keys)-1-len(page.Records)) {
			t.Errorf("page of %d of %q: more %t, %d remain; want %t, %d", limit, selector, page.More, page.Remaining, len(now) > limit, len(keys)-1-len(page.Records))
		}
	}
}

func commitOthers(t *testing.T, backend driver.Backend, n int) {
	t.Helper()
	var batch []driver.Write
	for i := range n {
		batch = append(batch, driver.Write{Key: fmt.Sprintf("/other/%d", i), Value: []byte(`{}`)})
	}
	commit(t, backend, batch...)
}

// randomSelector is a selector, and what it is as a filter.
func randomSelector(t *testing.T, random *rand.Rand) (labels.Selector, driver.Filter) {
	t.Helper()
	operators := map[selection.Operator]driver.Operator{
		selection.In: driver.In, selection.Equals: driver.In, selection.DoubleEquals: driver.In,
		selection.NotIn: driver.NotIn, selection.NotEquals: driver.NotIn,
		selection.Exists: driver.Exists, selection.DoesNotExist: driver.NotExists,
	}
	names := make([]selection.Operator, 0, len(operators))
	for name := range operators {
		names = append(names, name)
	}
	slices.Sort(names)
	selector, filter := labels.NewSelector(), driver.Filter{}
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
		filter = append(filter, driver.Requirement{Key: key, Operator: operators[operator], Values: wanted})
	}
	return selector, filter
}

// exerciseFilterUnknownFields: a field that was not known when the record was written does not rule
// it out.
func exerciseFilterUnknownFields(t *testing.T, h Harness) {
	backend := h.open(t)
	withFields := func(key string, fields map[string]string) driver.Write {
		// Labels are no fields.
		return driver.Write{Key: key, Value: []byte(`{}`), Attributes: driver.Attributes{Fields: fields, Labels: map[string]string{"status.phase": "done"}}}
	}
	commit(t, backend,
		withFields("/done", map[string]string{"status.phase": "done"}),
		withFields("/empty", map[string]string{"status.phase": ""}),
		withFields("/error", map[string]string{"status.phase": "error", "spec.name": "done"}),
		withFields("/none", nil))
	at := current(t, backend)
	for _, tc := range []struct {
		operator driver.Operator
		values   []string
		want     []string
	}{
		{driver.In, []string{"done"}, []string{"/done", "/none"}},
		{driver.In, []string{"done", "error"}, []string{"/done", "/error", "/none"}},
		{driver.In, []string{""}, []string{"/empty", "/none"}},
		{driver.In, nil, []string{"/none"}},
		{driver.NotIn, []string{"done"}, []string{"/empty", "/error", "/none"}},
		{driver.NotIn, nil, []string{"/done", "/empty", "/error", "/none"}},
		{driver.Exists, nil, []string{"/done", "/empty", "/error", "/none"}},
		{driver.NotExists, nil, []string{"/none"}},
	} {
		filter := driver.Filter{{Field: true, Key: "status.phase", Operator: tc.operator, Values: tc.values}}
		for _, revision := range []int64{0, at} {
			wantKeys(t, fmt.Sprintf("fields, operator %d with %q, at %d", tc.operator, tc.values, revision),
				list(t, backend, driver.ListQuery{Filter: filter, Revision: revision}).Records, tc.want...)
		}
	}
	both := driver.Filter{
		{Field: true, Key: "status.phase", Operator: driver.NotIn, Values: []string{"done"}},
		{Key: "status.phase", Operator: driver.In, Values: []string{"done"}},
		{Field: true, Key: "spec.name", Operator: driver.In, Values: []string{"done"}},
	}
	wantKeys(t, "a label and two fields", list(t, backend, driver.ListQuery{Filter: both}).Records, "/empty", "/error", "/none")
}

// exerciseFilterOddValues: attributes that the database can't hold never hide a record that
// matches.
func exerciseFilterOddValues(t *testing.T, h Harness) {
	backend := h.open(t)
	odd := []string{"\x00", "a\x00b", "\xff", "\\u0000", `"quoted"`, "a,b", "{a}", "%", "NULL", "null", "😀", "\u2028"}
	var batch []driver.Write
	for i, value := range odd {
		fields := map[string]string{"spec.value": value, "spec.plain": "plain"}
		batch = append(batch, driver.Write{Key: fmt.Sprintf("/%02d", i), Value: []byte(`{}`), Attributes: driver.Attributes{Fields: fields}})
	}
	commit(t, backend, batch...)
	for i, value := range odd {
		for _, filter := range []driver.Filter{
			{{Field: true, Key: "spec.value", Operator: driver.In, Values: []string{"other", value}}},
			{{Field: true, Key: "spec.plain", Operator: driver.In, Values: []string{"plain", value}}},
			{{Field: true, Key: "spec.value", Operator: driver.NotIn, Values: []string{"other"}}},
			{{Field: true, Key: "spec.value" + value, Operator: driver.In, Values: []string{value}}},
			{{Key: value, Operator: driver.NotIn, Values: []string{value}}},
		} {
			page := list(t, backend, driver.ListQuery{Filter: filter})
			if !slices.Contains(keysOf(page.Records), batch[i].Key) {
				t.Errorf("filter %+v leaves out the record with spec.value=%q, which matches", filter, value)
			}
		}
	}
}
