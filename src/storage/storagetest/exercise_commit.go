package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

func exerciseEmptyDatabase(t *testing.T, h Harness) {
	backend := h.open(t)
	if backend.Name() == "" {
		t.Error("the driver has no name")
	}
	if got := current(t, backend); got != 1 {
		t.Errorf("an empty database is at revision %d, want 1", got)
	}
	if compacted, err := backend.CompactRevision(t.Context()); err != nil || compacted != 0 {
		t.Errorf("compacted revision is %d (error %v), want 0", compacted, err)
	}
	page := list(t, backend, driver.ListQuery{Count: true})
	if len(page.Records) != 0 || page.Revision != 1 || page.More || page.Remaining != 0 {
		t.Errorf("list is %+v, want no records at revision 1", page)
	}
	for _, at := range []int64{0, 1} {
		wantAbsent(t, "the empty key", get(t, backend, "", at))
	}
	changes, through, err := backend.Log(t.Context(), 0, "", 10)
	if err != nil || len(changes) != 0 || through != 1 {
		t.Errorf("log has %v through %d (error %v), want nothing through 1", changes, through, err)
	}
	if err := backend.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if revisions, err := backend.Commit(t.Context(), nil); err != nil || len(revisions) != 0 {
		t.Errorf("commit of nothing returned %v, %v", revisions, err)
	}
}

func exerciseReopen(t *testing.T, h Harness) {
	open := h.New(t)
	first := open(t)
	revision := commitOne(t, first, create("/a", `{"n":1}`))
	if err := first.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	second := closing(t, open(t))
	wantRecord(t, "after closing and opening", get(t, second, "/a", 0), `{"n":1}`, revision)
	if got := commitOne(t, second, update("/a", revision, `{"n":2}`)); got != revision+1 {
		t.Errorf("the next revision is %d, want %d", got, revision+1)
	}
}

func exercisePreconditions(t *testing.T, h Harness) {
	backend := h.open(t)
	created := commitOne(t, backend, create("/a", `{"n":1}`))
	if created != 2 {
		t.Errorf("the first write has revision %d, want 2", created)
	}
	for what, write := range map[string]driver.Write{
		"create of a key that exists":        create("/a", `{}`),
		"update with an older revision":      update("/a", created-1, `{}`),
		"update with a newer revision":       update("/a", created+1, `{}`),
		"update of a key that doesn't exist": update("/b", created, `{}`),
		"delete with an older revision":      remove("/a", created-1),
		"delete of a key that doesn't exist": remove("/b", created),
	} {
		if got := tryCommit(t, backend, write)[0]; got != 0 {
			t.Errorf("%s: got revision %d, want a conflict", what, got)
		}
	}
	wantRecord(t, "after conflicts", get(t, backend, "/a", 0), `{"n":1}`, created)

	updated := commitOne(t, backend, update("/a", created, `{"n":2}`))
	wantRecord(t, "after the update", get(t, backend, "/a", 0), `{"n":2}`, updated)
	if got := tryCommit(t, backend, update("/a", created, `{"n":3}`))[0]; got != 0 {
		t.Errorf("the same update again: got revision %d, want a conflict", got)
	}
	deleted := commitOne(t, backend, remove("/a", updated))
	wantAbsent(t, "after the deletion", get(t, backend, "/a", 0))
	if got := tryCommit(t, backend, update("/a", updated, `{}`), remove("/x", deleted)); got[0] != 0 || got[1] != 0 {
		t.Errorf("writes to keys that are gone: got revisions %v, want conflicts", got)
	}
	again := commitOne(t, backend, create("/a", `{"n":4}`))
	wantRecord(t, "after creating it again", get(t, backend, "/a", 0), `{"n":4}`, again)
	if got := []int64{updated, deleted, again}; !slices.Equal(got, []int64{3, 4, 5}) {
		t.Errorf("revisions are %v, want 3, 4, 5", got)
	}
}

func exerciseConflictsCostNoRevision(t *testing.T, h Harness) {
	backend := h.open(t)
	a := commitOne(t, backend, create("/a", `{}`))
	if got := tryCommit(t, backend, create("/a", `{}`), remove("/b", 7)); got[0] != 0 || got[1] != 0 {
		t.Errorf("got revisions %v, want conflicts", got)
	}
	if got := current(t, backend); got != a {
		t.Errorf("a batch of conflicts moved the revision from %d to %d", a, got)
	}
	got := tryCommit(t, backend,
		create("/a", `{}`), create("/z", `{}`), update("/a/x", 1, `{}`), create("/b", `{}`), remove("/c", 9), create("/0", `{}`))
	if want := []int64{0, a + 1, 0, a + 2, 0, a + 3}; !slices.Equal(got, want) {
		t.Errorf("revisions of a batch with conflicts are %v, want %v", got, want)
	}
	changes, through, err := readLog(t.Context(), backend, a, "", 10)
	if err != nil || through != a+3 || len(changes) != 3 {
		t.Errorf("log has %d changes through %d (error %v), want 3 through %d", len(changes), through, err, a+3)
	}
}

func exerciseLargeBatch(t *testing.T, h Harness) {
	backend := h.open(t)
	const size = 2000
	writes := make([]driver.Write, size)
	for i := range writes {
		// Neither in the order of the keys nor in its reverse.
		writes[i] = create(fmt.Sprintf("/%04d", i*37%size), fmt.Sprintf(`{"i":%d}`, i))
	}
	for i, revision := range commit(t, backend, writes...) {
		if want := int64(i + 2); revision != want {
			t.Fatalf("write %d has revision %d, want %d", i, revision, want)
		}
		wantRecord(t, writes[i].Key, get(t, backend, writes[i].Key, 0), fmt.Sprintf(`{"i":%d}`, i), revision)
		if i == 20 {
			break
		}
	}
	if got := current(t, backend); got != size+1 {
		t.Errorf("current revision is %d, want %d", got, size+1)
	}
}

func exerciseCancelledCommit(t *testing.T, h Harness) {
	backend := h.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := backend.Commit(ctx, []driver.Write{create("/a", `{}`)})
	if err == nil || errors.Is(err, driver.ErrUnknownOutcome) {
		t.Errorf("commit with a context that had ended: got error %v, want one that leaves no doubt", err)
	}
	wantAbsent(t, "after the cancelled commit", get(t, backend, "/a", 0))
	if got := commitOne(t, backend, create("/b", `{}`)); got != 2 {
		t.Errorf("the next write has revision %d, want 2", got)
	}
}
