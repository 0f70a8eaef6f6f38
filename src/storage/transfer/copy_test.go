package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/transfer"
)

// TestCopy copies between any two databases while somebody writes and history is compacted, and
// then has the copy take the other one's place.
func TestCopy(t *testing.T) {
	t.Parallel()
	for source, newSource := range kinds {
		for target, newTarget := range kinds {
			t.Run(source+" to "+target, func(t *testing.T) {
				t.Parallel()
				from, to := newSource(t), newTarget(t)
				storagetest.WriteHistory(t, from)
				w := startWriter(t, from)
				c, err := transfer.Begin(t.Context(), from, to, nil)
				if err != nil {
					t.Fatal(err)
				}
				for range 3 {
					w.await(t, 50)
					if _, err := c.CatchUp(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				w.stop()
				at, err := c.Switch(t.Context())
				if err != nil || at < w.newest {
					t.Fatalf("switched at revision %d (error %v), but %d was acknowledged", at, err, w.newest)
				}
				wantCopy(t, to, from)
				if next := commit(t, to, driver.Write{Key: "/next", Value: []byte(`{}`)}); next != at+1 {
					t.Errorf("the first write got revision %d, want %d", next, at+1)
				}
			})
		}
	}
}

// writer commits until it is stopped, and compacts now and then.
type writer struct {
	stop    func()
	commits chan int64
	// newest is the last revision that was acknowledged; to be read when it has stopped.
	newest int64
}

func startWriter(t *testing.T, backend driver.Backend) *writer {
	ctx, cancel := context.WithCancel(t.Context())
	w := &writer{commits: make(chan int64)}
	var running sync.WaitGroup
	w.stop = func() { cancel(); running.Wait() }
	t.Cleanup(w.stop)
	running.Go(func() { // until stop
		defer close(w.commits)
		living := map[string]int64{}
		for i := 0; ctx.Err() == nil; i++ {
			key := fmt.Sprintf("/busy/%d", i%7)
			write := driver.Write{Key: key, Expected: living[key], Value: fmt.Appendf(nil, `{"i":%d}`, i), Delete: living[key] != 0 && i%3 == 0}
			revisions, err := backend.Commit(context.WithoutCancel(ctx), []driver.Write{write})
			if err != nil || revisions[0] == 0 {
				t.Errorf("commit: %v, %v", revisions, err)
				return
			}
			w.newest, living[key] = revisions[0], revisions[0]
			if write.Delete {
				delete(living, key)
			}
			if i%20 == 0 {
				if err := backend.Compact(context.WithoutCancel(ctx), w.newest-10); err != nil {
					t.Error(err)
				}
			}
			select {
			case w.commits <- w.newest:
			default:
			}
		}
	})
	return w
}

// await waits for a number of commits.
func (w *writer) await(t *testing.T, commits int) {
	t.Helper()
	for range commits {
		if _, goesOn := <-w.commits; !goesOn {
			t.Fatal("the writer has stopped")
		}
	}
}

func commit(t *testing.T, backend driver.Backend, writes ...driver.Write) int64 {
	t.Helper()
	revisions, err := backend.Commit(t.Context(), writes)
	if err != nil || revisions[len(revisions)-1] == 0 {
		t.Fatalf("commit: revisions %v, error %v", revisions, err)
	}
	return revisions[len(revisions)-1]
}

// wantCopy compares a copy with what it was made of. What is compacted may have been deleted from
// one of them only.
func wantCopy(t *testing.T, to, from driver.Backend) {
	t.Helper()
	a, b := content(t, to), content(t, from)
	if len(a.Damaged) > 0 || a.Objects != b.Objects || a.Current != b.Current || a.Compacted != b.Compacted {
		t.Errorf("the copy has %+v, want %+v", a, b)
	}
	storagetest.WantSameRows(t, kept(t, to, b.Compacted), kept(t, from, b.Compacted))
}

func content(t *testing.T, backend driver.Backend) transfer.Content {
	t.Helper()
	c, err := transfer.Read(t.Context(), backend, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// kept are the rows that compaction must not delete.
func kept(t *testing.T, backend driver.Backend, compacted int64) (rows []driver.Row) {
	t.Helper()
	superseded := map[int64]bool{}
	all := storagetest.ReadRows(t, backend, 500)
	for _, row := range all {
		if row.Revision <= compacted {
			superseded[row.Expected] = true
		}
	}
	for _, row := range all {
		if row.Revision > compacted || !superseded[row.Revision] && !row.Delete {
			rows = append(rows, row)
		}
	}
	return rows
}

// TestInterrupted has the copy end after each of its steps, whether that was done or not, as when
// its process is killed; what is begun anew goes on.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for target, newTarget := range kinds {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			from, to := kinds["sqlite"](t), newTarget(t)
			storagetest.WriteHistory(t, from)
			var last int64
			for i := range 600 {
				last = commit(t, from, driver.Write{Key: "/many", Expected: last, Value: fmt.Appendf(nil, `{"i":%d}`, i)})
			}
			attempts := 0
			for done := false; !done; attempts++ {
				if attempts > 100 {
					t.Fatal("it does not come to its end")
				}
				interrupted := &interrupting{Backend: to, after: attempts % 2}
				c, err := transfer.Begin(t.Context(), from, interrupted, nil)
				if err != nil {
					t.Fatal(err)
				}
				_, err = c.Switch(t.Context())
				if err != nil && !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
				done = err == nil
			}
			if attempts < 5 {
				t.Errorf("it was interrupted only %d times", attempts-1)
			}
			wantCopy(t, to, from)
			commit(t, to, driver.Write{Key: "/next", Value: []byte(`{}`)})
		})
	}
}

var errKilled = errors.New("killed")

// interrupting does a number of imports, and one more of which nobody hears.
type interrupting struct {
	driver.Backend
	after int
}

func (b *interrupting) Import(ctx context.Context, batch driver.Import) error {
	if b.after < 0 {
		return errKilled
	}
	b.after--
	if err := b.Backend.Import(ctx, batch); err != nil {
		return err
	}
	if b.after < 0 {
		return errKilled
	}
	return nil
}

// TestOvertaken: objects are deleted while the copy is under way, and compaction deletes all that
// tells so before the copy gets there.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	for source, newSource := range kinds {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			from, to := newSource(t), kinds["sqlite"](t)
			var revisions []int64
			for i := range 100 {
				revisions = append(revisions, commit(t, from, driver.Write{Key: fmt.Sprintf("/k/%d", i), Value: []byte(`{}`)}))
			}
			deleted := 0
			overtaking := &overtaking{Backend: from, overtake: func() {
				if deleted < 40 {
					commit(t, from, driver.Write{Key: fmt.Sprintf("/k/%d", deleted), Expected: revisions[deleted], Delete: true})
					last := commit(t, from, driver.Write{Key: fmt.Sprintf("/late/%d", deleted), Value: []byte(`{}`)})
					if err := from.Compact(t.Context(), last); err != nil {
						t.Error(err)
					}
					deleted++
				}
			}}
			c, err := transfer.Begin(t.Context(), overtaking, to, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if deleted < 5 {
				t.Errorf("the copy was overtaken only %d times", deleted)
			}
			if _, err := c.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantCopy(t, to, from)
		})
	}
}

// TestLastRowGone: the deletion that a copy ends with goes from the source while the two are
// compared.
func TestLastRowGone(t *testing.T) {
	t.Parallel()
	for source, newSource := range kinds {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			from, to := newSource(t), kinds["sqlite"](t)
			first := commit(t, from, driver.Write{Key: "/k", Value: []byte(`{}`)})
			pages, last := 0, int64(0)
			overtaking := &overtaking{Backend: from, overtake: func() {
				pages++
				var compacted int64
				switch pages {
				case 3: // after those that copied the beginning
					compacted = commit(t, from, driver.Write{Key: "/other", Value: []byte(`{}`)})
					last = commit(t, from, driver.Write{Key: "/k", Expected: first, Delete: true})
				case 4:
					commit(t, from, driver.Write{Key: "/more", Value: []byte(`{}`)})
					compacted = last
				default:
					return
				}
				if err := from.Compact(t.Context(), compacted); err != nil {
					t.Error(err)
				}
			}}
			c, err := transfer.Begin(t.Context(), overtaking, to, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			pages = 2
			for range 2 {
				if _, err := c.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if pages < 4 {
				t.Errorf("only %d pages were read", pages)
			}
			wantCopy(t, to, from)
		})
	}
}

// overtaking does something before each page.
type overtaking struct {
	driver.Backend
	overtake func()
}

func (b *overtaking) Rows(ctx context.Context, query driver.RowQuery) (driver.Rows, error) {
	if query.Limit > 0 {
		b.overtake()
	}
	return b.Backend.Rows(ctx, query)
}

// TestWhatIsNoCopy: nothing is written to a database that has something of its own, or of another
// one.
func TestWhatIsNoCopy(t *testing.T) {
	t.Parallel()
	for target, newTarget := range kinds {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			first, second, to := kinds["sqlite"](t), kinds["sqlite"](t), newTarget(t)
			storagetest.WriteHistory(t, first)
			storagetest.WriteHistory(t, second)
			c, err := transfer.Begin(t.Context(), first, to, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			before := storagetest.ReadRows(t, to, 500)
			if _, err := transfer.Begin(t.Context(), second, to, nil); !errors.Is(err, transfer.ErrUnrelated) {
				t.Errorf("a copy of another database goes on: %v", err)
			}
			if _, err := transfer.Begin(t.Context(), to, first, nil); !errors.Is(err, transfer.ErrNotEmpty) {
				t.Errorf("a copy to a database that is in use: %v", err)
			}
			// Somebody begins to use the copy.
			if _, err := to.StartIncarnation(t.Context()); err != nil {
				t.Fatal(err)
			}
			commit(t, first, driver.Write{Key: "/more", Value: []byte(`{}`)})
			if _, err := c.CatchUp(t.Context()); !errors.Is(err, driver.ErrDiverged) {
				t.Errorf("the copy goes on after somebody used it: %v", err)
			}
			storagetest.WantSameRows(t, storagetest.ReadRows(t, to, 500)[:len(before)], before)

			if err := transfer.Clear(t.Context(), to); err != nil {
				t.Fatal(err)
			}
			if c, err = transfer.Begin(t.Context(), second, to, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := c.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			storagetest.WantSameRows(t, storagetest.ReadRows(t, to, 500), storagetest.ReadRows(t, second, 500))
			began, err := to.StartIncarnation(t.Context())
			if err != nil || began.Began < 2*driver.IncarnationGap {
				t.Errorf("began %+v (error %v), want one above what the database had before", began, err)
			}
		})
	}
}

// TestKeysTooLong: what a database can't hold is named.
func TestKeysTooLong(t *testing.T) {
	t.Parallel()
	from, to := kinds["postgresql"](t), kinds["mysql"](t)
	long := "/" + strings.Repeat("k", 760)
	commit(t, from, driver.Write{Key: long, Value: []byte(`{}`)})
	c, err := transfer.Begin(t.Context(), from, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CatchUp(t.Context()); err == nil || !strings.Contains(err.Error(), long+" has 761 bytes") {
		t.Errorf("got error %v, want one with the key", err)
	}
}

// TestFollow: a copy is up to date within moments, through an outage too.
func TestFollow(t *testing.T) {
	t.Parallel()
	from, to := kinds["postgresql"](t), kinds["sqlite"](t)
	flaky := &flaky{Backend: to}
	reached := make(chan int64, 1000)
	c, err := transfer.Begin(t.Context(), from, flaky, func(p transfer.Progress) { reached <- p.Revision })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	outages := make(chan error, 10)
	go func() { ended <- c.Follow(ctx, func(err error) { outages <- err }) }()
	await := func(revision int64) {
		t.Helper()
		for at := range reached {
			if at >= revision {
				return
			}
		}
	}
	await(commit(t, from, driver.Write{Key: "/a", Value: []byte(`{}`)}))
	flaky.fail(true)
	commit(t, from, driver.Write{Key: "/b", Value: []byte(`{}`)})
	if err := <-outages; !errors.Is(err, driver.ErrUnavailable) {
		t.Errorf("an outage: %v", err)
	}
	flaky.fail(false)
	if err := <-outages; err != nil {
		t.Errorf("the end of an outage: %v", err)
	}
	await(commit(t, from, driver.Write{Key: "/c", Value: []byte(`{}`)}))
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	wantCopy(t, to, from)
}

// flaky is unavailable at times; an import is done all the same.
type flaky struct {
	driver.Backend
	mu      sync.Mutex
	failing bool
}

func (b *flaky) fail(failing bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failing = failing
}

func (b *flaky) Import(ctx context.Context, batch driver.Import) error {
	err := b.Backend.Import(ctx, batch)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failing {
		return driver.ErrUnavailable
	}
	return err
}
