package sqlite_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/turns"
)

// openWithOne opens a new database with the key /a, until the test ends.
func openWithOne(t *testing.T) *sqlite.Backend {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = backend.Close() })
	if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/a", Value: []byte(`{}`)}}); err != nil {
		t.Fatal(err)
	}
	return backend
}

// TestSlowLists: however many lists take long, other reads wait for none of them.
func TestSlowLists(t *testing.T) {
	t.Parallel()
	backend := openWithOne(t)
	connections := backend.Pools()[0].Max
	var releases []func()
	defer func() {
		var all sync.WaitGroup
		for _, release := range releases { // all at once, as they begin in any order
			all.Go(release)
		}
		all.Wait()
	}()
	for i := range 2 * connections {
		began, release := backend.HoldList(t)
		releases = append(releases, release)
		if i < connections/2 {
			<-began
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), stall)
	defer cancel()
	if record, _, err := backend.Get(ctx, "/a", 0); err != nil || record == nil {
		t.Errorf("got %v, %v", record, err)
	}
	if changes, _, err := backend.Log(ctx, 1, "", 10); err != nil || len(changes) != 1 {
		t.Errorf("got %v, %v", changes, err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if _, err := backend.List(ended, driver.ListQuery{Prefix: "/"}); err == nil {
		t.Error("a list that nobody waits for was read")
	}
}

// TestReadsHaveAPace: what precedes comes between what they read.
func TestReadsHaveAPace(t *testing.T) {
	t.Parallel()
	backend := openWithOne(t)
	for name, read := range map[string]func(context.Context) error{
		"a list": func(ctx context.Context) error {
			_, err := backend.List(ctx, driver.ListQuery{Prefix: "/"})
			return err
		},
		"keys": func(ctx context.Context) error {
			_, err := backend.GetAll(ctx, driver.KeysQuery{Keys: []string{"/a"}, Revision: 2})
			return err
		},
		"the log": func(ctx context.Context) error {
			_, _, err := backend.Log(ctx, 1, "", 10)
			return err
		},
	} {
		shared := turns.New(func() int { return 1 })
		pace := shared.NewPace()
		time.Sleep(time.Millisecond) // What it has worked for is how long it may wait.
		end := shared.Precede()
		if err := read(turns.WithPace(t.Context(), pace)); err != nil {
			t.Error(err)
		}
		end()
		if all, lately := pace.Worked(); lately == all {
			t.Errorf("%s waited for nothing", name)
		}
	}
}
