package sqlite_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/transfer"
)

// TestCopyOnAFullDisk: a copy that the disk is too small for leaves what was copied so far, and
// goes on when there is space.
func TestCopyOnAFullDisk(t *testing.T) {
	t.Parallel()
	from := closing(t, openAt(t, filepath.Join(t.TempDir(), "objects.db")))
	var writes []driver.Write
	for i := range 1000 {
		writes = append(writes, driver.Write{Key: fmt.Sprintf("/%d", i), Value: bytes.Repeat([]byte("x"), 2000)})
	}
	if _, err := from.Commit(t.Context(), writes); err != nil {
		t.Fatal(err)
	}
	to := closing(t, openAt(t, filepath.Join(t.TempDir(), "objects.db")))
	to.(*sqlite.Backend).LimitPages(t, 200)
	copyAll := func() error {
		c, err := transfer.Begin(t.Context(), from, to, nil)
		if err == nil {
			_, err = c.CatchUp(t.Context())
		}
		return err
	}
	if err := copyAll(); !errors.Is(err, driver.ErrUnavailable) {
		t.Fatalf("got error %v, want that the disk is full", err)
	}
	so, err := to.Rows(t.Context(), driver.RowQuery{})
	if err != nil || so.Role != driver.Unfinished || so.Current.Revision <= 1 {
		t.Errorf("the copy is %+v (error %v), want a part", so, err)
	}
	if _, err := to.StartIncarnation(t.Context()); !errors.Is(err, driver.ErrUnfinished) {
		t.Errorf("a part is served: %v", err)
	}
	to.(*sqlite.Backend).LimitPages(t, 0)
	if err := copyAll(); err != nil {
		t.Fatal(err)
	}
	storagetest.WantSameRows(t, storagetest.ReadRows(t, to, 500), storagetest.ReadRows(t, from, 500))
}

// TestReadOnly opens a file beside the process that has it, and one that nobody has, and changes
// nothing of either.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	writer := openAt(t, path)
	if _, err := writer.Commit(t.Context(), []driver.Write{{Key: "/a", Value: []byte(`{}`)}}); err != nil {
		t.Fatal(err)
	}
	readOnly := func() driver.Backend {
		t.Helper()
		backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		return backend
	}
	check := func(what string) {
		t.Helper()
		backend := readOnly()
		if record, current, err := backend.Get(t.Context(), "/a", 0); err != nil || record == nil || current != 2 {
			t.Errorf("%s: got %v at %d, error %v", what, record, current, err)
		}
		_, err := backend.Commit(t.Context(), []driver.Write{{Key: "/b", Value: []byte(`{}`)}})
		for _, err := range []error{
			err, backend.Import(t.Context(), driver.Import{}), backend.Compact(t.Context(), 2), backend.Purge(t.Context()),
		} {
			if !errors.Is(err, driver.ErrReadOnly) {
				t.Errorf("%s: a change: %v", what, err)
			}
		}
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	}
	check("beside the process that has it")
	if _, err := writer.Commit(t.Context(), []driver.Write{{Key: "/a", Expected: 2, Delete: true}}); err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Commit(t.Context(), []driver.Write{{Key: "/c", Value: []byte(`{}`)}}); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	backend := readOnly()
	if record, current, err := backend.Get(t.Context(), "/c", 0); err != nil || record == nil || current != 4 {
		t.Errorf("got %v at %d, error %v", record, current, err)
	}
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
	after, err := os.Stat(path)
	if err != nil || !after.ModTime().Equal(before.ModTime()) || after.Size() != before.Size() {
		t.Errorf("the file was changed: %v, error %v", after, err)
	}
	if files, err := filepath.Glob(path + "-*"); err != nil || len(files) > 0 {
		t.Errorf("left beside it: %q, error %v", files, err)
	}
	// The server goes on with its own file, and not with another incarnation.
	again := openAt(t, path)
	if current, err := again.CurrentRevision(t.Context()); err != nil || current != 4 {
		t.Errorf("the next process finds revision %d, error %v", current, err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func closing(t *testing.T, backend driver.Backend) driver.Backend {
	t.Helper()
	t.Cleanup(func() {
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	})
	return backend
}
