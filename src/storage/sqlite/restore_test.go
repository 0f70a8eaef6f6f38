package sqlite_test

import (
	"bufio"
	"errors"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// runSQLite has the sqlite3 program execute a statement.
func runSQLite(t *testing.T, path, statement string) {
	t.Helper()
	if output, err := osexec.CommandContext(t.Context(), "sqlite3", path, statement).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", statement, err, output)
	}
}

// shell runs a command in a directory.
func shell(t *testing.T, dir, command string) {
	t.Helper()
	run := osexec.CommandContext(t.Context(), "bash", "-e", "-c", command)
	run.Dir = dir
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, output)
	}
}

// crash leaves what kill -9 leaves of a server that was writing. Backups were made before its last
// writes.
func crash(t *testing.T) (path, last string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "objects.db")
	if err := openAt(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	shell(t, dir, "cp -p objects.db stopped.db")
	command := osexec.Command(os.Args[0])
	command.Env = append(os.Environ(), writerPath+"="+path)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		last = lines.Text()
		switch acknowledged++; acknowledged {
		case 50:
			shell(t, dir, `sqlite3 objects.db "VACUUM INTO 'vacuum.db'"`)
		case 200:
			if err := command.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = command.Wait()
	shell(t, dir, "sqlite3 stopped.db '.backup copied.db'")
	return path, last
}

// whileCopying makes it look as if the crash was during a checkpoint.
const whileCopying = `sed -i 's/"schemas":\[[0-9,]*\]/&,"copying":true/' objects.db.lock; truncate -s 512 objects.db.lock`

// TestRestoreAfterCrash: the write-ahead log that a crash has left is not applied to a backup.
func TestRestoreAfterCrash(t *testing.T) {
	t.Parallel()
	for name, restore := range map[string]string{
		"Copied":                  "cp vacuum.db objects.db",
		"CopiedWithItsTime":       "cp -p vacuum.db objects.db",
		"Moved":                   "mv vacuum.db objects.db",
		"OfStoppedServer":         "cp stopped.db objects.db",
		"OfStoppedServerWithTime": "cp -p stopped.db objects.db",
		"ByBackup":                "cp copied.db objects.db",
	} {
		for crashed, mark := range map[string]string{"": "true", "WhileCopying": whileCopying} {
			if crashed != "" && name == "OfStoppedServer" {
				continue // looks like the file at the begin of the checkpoint, written to
			}
			t.Run(name+crashed, func(t *testing.T) {
				t.Parallel()
				path, last := crash(t)
				dir := filepath.Dir(path)
				shell(t, dir, mark)
				shell(t, dir, restore)
				before, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				wantRefused(t, path, "objects.db-wal", "backup", "move")
				if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
					t.Errorf("the backup was changed (%v)", err)
				}
				shell(t, dir, "rm objects.db-wal")
				backend := openAt(t, path)
				wantIncarnation(t, backend, 200)
				if record, _, err := backend.Get(t.Context(), last, 0); err != nil || record != nil {
					t.Errorf("the backup has %v, which was written after it (%v)", record, err)
				}
				if err := backend.Close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// TestStartAfterCrash: the write-ahead log of the same database is applied, wherever both are.
func TestStartAfterCrash(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]string{
		"InPlace":           "true",
		"Copied":            "mkdir there; cp -a objects.db* there; rm objects.db*; mv there/* .",
		"WithoutTimes":      "mkdir there; cp objects.db objects.db-wal there; rm objects.db*; mv there/* .",
		"WhileCopying":      whileCopying,
		"OfAnEarlierServer": "echo 1 > objects.db.lock",
		"ReadBySQLite":      "sqlite3 objects.db 'SELECT count(*) FROM log'",
		"ReadOnly":          "sqlite3 -readonly objects.db 'SELECT count(*) FROM log'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, last := crash(t)
			shell(t, filepath.Dir(path), move)
			backend := openAt(t, path)
			if name == "ReadBySQLite" { // which leaves one file, as a backup is
				wantIncarnation(t, backend, 200)
			}
			wantRecord(t, backend, last)
			if err := backend.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// wantIncarnation finds that clients may have seen what the database does not have, and goes on
// above a revision.
func wantIncarnation(t *testing.T, backend driver.Backend, revision int64) {
	t.Helper()
	if _, err := backend.CurrentRevision(t.Context()); !errors.Is(err, driver.ErrDiverged) {
		t.Fatalf("got error %v, want %v", err, driver.ErrDiverged)
	}
	if began, err := backend.StartIncarnation(t.Context()); err != nil || began.Began <= revision {
		t.Fatalf("got %+v (%v), want an incarnation above %d", began, err, revision)
	}
	if compacted, err := backend.CompactRevision(t.Context()); err != nil || compacted <= revision {
		t.Errorf("compacted is %d (%v), want it above %d", compacted, err, revision)
	}
}

// TestRestoreWhileStopped: a file that was put in place while no server ran has none of its
// revisions used again.
func TestRestoreWhileStopped(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		command string
		unseen  bool
	}{
		"Older":          {"cp older.db objects.db", true},
		"OlderWithTime":  {"cp -p older.db objects.db", true},
		"OlderMoved":     {"mv older.db objects.db", true},
		"Empty":          {"rm objects.db", true},
		"Another":        {"cp another.db objects.db", true},
		"AnotherOpened":  {"cp another.db objects.db; sqlite3 objects.db 'SELECT count(*) FROM log'", true},
		"Same":           {"true", false},
		"SameCopied":     {"cp objects.db copy.db; mv copy.db objects.db", false},
		"SameVacuumed":   {"sqlite3 objects.db VACUUM", false},
		"SameWithoutLog": {"rm -f objects.db-wal objects.db-shm", false},
		"LockOfOlder":    {`sed -i 's/,"revision[^}]*//' objects.db.lock; cp older.db objects.db`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func(name string, keys ...string) {
				t.Helper()
				backend := openAt(t, filepath.Join(dir, name))
				for _, key := range keys {
					if err := commit(t, backend, key); err != nil {
						t.Fatal(err)
					}
				}
				if err := backend.Close(); err != nil {
					t.Fatal(err)
				}
			}
			write("objects.db", "/a")
			shell(t, dir, "cp objects.db older.db")
			write("objects.db", "/b", "/c")
			write("another.db", "/d", "/e", "/f", "/g")
			shell(t, dir, test.command)

			backend := openAt(t, filepath.Join(dir, "objects.db"))
			if test.unseen {
				// Nothing is forgotten by a server that only looked.
				if err := backend.Close(); err != nil {
					t.Fatal(err)
				}
				backend = openAt(t, filepath.Join(dir, "objects.db"))
				wantIncarnation(t, backend, 4)
			} else if current, err := backend.CurrentRevision(t.Context()); err != nil || current > 4 {
				t.Errorf("the current revision is %d (%v), want at most 4", current, err)
			}
			if err := backend.Close(); err != nil {
				t.Fatal(err)
			}
			backend = openAt(t, filepath.Join(dir, "objects.db"))
			if _, err := backend.CurrentRevision(t.Context()); err != nil {
				t.Errorf("after it: %v", err)
			}
			if err := backend.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestLockFileIsNotFollowed: what is not a lock file is neither written nor waited for.
func TestLockFileIsNotFollowed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ make, words string }{
		"Link":    {"ln -s precious objects.db.lock", "symbolic link"},
		"Pipe":    {"mkfifo objects.db.lock", "not a regular file"},
		"Foreign": {"cp precious objects.db.lock", "not a lock file"},
		"Numbers": {"seq 1000 > objects.db.lock", "not a lock file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			const content = "do not lose this\n"
			if err := os.WriteFile(filepath.Join(dir, "precious"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			shell(t, dir, test.make)
			path := filepath.Join(dir, "objects.db")
			wantRefused(t, path, test.words, path+".lock")
			if kept, err := os.ReadFile(filepath.Join(dir, "precious")); err != nil || string(kept) != content {
				t.Errorf("the file that the link points to has %q (%v)", kept, err)
			}
			if name == "Foreign" {
				if kept, err := os.ReadFile(path + ".lock"); err != nil || string(kept) != content {
					t.Errorf("the file has %q (%v)", kept, err)
				}
			}
		})
	}
}

// TestLinkedDatabase: a database may be elsewhere. It is one and the same by every name.
func TestLinkedDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shell(t, dir, "mkdir real; touch real/objects.db; ln -s real/objects.db linked.db; ln -s nowhere dangling.db")
	backend := openAt(t, filepath.Join(dir, "linked.db"))
	if err := commit(t, backend, "/a"); err != nil {
		t.Error(err)
	}
	wantRefused(t, filepath.Join(dir, "real", "objects.db"), "in use")
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
	wantIn(t, filepath.Join(dir, "real", "objects.db"), "/a")
	wantRefused(t, filepath.Join(dir, "dangling.db"), "symbolic link")
	if found, err := filepath.Glob(filepath.Join(dir, "linked.db-*")); err != nil || len(found) > 0 {
		t.Errorf("%s (%v)", strings.Join(found, ", "), err)
	}
}
