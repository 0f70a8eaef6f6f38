package storagetest

import (
	"fmt"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

func exerciseLog(t *testing.T, h Harness) {
	backend := h.open(t)
	commit(t, backend, create("/a", `{"n":1}`), create("/b", `{"n":2}`))
	commit(t, backend, update("/a", 2, `{"n":3}`), remove("/b", 3))
	commitOne(t, backend, create("/b", `{"n":4}`))
	want := []driver.Change{
		{Key: "/a", Revision: 2, Value: []byte(`{"n":1}`)},
		{Key: "/b", Revision: 3, Value: []byte(`{"n":2}`)},
		{Key: "/a", Revision: 4, Value: []byte(`{"n":3}`), PrevRevision: 2, PrevValue: []byte(`{"n":1}`)},
		{Key: "/b", Revision: 5, Deleted: true, PrevRevision: 3, PrevValue: []byte(`{"n":2}`)},
		{Key: "/b", Revision: 6, Value: []byte(`{"n":4}`)},
	}
	for after := int64(0); after <= 6; after++ {
		for limit := 1; limit <= 6; limit++ {
			changes, through, err := readLog(t.Context(), backend, after, "", limit)
			if err != nil || through != 6 {
				t.Fatalf("log after %d, %d at a time: through %d, error %v; want 6", after, limit, through, err)
			}
			wantChanges(t, fmt.Sprintf("log after %d, %d at a time", after, limit), changes, want[max(after-1, 0):])
		}
	}
}

// exerciseLogPrefix has few changes of interest among many others: a call makes progress even if it
// finds nothing.
func exerciseLogPrefix(t *testing.T, h Harness) {
	backend := h.open(t)
	n := 30_000
	if h.small() {
		n = 12_000
	}
	var foreign []string
	for i := range n {
		foreign = append(foreign, fmt.Sprintf("/foreign/%06d", i))
	}
	first := commitOne(t, backend, create("/mine/1", `{"n":1}`))
	fill(t, backend, foreign, func(string) string { return `{}` })
	second := commitOne(t, backend, create("/mine/2", `{"n":2}`))
	commitOne(t, backend, create("/mine0", `{}`))

	changes, through, err := readLog(t.Context(), backend, 1, "/mine/", 500)
	if err != nil || through != current(t, backend) {
		t.Fatalf("log is read through %d (error %v), want %d", through, err, current(t, backend))
	}
	wantChanges(t, "log of a prefix", changes, []driver.Change{
		{Key: "/mine/1", Revision: first, Value: []byte(`{"n":1}`)},
		{Key: "/mine/2", Revision: second, Value: []byte(`{"n":2}`)},
	})
}

func exerciseExpired(t *testing.T, h Harness) {
	backend := h.open(t)
	now := time.Now()
	expiring := func(key string, after time.Duration) driver.Write {
		write := create(key, `{"key":"`+key+`"}`)
		write.ExpiresAt = now.Add(after)
		return write
	}
	revisions := commit(t, backend, expiring("/soon", time.Minute), expiring("/later", time.Hour), create("/never", `{}`),
		expiring("/past", -time.Hour), expiring("/extended", time.Minute), expiring("/kept", time.Minute), expiring("/gone", time.Minute))
	extended := expiring("/extended", time.Hour)
	extended.Expected = revisions[4]
	commit(t, backend, extended, update("/kept", revisions[5], `{}`), remove("/gone", revisions[6]))

	for _, tc := range []struct {
		after time.Duration
		limit int
		want  []string
	}{
		{0, 10, []string{"/past"}},
		{time.Minute + time.Second, 10, []string{"/past", "/soon"}},
		{2 * time.Hour, 10, []string{"/past", "/soon", "/later", "/extended"}},
		{-2 * time.Hour, 10, nil},
		{2 * time.Hour, 1, []string{"/past"}},
	} {
		records, err := backend.Expired(t.Context(), now.Add(tc.after), tc.limit)
		if err != nil {
			t.Fatalf("expired: %v", err)
		}
		found := make(map[string]driver.Record)
		for _, record := range records {
			found[record.Key] = record
		}
		if tc.limit == 1 && len(records) == 1 {
			continue // Any of them.
		}
		if len(found) != len(tc.want) {
			t.Errorf("after %s, limit %d: expired are %q, want %q", tc.after, tc.limit, keysOf(records), tc.want)
		}
		for _, key := range tc.want {
			record, ok := found[key]
			if live := get(t, backend, key, 0); !ok || record.Revision != live.Revision || string(record.Value) != string(live.Value) {
				t.Errorf("after %s: expired has %+v for %s, want %+v", tc.after, record, key, *live)
			}
		}
	}
}

func exerciseStats(t *testing.T, h Harness) {
	backend := h.open(t)
	want := func(prefix string, want driver.Stats) {
		t.Helper()
		if got, err := backend.Stats(t.Context(), prefix); err != nil || got != want {
			t.Errorf("stats of %q are %+v (error %v), want %+v", prefix, got, err, want)
		}
	}
	want("", driver.Stats{})
	revisions := commit(t, backend, create("/a/1", `{"é":1}`), create("/a/2", "\x00\xff\xfe"), create("/b/1", ""))
	want("/a/", driver.Stats{Keys: 2, Bytes: 8 + 3})
	want("/b/", driver.Stats{Keys: 1})
	want("", driver.Stats{Keys: 3, Bytes: 11})
	commit(t, backend, update("/a/1", revisions[0], `{}`), remove("/a/2", revisions[1]))
	want("/a/", driver.Stats{Keys: 1, Bytes: 2})
}

func exerciseCommitTime(t *testing.T, h Harness) {
	backend := h.open(t)
	// Clocks of databases may count in milliseconds.
	start := time.Now().Add(-time.Millisecond)
	first := commitOne(t, backend, create("/a", `{}`))
	second := commitOne(t, backend, update("/a", first, `{"n":1}`))
	commitTime := func(revision int64) time.Time {
		t.Helper()
		at, err := backend.CommitTime(t.Context(), revision)
		if err != nil {
			t.Fatalf("commit time of %d: %v", revision, err)
		}
		return at
	}
	a, b := commitTime(first), commitTime(second)
	if a.Before(start) || b.Before(a) || b.After(time.Now().Add(time.Millisecond)) {
		t.Errorf("committed at %s and %s, want both in this order after %s", a, b, start)
	}
	if got := commitTime(1); got.After(a) {
		t.Errorf("revision 1 was committed at %s, after revision 2 at %s", got, a)
	}
	if err := backend.Compact(t.Context(), second); err != nil {
		t.Fatalf("compact: %v", err)
	}
	if got := commitTime(first); !got.Equal(b) {
		t.Errorf("the oldest entry from a compacted revision on is of %s, want %s", got, b)
	}
}
