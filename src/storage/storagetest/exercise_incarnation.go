package storagetest

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// exerciseLostCommits has the database lose its last commits while processes use it, as a failover
// or an older backup does, and checks each operation: whichever comes first must not take the new
// history for the old one.
func exerciseLostCommits(t *testing.T, h Harness) {
	for name, operation := range map[string]func(driver.Backend) error{
		"get":     func(b driver.Backend) error { _, _, err := b.Get(t.Context(), "/kept", 0); return err },
		"get at":  func(b driver.Backend) error { _, _, err := b.Get(t.Context(), "/kept", 2); return err },
		"list":    func(b driver.Backend) error { _, err := b.List(t.Context(), driver.ListQuery{}); return err },
		"log":     func(b driver.Backend) error { _, _, err := b.Log(t.Context(), 2, "", 10); return err },
		"current": func(b driver.Backend) error { _, err := b.CurrentRevision(t.Context()); return err },
		"commit": func(b driver.Backend) error {
			_, err := b.Commit(t.Context(), []driver.Write{create("/other", `{}`)})
			return err
		},
	} {
		// Until other processes have gone on from there past what this one has seen, and before.
		for _, overtaken := range []bool{false, true} {
			open := h.New(t)
			backend := closing(t, open(t))
			commitOne(t, backend, create("/kept", `{"n":1}`))
			lost := commitOne(t, backend, create("/lost", `{}`))
			var writes []driver.Write
			if overtaken {
				writes = append(writes, create("/new/1", `{}`), create("/new/2", `{}`))
			}
			h.Lose(t, backend, lost, writes)
			wantError(t, name+" after commits were lost", operation(backend), driver.ErrDiverged)
			wantError(t, name+" again", operation(backend), driver.ErrUnavailable)

			found := lost - 1 + int64(len(writes))
			got, err := backend.StartIncarnation(t.Context())
			if err != nil || got.Seen != lost || got.Found != found || !got.Lost || got.Began <= max(lost, found) {
				t.Fatalf("%s: began %+v (error %v), want one above %d, where %d was found", name, got, err, max(lost, found), found)
			}
			if again, err := backend.StartIncarnation(t.Context()); err != nil || again.Began != 0 {
				t.Errorf("%s: another incarnation %+v began (error %v)", name, again, err)
			}
			wantIncarnation(t, backend, got.Began, int64(len(writes)))
			if h.Shared {
				wantIncarnation(t, closing(t, open(t)), got.Began+2, int64(len(writes)))
			}
		}
	}
}

// wantIncarnation checks a database that went back to /kept, and had others written since.
func wantIncarnation(t *testing.T, backend driver.Backend, began, others int64) {
	t.Helper()
	if got := current(t, backend); got != began {
		t.Errorf("the current revision is %d, want %d", got, began)
	}
	for revision := int64(2); revision < 5; revision++ {
		_, _, err := backend.Log(t.Context(), revision, "", 10)
		wantError(t, "log from before", err, driver.ErrCompacted)
		_, _, err = backend.Get(t.Context(), "/kept", revision)
		wantError(t, "get at a revision from before", err, driver.ErrCompacted)
	}
	wantRecord(t, "what was kept", get(t, backend, "/kept", 0), `{"n":1}`, 2)
	wantAbsent(t, "what was lost", get(t, backend, "/lost", 0))
	if stats, err := backend.Stats(t.Context(), "/"); err != nil || stats.Keys != 1+others {
		t.Errorf("%d keys (error %v), want %d", stats.Keys, err, 1+others)
	}
	// It goes on, without a gap, and what came to be superseded is dropped.
	revision := commitOne(t, backend, create("/next", `{}`))
	if revision != began+1 {
		t.Errorf("the first write got revision %d, want %d", revision, began+1)
	}
	changes, through, err := readLog(t.Context(), backend, began, "", 10)
	if err != nil || len(changes) != 1 || through != revision {
		t.Errorf("log of the incarnation: %d changes through %d, error %v; want one, %d", len(changes), through, err, revision)
	}
	commitOne(t, backend, remove("/next", revision))
	if err := backend.Compact(t.Context(), revision+1); err != nil {
		t.Fatal(err)
	}
	wantRecord(t, "what was kept, after a compaction", get(t, backend, "/kept", 0), `{"n":1}`, 2)
}
