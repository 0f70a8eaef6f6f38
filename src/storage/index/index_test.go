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
		if err := x.Apply(t.Context(), entries, revision); err != nil {
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

func check(t *testing.T, x *index.Index, query index.Query, documents map[string]*index.Document, revision int64) {
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
	var found []index.Found
	for f, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		if len(found) > 0 {
			last := found[len(found)-1]
			if query.Order == nil && last.Key >= f.Key || query.Order != nil && query.Order.Compare(last, f) > 0 {
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
		if matches && !slices.ContainsFunc(found, func(f index.Found) bool { return f.Key == key }) {
			t.Fatalf("%+v does not find %s: %v", query, key, d)
		}
	}
	if len(found) > len(documents) {
		t.Fatalf("%d of %d documents found", len(found), len(documents))
	}
}

// TestLeft: a directory of a process that is no more is deleted, those in use stay.
func TestLeft(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a?b%20#")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, "ark-index-1")
	if err := os.Mkdir(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want := 1; want <= 2; want++ {
		x, err := index.New(t.Context(), index.Options{Dir: dir})
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
	if err := x.Apply(t.Context(), []index.Entry{{Key: "/a", Document: &index.Document{Values: map[string]string{"n": "5"}}}}, 2); err != nil {
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
	err = x.Apply(t.Context(), []index.Entry{{Key: "/a", Document: &index.Document{}}}, 2)
	if !errors.Is(err, index.ErrFailed) || !strings.Contains(err.Error(), "MiB left") {
		t.Errorf("with a full disk the error is %v", err)
	}
}

// TestNames: what is under one name too many is not kept, and found all the same.
func TestNames(t *testing.T) {
	t.Parallel()
	x, err := index.New(t.Context(), index.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	d := &index.Document{Values: make(map[string]string)}
	for i := range 12_000 {
		d.Values[fmt.Sprintf("name-%d", i)] = "value"
	}
	documents := map[string]*index.Document{"/a": d, "/b": {Values: map[string]string{"name-1": "other"}}}
	if err := x.Apply(t.Context(), []index.Entry{{Key: "/a", Document: d}, {Key: "/b", Document: documents["/b"]}}, 3); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 12_000; i += 97 {
		condition := index.Condition{Name: fmt.Sprintf("name-%d", i), Ranges: []index.Range{{First: "value", Last: "value"}}}
		check(t, x, index.Query{First: "/", End: "0", Conditions: []index.Condition{condition}, Limited: true}, documents, 3)
	}
}
