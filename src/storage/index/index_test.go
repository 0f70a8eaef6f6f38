package index_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/index"
)

func pauseNever(context.Context) error { return nil }

// TestModel: what is found, whatever changes, is what a look at all documents finds, in the same
// order, or more.
func TestModel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x, err := index.New(t.Context(), index.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	documents := make(map[string]*index.Document)
	vocabulary := []string{"alpha", "beta", "größe", "x7", "xc3", "東京", strings.Repeat("long", 40)}
	names := []string{"a", "b", "c"}
	randomDocument := func() *index.Document {
		d := &index.Document{Values: make(map[string]string)}
		for _, name := range names {
			if random.IntN(4) > 0 {
				d.Values[name] = strconv.Itoa(random.IntN(5)) + strings.Repeat("y", random.IntN(2)*70) + strconv.Itoa(random.IntN(3))
			}
		}
		for range random.IntN(4) {
			d.Words = append(d.Words, vocabulary[random.IntN(len(vocabulary))])
		}
		return d
	}
	last := int64(200)
	if testing.Short() {
		last = 20
	}
	for revision := int64(1); revision <= last; revision++ {
		var entries []index.Entry
		for range random.IntN(20) {
			entry := index.Entry{Key: fmt.Sprintf("/k/%02d", random.IntN(60))}
			if random.IntN(5) > 0 {
				entry.Document = randomDocument()
				documents[entry.Key] = entry.Document
			} else {
				delete(documents, entry.Key)
			}
			entries = append(entries, entry)
		}
		if err := x.Apply(t.Context(), entries, revision, pauseNever); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			query := index.Query{First: fmt.Sprintf("/k/%02d", random.IntN(30)), End: fmt.Sprintf("/k/%02d", 30+random.IntN(40)), Limited: true}
			for range random.IntN(3) {
				low, high := random.IntN(5), random.IntN(5)
				query.Conditions = append(query.Conditions, index.Condition{
					Name: names[random.IntN(len(names))], Ranges: []index.Range{{First: strconv.Itoa(low), Last: strconv.Itoa(high) + "~"}, {First: "4", Last: "4"}},
				})
			}
			for range random.IntN(2) {
				query.Words = append(query.Words, vocabulary[random.IntN(len(vocabulary))])
			}
			if random.IntN(2) == 0 {
				query.Order = &index.Order{Name: names[random.IntN(len(names))], Descending: random.IntN(2) == 0}
			}
			x.SetMaxCollected([]int{1, 10, 1000}[random.IntN(3)])
			x.SetLargestGroups([]int{1, 10, 1000}[random.IntN(3)])
			if query.Order != nil && random.IntN(2) == 0 {
				value, after := documents["/k/30"], "/k/30"
				if value == nil {
					value = &index.Document{}
				}
				of, has := value.Values[query.Order.Name]
				query.Order.After = index.NewFound(after, of, has)
			}
			check(t, x, query, documents, revision)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("closing left %v, %v", left, err)
	}
}

func check(t *testing.T, x *index.Index, query index.Query, documents map[string]*index.Document, revision int64) (found []index.Found) {
	t.Helper()
	view, err := x.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	if view.Revision != revision {
		t.Fatalf("the view is of revision %d, want %d", view.Revision, revision)
	}
	all, ok, err := view.Find(t.Context(), query)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for f, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			last := found[len(found)-1]
			inOrder := last.Key < f.Key
			if query.Order != nil {
				compared := query.Order.Compare(last, f)
				inOrder = compared < 0 || compared == 0 && (last.Key < f.Key || !f.IsExact())
			}
			if !inOrder {
				t.Fatalf("%v comes after %v", f, last)
			}
		}
		found = append(found, f)
	}
	for key, d := range documents {
		matches := key >= query.First && key < query.End
		for _, c := range query.Conditions {
			value, there := d.Values[c.Name]
			matches = matches && there && slices.ContainsFunc(c.Ranges, func(r index.Range) bool { return value >= r.First && value <= r.Last })
		}
		for _, word := range query.Words {
			matches = matches && slices.Contains(d.Words, word)
		}
		if order := query.Order; order != nil && order.After != nil {
			// It may be found, or not, if that can't be told.
			place := order.Place(key, d)
			compared := order.Compare(place, *order.After)
			behind := compared > 0 || compared == 0 && (key > order.After.Key || !place.IsExact())
			isFound := slices.ContainsFunc(found, func(f index.Found) bool { return f.Key == key })
			if !behind && isFound {
				t.Fatalf("%+v finds %s, which comes before %v", query, key, order.After)
			}
			matches = matches && behind
		}
		if matches && !slices.ContainsFunc(found, func(f index.Found) bool { return f.Key == key }) {
			t.Fatalf("%+v does not find %s: %v", query, key, d)
		}
	}
	if len(found) > len(documents) {
		t.Fatalf("%d of %d documents found", len(found), len(documents))
	}
	return found
}

// TestLeft: a directory of a process that is no more is deleted, those in use stay.
func TestLeft(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a?b%20#")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	leave := func() {
		left := filepath.Join(dir, "bakery-index-1")
		if err := os.Mkdir(left, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(left, "lock"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leave()
	index.DeleteLeft(index.Options{Name: "bakery", Dir: dir})
	if there, err := os.ReadDir(dir); err != nil || len(there) > 0 {
		t.Errorf("there are %v (%v), want nothing", there, err)
	}
	leave()
	for want := 1; want <= 2; want++ {
		x, err := index.New(t.Context(), index.Options{Name: "bakery", Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = x.Close() })
		if there, err := os.ReadDir(dir); err != nil || len(there) != want {
			t.Errorf("there are %v (%v), want %d", there, err, want)
		}
	}
}

// TestNewFails: what could not be made leaves nothing behind.
func TestNewFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := index.New(ctx, index.Options{Dir: dir}); !errors.Is(err, index.ErrFailed) {
		t.Errorf("the error is %v", err)
	}
	if there, err := os.ReadDir(dir); err != nil || len(there) > 0 {
		t.Errorf("it left %v, %v", there, err)
	}
}

// TestOverlap: what several ranges have is found once.
func TestOverlap(t *testing.T) {
	t.Parallel()
	x, err := index.New(t.Context(), index.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	if err := x.Apply(t.Context(), []index.Entry{{Key: "/a", Document: &index.Document{Values: map[string]string{"n": "5"}}}}, 2, pauseNever); err != nil {
		t.Fatal(err)
	}
	view, err := x.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	found, _, err := view.Find(t.Context(), index.Query{End: "0", Conditions: []index.Condition{{Name: "n", Ranges: []index.Range{{First: "5", Last: "5"}, {First: "3", Last: "9"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for range found {
		count++
	}
	if count != 1 {
		t.Errorf("one document was found %d times", count)
	}
}

// TestFullDisk: an index writes nothing that others on its disk need more, and says so.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	x, err := index.New(t.Context(), index.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	x.SetDiskReserve(1 << 60)
	err = x.Apply(t.Context(), []index.Entry{{Key: "/a", Document: &index.Document{}}}, 2, pauseNever)
	if !errors.Is(err, index.ErrFailed) || !strings.Contains(err.Error(), "MiB left") {
		t.Errorf("with a full disk the error is %v", err)
	}
}

// TestNames: what is under one name too many is looked up as well.
func TestNames(t *testing.T) {
	t.Parallel()
	x, err := index.New(t.Context(), index.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	d := &index.Document{Values: make(map[string]string)}
	for i := range 10_000 {
		d.Values[fmt.Sprintf("hostile-%d", i)] = "value"
	}
	documents := map[string]*index.Document{"/a": d}
	for i := range 100 {
		documents[fmt.Sprintf("/b/%02d", i)] = &index.Document{Values: map[string]string{"late": strconv.Itoa(i), fmt.Sprintf("late-%d", i): "value"}}
	}
	for key, d := range documents {
		entries := []index.Entry{{Key: key, Document: d}}
		if key != "/a" {
			// The first names are taken.
			entries = append([]index.Entry{{Key: "/a", Document: documents["/a"]}}, entries...)
		}
		if err := x.Apply(t.Context(), entries, 3, pauseNever); err != nil {
			t.Fatal(err)
		}
	}
	for _, condition := range []index.Condition{
		{Name: "late", Ranges: []index.Range{{First: "7", Last: "7"}}},
		{Name: "late-7", Ranges: []index.Range{{First: "value", Last: "value"}}},
		{Name: "hostile-7", Ranges: []index.Range{{First: "value", Last: "value"}}},
	} {
		query := index.Query{First: "/", End: "0", Conditions: []index.Condition{condition}, Limited: true}
		if found := check(t, x, query, documents, 3); len(found) != 1 {
			t.Errorf("%s finds %d documents, want 1", condition.Name, len(found))
		}
	}
	order := index.Query{First: "/", End: "0", Order: &index.Order{Name: "late"}, Limited: true}
	if found := check(t, x, order, documents, 3); len(found) != len(documents) || found[1].Value != "1" {
		t.Errorf("%d documents are found in order, beginning with %v", len(found), found[:2])
	}
}

// TestUnknown: what is unknown is so at the revision of a view, whatever comes to be known later.
func TestUnknown(t *testing.T) {
	t.Parallel()
	x, err := index.New(t.Context(), index.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	want := func(view *index.View, want ...string) {
		t.Helper()
		if got, err := view.Unknown(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("unknown at revision %d is %q (%v), want %q", view.Revision, got, err, want)
		}
	}
	apply := func(revision int64, entries ...index.Entry) *index.View {
		t.Helper()
		if err := x.Apply(t.Context(), entries, revision, pauseNever); err != nil {
			t.Fatal(err)
		}
		view, err := x.View(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(view.Close)
		return view
	}
	first := apply(1, index.Entry{Key: "/a", Unknown: true}, index.Entry{Key: "/b", Document: &index.Document{}}, index.Entry{Key: "/c", Unknown: true})
	second := apply(2, index.Entry{Key: "/a", Document: &index.Document{}}, index.Entry{Key: "/b", Unknown: true}, index.Entry{Key: "/c"})
	want(first, "/a", "/c")
	want(second, "/b")
}
