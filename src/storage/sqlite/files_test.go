package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
)

// TestFilesThatGo: what would be written to files that nobody finds any more is refused, everybody
// who asks is told, and what was acknowledged is saved.
func TestFilesThatGo(t *testing.T) {
	t.Parallel()
	remove := func(name string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.Remove(path + name); err != nil {
				t.Fatal(err)
			}
		}
	}
	replace := func(name string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path+".other", []byte("another file"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(path+".other", path+name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		do    func(t *testing.T, path string)
		words string
		// rescued is what has everything then: a file of its own, or the database as it is.
		rescued string
	}{
		"Removed":         {remove(""), "objects.db was removed", ".rescued-*"},
		"Replaced":        {replace(""), "objects.db was replaced", ".rescued-*"},
		"LogRemoved":      {remove("-wal"), "objects.db-wal was removed", ""},
		"LogReplaced":     {replace("-wal"), "objects.db-wal was replaced", ""},
		"IndexRemoved":    {remove("-shm"), "objects.db-shm was removed", ""},
		"LockFileRemoved": {remove(".lock"), "objects.db.lock was removed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "objects.db")
			backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
			if err != nil {
				t.Fatal(err)
			}
			engine, err := storage.Open(t.Context(), backend, storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := commit(t, backend, "/before"); err != nil {
				t.Fatal(err)
			}
			test.do(t, path)
			if err := commit(t, backend, "/after"); !errors.Is(err, driver.ErrUnavailable) || !strings.Contains(err.Error(), test.words) {
				t.Errorf("commit: got error %v, want that %s", err, test.words)
			}
			if err := engine.CheckWrites(t.Context()); !errors.Is(err, driver.ErrUnavailable) || !strings.Contains(err.Error(), test.words) {
				t.Errorf("check: got error %v, want that %s", err, test.words)
			}
			wantRecord(t, backend, "/before")
			// Nobody has to write for it to be noticed.
			NewWithT(t).Eventually(func() string { return engine.CheckWrites(context.Background()).Error() }).WithTimeout(time.Minute).
				Should(ContainSubstring("everything is in " + path))
			rescued, err := filepath.Glob(path + test.rescued)
			if err != nil || len(rescued) != 1 {
				t.Fatalf("%q were rescued (%v)", rescued, err)
			}
			if info, err := os.Stat(rescued[0]); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s: got %v (%v), want that nobody else reads it", rescued[0], info.Mode(), err)
			}
			wantIn(t, rescued[0], "/before")
			err = engine.Close()
			if err == nil || !strings.Contains(err.Error(), "everything is in "+path) {
				t.Errorf("close: got error %v", err)
			}
		})
	}
}

// TestFilesThatAreReplacedStay: a server that stops leaves the files alone that are now where its
// own were.
func TestFilesThatAreReplacedStay(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	first := openAt(t, path)
	if err := commit(t, first, "/first"); err != nil {
		t.Fatal(err)
	}
	moved := t.TempDir()
	for _, name := range []string{"", "-wal", "-shm", ".lock"} {
		if err := os.Rename(path+name, filepath.Join(moved, "objects.db"+name)); err != nil {
			t.Fatal(err)
		}
	}
	second := openAt(t, path)
	if err := commit(t, second, "/second"); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err == nil {
		t.Error("closing says nothing of the files that were replaced")
	}
	if err := commit(t, second, "/third"); err != nil {
		t.Errorf("the other server's files have gone: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	wantIn(t, path, "/second")
	wantIn(t, path, "/third")
}

// TestFileThatIsWrittenOver: the write-ahead log is not copied into what somebody has put there.
func TestFileThatIsWrittenOver(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend := openAt(t, path)
	if err := commit(t, backend, "/kept"); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	runSQLite(t, path, "VACUUM INTO '"+backup+"'")
	if err := commit(t, backend, "/later"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := commit(t, backend, "/after"); !errors.Is(err, driver.ErrUnavailable) || !strings.Contains(err.Error(), "written over") {
		t.Errorf("commit: got error %v", err)
	}
	if err := backend.Close(); err == nil || !strings.Contains(err.Error(), "restore a backup") {
		t.Errorf("close: got error %v", err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(content) {
		t.Errorf("the file that was put there was changed (%v)", err)
	}
}

// TestForeignCheckpoint: another program may copy the write-ahead log into the database, too.
func TestForeignCheckpoint(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend := openAt(t, path)
	for _, mode := range []string{"PASSIVE", "TRUNCATE"} {
		if err := commit(t, backend, "/before-"+mode); err != nil {
			t.Fatal(err)
		}
		runSQLite(t, path, "PRAGMA wal_checkpoint("+mode+")")
		if err := commit(t, backend, "/after-"+mode); err != nil {
			t.Error(err)
		}
	}
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
}

func wantRecord(t *testing.T, backend driver.Backend, key string) {
	t.Helper()
	if record, _, err := backend.Get(t.Context(), key, 0); err != nil || record == nil {
		t.Errorf("%s was acknowledged, but now there is %v (%v)", key, record, err)
	}
}

// wantIn wants the key in a database file without anything beside it.
func wantIn(t *testing.T, path, key string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "alone.db")
	if err := os.WriteFile(alone, content, 0o600); err != nil {
		t.Fatal(err)
	}
	backend := openAt(t, alone)
	wantRecord(t, backend, key)
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
}
