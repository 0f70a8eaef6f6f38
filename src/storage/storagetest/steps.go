package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// The steps that scenarios are made of.

// eventually waits until condition holds.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for deadline := time.After(time.Minute); !condition(); {
		select {
		case <-poll.C:
		case <-deadline:
			t.Fatalf("it did not come about that %s", what)
		}
	}
}

func create(key, value string) driver.Write {
	return driver.Write{Key: key, Value: []byte(value)}
}

func update(key string, expected int64, value string) driver.Write {
	return driver.Write{Key: key, Expected: expected, Value: []byte(value)}
}

func remove(key string, expected int64) driver.Write {
	return driver.Write{Key: key, Expected: expected, Delete: true}
}

// commit has all writes succeed, and returns their revisions.
func commit(t testing.TB, backend driver.Backend, writes ...driver.Write) []int64 {
	t.Helper()
	revisions := tryCommit(t, backend, writes...)
	for i, revision := range revisions {
		if revision == 0 {
			t.Fatalf("the precondition of write %d (%s, expected revision %d) did not hold", i, writes[i].Key, writes[i].Expected)
		}
	}
	return revisions
}

// commitOne is commit for one write.
func commitOne(t testing.TB, backend driver.Backend, write driver.Write) int64 {
	t.Helper()
	return commit(t, backend, write)[0]
}

// tryCommit allows for conflicts.
func tryCommit(t testing.TB, backend driver.Backend, writes ...driver.Write) []int64 {
	t.Helper()
	revisions, err := backend.Commit(t.Context(), writes)
	if err != nil {
		t.Fatalf("commit of %d writes: %v", len(writes), err)
	}
	if len(revisions) != len(writes) {
		t.Fatalf("commit of %d writes returned %d revisions", len(writes), len(revisions))
	}
	return revisions
}

// fill creates keys in large batches.
func fill(t testing.TB, backend driver.Backend, keys []string, value func(key string) string) {
	t.Helper()
	for chunk := range slices.Chunk(keys, 1000) {
		writes := make([]driver.Write, len(chunk))
		for i, key := range chunk {
			writes[i] = create(key, value(key))
		}
		commit(t, backend, writes...)
	}
}

func current(t testing.TB, backend driver.Backend) int64 {
	t.Helper()
	revision, err := backend.CurrentRevision(t.Context())
	if err != nil {
		t.Fatalf("current revision: %v", err)
	}
	return revision
}

func get(t testing.TB, backend driver.Backend, key string, at int64) *driver.Record {
	t.Helper()
	record, _, err := backend.Get(t.Context(), key, at)
	if err != nil {
		t.Fatalf("get %s at %d: %v", key, at, err)
	}
	return record
}

func list(t testing.TB, backend driver.Backend, query driver.ListQuery) driver.Page {
	t.Helper()
	page, err := backend.List(t.Context(), query)
	if err != nil {
		t.Fatalf("list %+v: %v", query, err)
	}
	return page
}

// readLog reads all changes of prefix after a revision, limit at a time.
func readLog(ctx context.Context, backend driver.Backend, after int64, prefix string, limit int) (changes []driver.Change, through int64, err error) {
	through = after
	for {
		page, next, err := backend.Log(ctx, through, prefix, limit)
		if err != nil {
			return nil, 0, err
		}
		if len(page) > limit {
			return nil, 0, fmt.Errorf("log after %d returned %d changes, more than the limit %d", through, len(page), limit)
		}
		for _, change := range page {
			if change.Revision <= through || change.Revision > next {
				return nil, 0, fmt.Errorf("log after %d through %d has a change of revision %d", through, next, change.Revision)
			}
		}
		changes = append(changes, page...)
		if next == through {
			return changes, through, nil
		}
		if next < through {
			return nil, 0, fmt.Errorf("log after %d goes back to %d", through, next)
		}
		through = next
	}
}

func keysOf(records []driver.Record) []string {
	keys := make([]string, len(records))
	for i, record := range records {
		keys[i] = record.Key
	}
	return keys
}

func wantKeys(t testing.TB, what string, records []driver.Record, want ...string) {
	t.Helper()
	if got := keysOf(records); !slices.Equal(got, want) {
		t.Errorf("%s: got keys %q, want %q", what, got, want)
	}
}

func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

func wantRecord(t testing.TB, what string, record *driver.Record, value string, revision int64) {
	t.Helper()
	switch {
	case record == nil:
		t.Errorf("%s: not found, want %q at revision %d", what, value, revision)
	case string(record.Value) != value || record.Revision != revision:
		t.Errorf("%s: got %q at revision %d, want %q at revision %d", what, record.Value, record.Revision, value, revision)
	}
}

func wantAbsent(t testing.TB, what string, record *driver.Record) {
	t.Helper()
	if record != nil {
		t.Errorf("%s: got %q at revision %d, want nothing", what, record.Value, record.Revision)
	}
}

// sameChange compares; nil and empty values are the same.
func sameChange(a, b driver.Change) bool {
	return a.Key == b.Key && a.Revision == b.Revision && a.Deleted == b.Deleted && a.PrevRevision == b.PrevRevision &&
		bytes.Equal(a.Value, b.Value) && bytes.Equal(a.PrevValue, b.PrevValue)
}

func wantChanges(t testing.TB, what string, got, want []driver.Change) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: got %d changes, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if !sameChange(got[i], want[i]) {
			t.Errorf("%s: change %d is %s, want %s", what, i, describe(got[i]), describe(want[i]))
			return
		}
	}
}

func describe(c driver.Change) string {
	return fmt.Sprintf("{%s revision %d deleted %t value %s; before: revision %d value %s}",
		c.Key, c.Revision, c.Deleted, shorten(c.Value), c.PrevRevision, shorten(c.PrevValue))
}

func shorten(value []byte) string {
	if len(value) > 60 {
		return fmt.Sprintf("%q… (%d bytes)", value[:60], len(value))
	}
	return fmt.Sprintf("%q", value)
}
