package database

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
)

// TestBackup takes a backup of each kind of database while it is in use, and restores it to each.
func TestBackup(t *testing.T) {
	t.Parallel()
	for source, newSource := range places {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			from := at(t, newSource(t))
			backend, _ := opened(t, from)
			storagetest.WriteHistory(t, backend)
			want := storagetest.ReadRows(t, backend, 500)
			file := filepath.Join(t.TempDir(), "backup.db")
			var out bytes.Buffer
			if err := from.Backup(t.Context(), BackupOptions{Path: file}, &out, nil); err != nil {
				t.Fatal(err)
			}
			if want := file + " has 5 objects and 16 changes up to revision 17\n"; out.String() != want {
				t.Errorf("it says %q, want %q", out.String(), want)
			}
			wantOneFile(t, file)
			backup := at(t, "sqlite://"+file)
			if err := backup.Verify(t.Context(), io.Discard, nil); err != nil {
				t.Errorf("verify: %v", err)
			}
			if status, err := backup.Status(t.Context()); err != nil || status.Role != "copy" || status.Objects != 5 {
				t.Errorf("status: %+v, error %v", status, err)
			}
			wantOneFile(t, file)
			if err := from.Backup(t.Context(), BackupOptions{Path: file}, io.Discard, nil); err == nil || !strings.Contains(err.Error(), "already exists") {
				t.Errorf("another backup with that name: %v", err)
			}
			for target, newTarget := range places {
				to := at(t, newTarget(t))
				if err := to.Restore(t.Context(), BackupFile{Path: file}, false, io.Discard, nil); err != nil {
					t.Fatalf("to %s: %v", target, err)
				}
				restored, closeIt := opened(t, to)
				revision, err := restored.CurrentRevision(t.Context())
				if err != nil || revision != 17+driver.IncarnationGap {
					t.Errorf("%s is at revision %d (error %v), want one far above 17", target, revision, err)
				}
				got := storagetest.ReadRows(t, restored, 500)
				storagetest.WantSameRows(t, got[:len(want)], want)
				if _, _, err := restored.Log(t.Context(), 16, "", 10); !errors.Is(err, driver.ErrCompacted) {
					t.Errorf("%s: a watch from before gets %v, want that it was compacted", target, err)
				}
				closeIt()
				if err := to.Restore(t.Context(), BackupFile{Path: file}, false, io.Discard, nil); err == nil || !strings.Contains(err.Error(), "is not empty") {
					t.Errorf("%s: what is not empty was replaced: %v", target, err)
				}
				if err := to.Restore(t.Context(), BackupFile{Path: file}, true, io.Discard, nil); err != nil {
					t.Errorf("%s: replace: %v", target, err)
				}
				if status, err := to.Status(t.Context()); err != nil || status.Objects != 5 || status.Incarnation != 2 {
					t.Errorf("%s, replaced: %+v, error %v; want revisions above those before", target, status, err)
				}
			}
		})
	}
}

// wantOneFile looks for a file of which nobody else can read anything, with nothing beside it.
func wantOneFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Fatalf("there are %v (error %v), want one file", entries, err)
	}
	if info, err := entries[0].Info(); err != nil || info.Mode() != 0o600 {
		t.Errorf("its mode is %v (error %v)", info.Mode(), err)
	}
}

// TestBackupThatAServerOpens: whoever puts a backup in place by hand has clients list anew too.
func TestBackupThatAServerOpens(t *testing.T) {
	t.Parallel()
	file := backup(t)
	engine, err := at(t, "sqlite://"+file).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if revision := engine.KnownRevision(); revision != 17+driver.IncarnationGap {
		t.Errorf("the server is at revision %d, want one far above 17", revision)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if err := at(t, "sqlite://"+file).Verify(t.Context(), io.Discard, nil); err != nil {
		t.Errorf("verify: %v", err)
	}
}

// backup is one of a database with a history.
func backup(t *testing.T) (file string) {
	t.Helper()
	from := at(t, places["sqlite"](t))
	backend, closeIt := opened(t, from)
	storagetest.WriteHistory(t, backend)
	closeIt()
	file = filepath.Join(t.TempDir(), "backup.db")
	if err := from.Backup(t.Context(), BackupOptions{Path: file}, io.Discard, nil); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestRestoreRefuses what is no undamaged backup, by one sentence, and leaves the database as it
// is.
func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	execute := func(statement string) func(*testing.T, string) {
		return func(t *testing.T, file string) {
			db, err := sql.Open("sqlite", file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	cut := func(part int64) func(*testing.T, string) {
		return func(t *testing.T, file string) {
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(file, info.Size()*part/100); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		alter func(t *testing.T, file string)
		want  string
	}{
		"nothing there":     {func(t *testing.T, file string) { os.Remove(file) }, "there is no such file"},
		"empty":             {cut(0), "it has no API server's tables"},
		"cut at the start":  {cut(20), "damaged"},
		"cut in the middle": {cut(50), "damaged"},
		"cut at the end":    {cut(97), "damaged"},
		"no database":       {func(t *testing.T, file string) { write(t, file, strings.Repeat("no database ", 1000)) }, "not a SQLite database"},
		"of another program": {execute("PRAGMA application_id = 7"),
			"database of another program"},
		"newer":             {execute("PRAGMA user_version = 99"), "the database's schema is version 99, but this binary knows versions up to"},
		"a value":           {execute(`UPDATE log SET value = replace(value, '1', '2') WHERE key = '/kind/ns/1'`), "are damaged, the first: the value of /kind/ns/1"},
		"a change removed":  {execute(`DELETE FROM log WHERE revision = 9`), "the log lacks the revisions between 8 and 10"},
		"objects removed":   {execute(`DELETE FROM objects WHERE key = '/other/1'`), "5 living objects, the table of objects 4"},
		"an object's label": {execute(`UPDATE log SET labels = '{"app":"b"}' WHERE key = '/kind/ns/1'`), "it was altered or damaged"},
		"a deletion":        {execute(`UPDATE log SET committed_at = committed_at + 5 WHERE deleted AND revision > 1`), "it was altered or damaged"},
		"unfinished":        {execute(`UPDATE compaction SET role = 2`), "unfinished copy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := backup(t)
			test.alter(t, file)
			to := at(t, places["sqlite"](t))
			err := to.Restore(t.Context(), BackupFile{Path: file}, false, io.Discard, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got error %v, want one line with %q", err, test.want)
			}
			if _, err := os.Stat(to.SQLite.Path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the database was touched: %v", err)
			}
		})
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestBackupOfDamage: there is a backup all the same, and it is said.
func TestBackupOfDamage(t *testing.T) {
	t.Parallel()
	from := at(t, places["sqlite"](t))
	backend, closeIt := opened(t, from)
	storagetest.WriteHistory(t, backend)
	closeIt()
	db, err := sql.Open("sqlite", from.SQLite.Path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE log SET value = '{}' WHERE key = '/kind/ns/1'`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	var out bytes.Buffer
	err = from.Backup(t.Context(), BackupOptions{Path: file}, &out, nil)
	if err == nil || !strings.Contains(err.Error(), "2 values") || !strings.Contains(out.String(), "/kind/ns/1") {
		t.Errorf("error %v, output %s", err, out.String())
	}
	wantOneFile(t, file)
}

// TestBackupsInADirectory are named after their time, and as many stay as are to be kept.
func TestBackupsInADirectory(t *testing.T) {
	t.Parallel()
	from := at(t, places["sqlite"](t))
	backend, _ := opened(t, from)
	storagetest.WriteHistory(t, backend)
	dir := t.TempDir()
	for _, name := range []string{"ark-20200101T000000Z.db", "ark-20210101T000000Z.db", "ark-20220101T000000Z.db", "mine.db", "ark-mine.db"} {
		write(t, filepath.Join(dir, name), "")
	}
	if err := from.Backup(t.Context(), BackupOptions{Path: dir, Keep: 2}, io.Discard, nil); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if len(names) != 4 || names[0] != "ark-20220101T000000Z.db" || names[2] != "ark-mine.db" || names[3] != "mine.db" {
		t.Errorf("there are %q, want the new backup, the one before, and what is none", names)
	}
	if err := at(t, "sqlite://"+filepath.Join(dir, names[1])).Verify(t.Context(), io.Discard, nil); err != nil {
		t.Error(err)
	}
	err = from.Backup(t.Context(), BackupOptions{Path: filepath.Join(dir, "new.db"), Keep: 2}, io.Discard, nil)
	if err == nil || !strings.Contains(err.Error(), "needs an existing directory") {
		t.Errorf("--keep with a file: %v", err)
	}
}

// TestCompactCommand drops history before a revision.
func TestCompactCommand(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := at(t, place(t))
			backend, closeIt := opened(t, o)
			storagetest.WriteHistory(t, backend)
			closeIt()
			if err := o.Compact(t.Context(), 99, io.Discard); err == nil || !strings.Contains(err.Error(), "in the future") {
				t.Errorf("a revision that is not there yet: %v", err)
			}
			for revision, compacted := range map[int64]int64{0: 17} {
				var out bytes.Buffer
				if err := o.Compact(t.Context(), revision, &out); err != nil || !strings.Contains(out.String(), fmt.Sprintf("begins at revision %d", compacted)) {
					t.Errorf("revision %d: error %v, output %s", revision, err, out.String())
				}
			}
			status, err := o.Status(t.Context())
			if err != nil || status.CompactedRevision != 17 || status.Objects != 5 {
				t.Errorf("status %+v, error %v", status, err)
			}
		})
	}
}
