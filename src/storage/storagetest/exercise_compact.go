package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

func exerciseCompact(t *testing.T, h Harness) {
	backend := h.open(t)
	a1 := commitOne(t, backend, create("/a", `{"n":1}`))
	b1 := commitOne(t, backend, create("/b", `{"n":1}`))
	a2 := commitOne(t, backend, update("/a", a1, `{"n":2}`))
	gone := commitOne(t, backend, remove("/b", b1))
	a3 := commitOne(t, backend, update("/a", a2, `{"n":3}`))
	c1 := commitOne(t, backend, create("/c", `{"n":1}`))
	compact := func(revision, want int64) {
		t.Helper()
		if err := backend.Compact(t.Context(), revision); err != nil {
			t.Fatalf("compact to %d: %v", revision, err)
		}
		if got, err := backend.CompactRevision(t.Context()); err != nil || got != want {
			t.Fatalf("compacted revision is %d (error %v), want %d", got, err, want)
		}
	}

	compact(gone, gone)
	for at := int64(1); at < gone; at++ {
		_, _, err := backend.Get(t.Context(), "/a", at)
		wantError(t, fmt.Sprintf("get at %d", at), err, driver.ErrCompacted)
		_, err = backend.List(t.Context(), driver.ListQuery{Revision: at})
		wantError(t, fmt.Sprintf("list at %d", at), err, driver.ErrCompacted)
		_, _, err = backend.Log(t.Context(), at, "", 10)
		wantError(t, fmt.Sprintf("log after %d", at), err, driver.ErrCompacted)
	}
	wantRecord(t, "at the compacted revision", get(t, backend, "/a", gone), `{"n":2}`, a2)
	wantAbsent(t, "at its tombstone's revision", get(t, backend, "/b", gone))
	wantKeys(t, "list at the compacted revision", list(t, backend, driver.ListQuery{Revision: gone, Count: true}).Records, "/a")
	changes, _, err := readLog(t.Context(), backend, gone, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	wantChanges(t, "log after the compacted revision", changes, []driver.Change{
		{Key: "/a", Revision: a3, Value: []byte(`{"n":3}`), PrevRevision: a2, PrevValue: []byte(`{"n":2}`)},
		{Key: "/c", Revision: c1, Value: []byte(`{"n":1}`)},
	})

	compact(a1, gone) // It never goes back.
	compact(c1, c1)
	wantRecord(t, "an old record that is current", get(t, backend, "/a", 0), `{"n":3}`, a3)
	wantKeys(t, "list after compaction", list(t, backend, driver.ListQuery{}).Records, "/a", "/c")
	compact(c1+100, c1) // There is nothing beyond the current revision.
	if got := commitOne(t, backend, create("/b", `{}`)); got != c1+1 {
		t.Errorf("the write after compaction has revision %d, want %d", got, c1+1)
	}
}

// exerciseCompactNewestTombstone compacts to a tombstone that is the newest entry: the current
// revision must survive it.
func exerciseCompactNewestTombstone(t *testing.T, h Harness) {
	open := h.New(t)
	backend := open(t)
	created := commitOne(t, backend, create("/a", `{}`))
	deleted := commitOne(t, backend, remove("/a", created))
	if err := backend.Compact(t.Context(), deleted); err != nil {
		t.Fatal(err)
	}
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
	backend = closing(t, open(t))
	if got := current(t, backend); got != deleted {
		t.Errorf("after compaction the current revision is %d, want %d", got, deleted)
	}
	again := commitOne(t, backend, create("/b", `{}`))
	if again != deleted+1 {
		t.Errorf("the next revision is %d, want %d", again, deleted+1)
	}
	if err := backend.Compact(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	// The tombstone can go now; then the oldest entry is the one after it.
	first, err := backend.CommitTime(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if last, err := backend.CommitTime(t.Context(), again); err != nil || !first.Equal(last) {
		t.Errorf("the oldest entry is of %s, want %s, the time of the only record (error %v)", first, last, err)
	}
}

// exerciseCompactionRaces compacts while lists and logs are read: their answers are complete, or
// ErrCompacted.
func exerciseCompactionRaces(t *testing.T, h Harness) {
	backends := h.openSeveral(t, 2)
	writer, reader := backends[0], backends[len(backends)-1]
	const keys = 50
	rounds := 60
	if h.small() {
		rounds = 15
	}
	var revisions [keys]int64
	for i := range revisions {
		revisions[i] = commitOne(t, writer, create(fmt.Sprintf("/k/%02d", i), `{}`))
	}
	done := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { // Updates every key in each round, deletes and creates some again, and compacts behind itself.
		defer close(done)
		for round := range rounds {
			var batch []driver.Write
			for i := range keys {
				batch = append(batch, update(fmt.Sprintf("/k/%02d", i), revisions[i], fmt.Sprintf(`{"round":%d}`, round)))
			}
			got, err := writer.Commit(t.Context(), batch)
			if err != nil {
				t.Errorf("commit: %v", err)
				return
			}
			copy(revisions[:], got)
			i := round % keys
			for _, write := range []driver.Write{remove(fmt.Sprintf("/k/%02d", i), revisions[i]), create(fmt.Sprintf("/k/%02d", i), `{}`)} {
				got, err := writer.Commit(t.Context(), []driver.Write{write})
				if err != nil {
					t.Errorf("commit: %v", err)
					return
				}
				revisions[i] = got[0]
			}
			if err := writer.Compact(t.Context(), revisions[i]-keys/2); err != nil {
				t.Errorf("compact: %v", err)
				return
			}
		}
	})
	var complete, compacted int
	ended := func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
	running.Go(func() {
		for last := int64(1); !ended(); {
			at, err := reader.CurrentRevision(t.Context())
			if err != nil {
				t.Errorf("current revision: %v", err)
				return
			}
			changes, through, err := readLog(t.Context(), reader, last, "", 7)
			switch {
			case errors.Is(err, driver.ErrCompacted):
				last = at
				continue
			case err != nil:
				t.Errorf("log after %d: %v", last, err)
				return
			}
			for _, change := range changes {
				if last++; change.Revision != last {
					t.Errorf("log has revision %d where %d is due", change.Revision, last)
					return
				}
				if (change.PrevValue == nil) != (change.PrevRevision == 0) {
					t.Errorf("the previous value of revision %d is missing", change.Revision)
				}
			}
			if last < through {
				t.Errorf("log is read through %d, but its last change is %d", through, last)
				return
			}
		}
	})
	running.Go(func() {
		for !ended() {
			at, err := reader.CurrentRevision(t.Context())
			if err != nil {
				t.Errorf("current revision: %v", err)
				return
			}
			seen := 0
			for query := (driver.ListQuery{Prefix: "/k/", Revision: at, Limit: 9}); ; {
				page, err := reader.List(t.Context(), query)
				if errors.Is(err, driver.ErrCompacted) {
					compacted++
					break
				}
				if err != nil {
					t.Errorf("list at %d: %v", at, err)
					return
				}
				seen += len(page.Records)
				if !page.More {
					if complete++; seen < keys-1 {
						t.Errorf("list at %d has %d keys, want %d or the one less that is being created again", at, seen, keys)
					}
					break
				}
				query.Start = page.Records[len(page.Records)-1].Key + "\x00"
			}
		}
	})
	running.Wait()
	t.Logf("%d lists were complete, %d were compacted", complete, compacted)
}

// exercisePurge drops all history at once and keeps what there is now; processes go on.
func exercisePurge(t *testing.T, h Harness) {
	backend := h.open(t)
	a1 := commitOne(t, backend, create("/a", `{"n":1}`))
	b1 := commitOne(t, backend, create("/b", `{"n":1}`))
	a2 := commitOne(t, backend, update("/a", a1, `{"n":2}`))
	last := commitOne(t, backend, remove("/b", b1))
	if h.NotOwner {
		if err := backend.Purge(t.Context()); err == nil {
			t.Error("purged what belongs to another role")
		}
		return
	}
	for range 2 {
		if err := backend.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, _, err := backend.Get(t.Context(), "/a", last-1)
		wantError(t, "get from before", err, driver.ErrCompacted)
		if got := current(t, backend); got != last {
			t.Errorf("the current revision is %d, want %d", got, last)
		}
		wantRecord(t, "what there is", get(t, backend, "/a", 0), `{"n":2}`, a2)
		wantAbsent(t, "what was deleted", get(t, backend, "/b", 0))
	}
	if next := commitOne(t, backend, create("/b", `{"n":2}`)); next != last+1 {
		t.Errorf("the next write got revision %d, want %d", next, last+1)
	}
}
