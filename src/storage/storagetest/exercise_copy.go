package storagetest

import (
	"bytes"
	"fmt"
	"maps"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/transfer"
)

// WriteHistory writes what a copy has to keep: revisions that were superseded, deletions, labels
// and fields, values that are no JSON, or of which a database's JSON functions refuse something,
// and what expires.
func WriteHistory(t testing.TB, backend driver.Backend) {
	t.Helper()
	for i, value := range []string{`{"n":1}`, `{ "n" : 1e400, "text":"\u0000" }`, "k8s:enc:\x00\xff", ``, `{"emoji":"\ud83d"}`} {
		key := fmt.Sprintf("/kind/ns/%d", i)
		write := create(key, value)
		write.Attributes = driver.Attributes{Labels: map[string]string{"app": "a", "n": fmt.Sprint(i)}, Fields: map[string]string{"status.phase": "done"}}
		first := commitOne(t, backend, write)
		attributes := write.Attributes
		write = update(key, first, value+" ")
		write.Attributes, write.ExpiresAt = attributes, time.Now().Add(time.Hour).Truncate(time.Millisecond)
		second := commitOne(t, backend, write)
		if i%2 == 0 {
			commitOne(t, backend, remove(key, second))
		}
	}
	commit(t, backend, create("/other/1", `{}`), create("/other/2", `{}`), create("/other/3", `{}`))
}

// ReadRows reads all rows of a database.
func ReadRows(t testing.TB, backend driver.Backend, limit int) (all []driver.Row) {
	t.Helper()
	for after := int64(0); ; {
		page, err := backend.Rows(t.Context(), driver.RowQuery{After: after, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Rows) == 0 {
			return all
		}
		all = append(all, page.Rows...)
		after = page.Rows[len(page.Rows)-1].Revision
	}
}

// WantSameRows compares two databases row by row.
func WantSameRows(t testing.TB, got, want []driver.Row) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range got {
		a, b := got[i], want[i]
		if a.Revision != b.Revision || a.Key != b.Key || a.Expected != b.Expected || a.Delete != b.Delete || !bytes.Equal(a.Value, b.Value) ||
			a.Checksum != b.Checksum || a.CommittedAt.UnixMilli() != b.CommittedAt.UnixMilli() || a.ExpiresAt.UnixMilli() != b.ExpiresAt.UnixMilli() ||
			!maps.Equal(a.Labels, b.Labels) || !maps.Equal(a.Fields, b.Fields) {
			t.Errorf("row %d is %+v, want %+v", i, a, b)
		}
	}
}

func exerciseRows(t *testing.T, h Harness) {
	backend := h.open(t)
	WriteHistory(t, backend)
	newest := current(t, backend)
	rows := ReadRows(t, backend, 1000)
	if len(rows) != int(newest) || rows[0].Revision != 1 || !rows[0].Delete || rows[0].Key != "" {
		t.Fatalf("%d rows up to revision %d, the first is %+v; want all, and the mark of the empty database", len(rows), newest, rows[0])
	}
	for limit := 1; limit < 4; limit++ {
		WantSameRows(t, ReadRows(t, backend, limit), rows)
	}
	second := rows[2]
	if second.Expected != 2 || string(second.Value) != `{"n":1} ` || second.Checksum != driver.NewChecksum(second.Key, second.Value) {
		t.Errorf("the second write is %+v", second)
	}
	if rows[1].Labels["n"] != "0" || rows[1].Fields["status.phase"] != "done" {
		t.Errorf("the first write is %+v", rows[1])
	}
	bare, err := backend.Rows(t.Context(), driver.RowQuery{After: 1, Limit: 1, Bare: true})
	if err != nil || len(bare.Rows) != 1 || bare.Rows[0].Key != rows[1].Key || bare.Rows[0].Value != nil || bare.Rows[0].Labels["n"] != "" {
		t.Errorf("a row without its value: %+v (error %v)", bare, err)
	}
	none, err := backend.Rows(t.Context(), driver.RowQuery{After: 3, Count: true})
	if err != nil || len(none.Rows) != 0 || none.Count != newest-3 || none.Current.Revision != newest || none.Role != driver.Original || none.Compacted != 0 {
		t.Errorf("no rows: %+v (error %v), want revision %d", none, err, newest)
	}
	if err := backend.Compact(t.Context(), newest); err != nil {
		t.Fatal(err)
	}
	content, err := transfer.Read(t.Context(), backend, nil)
	if err != nil || content.Compacted != newest || content.Objects != 5 || content.Rows != 5 || len(content.Damaged) != 0 {
		t.Errorf("after a compaction: %+v (error %v), want the five living objects", content, err)
	}
}

// exerciseImport copies a database to another one of the same kind.
func exerciseImport(t *testing.T, h Harness) {
	from, to := h.open(t), h.open(t)
	WriteHistory(t, from)
	c, err := transfer.Begin(t.Context(), from, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	newest := current(t, from)
	if at, err := c.CatchUp(t.Context()); err != nil || at != newest {
		t.Fatalf("copied up to %d (error %v), want %d", at, err, newest)
	}
	WantSameRows(t, ReadRows(t, to, 1000), ReadRows(t, from, 1000))

	// What comes later, and a compaction.
	last := commitOne(t, from, create("/late", `{}`))
	commitOne(t, from, remove("/late", last))
	if err := from.Compact(t.Context(), newest); err != nil {
		t.Fatal(err)
	}
	if at, err := c.Switch(t.Context()); err != nil || at != newest+2 {
		t.Fatalf("switched at %d (error %v), want %d", at, err, newest+2)
	}
	WantSameRows(t, ReadRows(t, to, 1000), ReadRows(t, from, 1000))
	_, err = from.Commit(t.Context(), []driver.Write{create("/x", `{}`)})
	wantError(t, "commit to what was moved", err, driver.ErrUnavailable)
	_, err = from.StartIncarnation(t.Context())
	wantError(t, "incarnation of what was moved", err, driver.ErrMoved)
	changes, _, err := readLog(t.Context(), to, newest, "", 10)
	if err != nil || len(changes) != 2 || !changes[1].Deleted || changes[1].PrevRevision != last {
		t.Errorf("log of the copy: %+v (error %v)", changes, err)
	}
	if next := commitOne(t, to, create("/next", `{}`)); next != newest+3 {
		t.Errorf("the first write got revision %d, want %d", next, newest+3)
	}
	wantRecord(t, "a value that is no JSON", get(t, to, "/kind/ns/3", 0), " ", get(t, to, "/kind/ns/3", 0).Revision)
	expired, err := to.Expired(t.Context(), time.Now().Add(2*time.Hour), 10)
	if err != nil || len(expired) != 2 {
		t.Errorf("%d records expire (error %v), want 2", len(expired), err)
	}
	page := list(t, to, driver.ListQuery{Prefix: "/kind/", Filter: driver.Filter{{Key: "n", Operator: driver.In, Values: []string{"1"}}}})
	wantKeys(t, "what has a label", page.Records, "/kind/ns/1")
	_, err = transfer.Begin(t.Context(), from, to, nil)
	wantError(t, "another copy to what has been used", err, transfer.ErrNotEmpty)
}

func exerciseRoles(t *testing.T, h Harness) {
	for role, refused := range map[driver.Role]error{driver.Unfinished: driver.ErrUnfinished, driver.Moved: driver.ErrMoved, driver.Copied: nil} {
		backend := h.open(t)
		commitOne(t, backend, create("/kept", `{"n":1}`))
		wantError(t, "an import from elsewhere", backend.Import(t.Context(), driver.Import{After: 1, Role: role}), driver.ErrDiverged)
		const floor = 5_000_000_000
		if err := backend.Import(t.Context(), driver.Import{After: 2, Role: role, Floor: floor}); err != nil {
			t.Fatal(err)
		}
		_, err := backend.CurrentRevision(t.Context())
		wantError(t, "reading", err, driver.ErrDiverged)
		_, err = backend.Commit(t.Context(), []driver.Write{create("/x", `{}`)})
		wantError(t, "writing", err, driver.ErrDiverged)
		if rows, err := backend.Rows(t.Context(), driver.RowQuery{After: 1, Limit: 10}); err != nil || len(rows.Rows) != 1 || rows.Role != role {
			t.Errorf("rows: %+v, error %v", rows, err)
		}
		began, err := backend.StartIncarnation(t.Context())
		if refused != nil {
			wantError(t, "an incarnation", err, refused)
			continue
		}
		if err != nil || began.Began != floor+driver.IncarnationGap || began.Lost {
			t.Fatalf("began %+v (error %v), want one above %d, with nothing lost", began, err, int64(floor))
		}
		wantIncarnation(t, backend, began.Began, 0)
	}
}

// exerciseReadLostCommits: what has been restored can be verified at once, and is not changed.
func exerciseReadLostCommits(t *testing.T, h Harness) {
	backend := h.open(t)
	commitOne(t, backend, create("/kept", `{"n":1}`))
	h.Lose(t, backend, commitOne(t, backend, create("/lost", `{}`)), nil)
	found, err := transfer.Read(t.Context(), backend, nil)
	if err != nil || found.Objects != 1 || found.Current != 2 || len(found.Damaged) > 0 {
		t.Errorf("found %+v (error %v), want one object and no damage", found, err)
	}
	_, err = backend.CurrentRevision(t.Context())
	wantError(t, "reading on", err, driver.ErrDiverged)
}
