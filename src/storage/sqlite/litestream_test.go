package sqlite_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// litestream is the program, in a directory with objects.db, which it replicates to a folder there
// from start on.
type litestream struct {
	program, dir string
	process      *osexec.Cmd
	output       bytes.Buffer
}

func newLitestream(t *testing.T) *litestream {
	t.Helper()
	program, err := testserver.Program("litestream")
	if err != nil {
		t.Fatal(err)
	}
	l := &litestream{program: program, dir: t.TempDir()}
	// What takes a minute by default takes a moment: each of these tests sees many checkpoints.
	config := fmt.Sprintf(`
socket: {enabled: true, path: %s}
dbs:
  - path: %s
    monitor-interval: 50ms
    checkpoint-interval: 300ms
    min-checkpoint-page-count: 20
    replica: {type: file, path: %s, sync-interval: 50ms}
`, l.socket(), l.database(), filepath.Join(l.dir, "replica"))
	if err := os.WriteFile(filepath.Join(l.dir, "litestream.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *litestream) database() string { return filepath.Join(l.dir, "objects.db") }
func (l *litestream) socket() string   { return filepath.Join(l.dir, "socket") }

func (l *litestream) start(t *testing.T) {
	t.Helper()
	l.process = osexec.Command(l.program, "replicate", "-config", filepath.Join(l.dir, "litestream.yml"))
	l.process.Stdout, l.process.Stderr = &l.output, &l.output
	l.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := os.RemoveAll(l.socket()); err != nil { // a killed process leaves it
		t.Fatal(err)
	}
	if err := l.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if l.process.ProcessState == nil {
			_ = l.process.Process.Kill()
			_ = l.process.Wait()
		}
		if t.Failed() {
			t.Logf("Litestream says\n%s", l.output.String())
		}
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(l.socket()); err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("Litestream does not listen")
		}
	}
}

func (l *litestream) end(t *testing.T, signal os.Signal) {
	t.Helper()
	if err := l.process.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := l.process.Wait(); err != nil && signal != syscall.SIGKILL {
		t.Errorf("Litestream ended with %v", err)
	}
}

// replicated waits until all that was committed by now is in the replica.
func (l *litestream) replicated(t *testing.T) {
	t.Helper()
	output, err := osexec.CommandContext(t.Context(), l.program, "sync", "-wait", "-timeout", "60", "-socket", l.socket(), l.database()).CombinedOutput()
	if err != nil {
		t.Fatalf("litestream sync: %v\n%s", err, output)
	}
}

// restore restores the newest state, or that of a moment.
func (l *litestream) restore(t *testing.T, to string, moment ...time.Time) {
	t.Helper()
	args := []string{"restore", "-o", to, "-integrity-check", "full"}
	for _, moment := range moment {
		args = append(args, "-timestamp", moment.UTC().Format(time.RFC3339Nano))
	}
	output, err := osexec.CommandContext(t.Context(), l.program, append(args, "file://"+filepath.Join(l.dir, "replica"))...).CombinedOutput()
	if err != nil {
		t.Fatalf("litestream restore: %v\n%s", err, output)
	}
}

// writer is a process that writes until it is killed.
type writer struct {
	process *osexec.Cmd
	lines   *bufio.Scanner
	// last was acknowledged.
	last string
}

func startWriter(t *testing.T, path string) *writer {
	t.Helper()
	w := &writer{process: osexec.Command(os.Args[0])}
	w.process.Env = append(os.Environ(), writerPath+"="+path)
	w.process.Stderr = os.Stderr
	out, err := w.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.process.Start(); err != nil {
		t.Fatal(err)
	}
	w.lines = bufio.NewScanner(out)
	return w
}

// writeFor reads what is acknowledged meanwhile.
func (w *writer) writeFor(t *testing.T, duration time.Duration) {
	t.Helper()
	for end := time.Now().Add(duration); time.Now().Before(end); {
		if !w.lines.Scan() {
			t.Fatalf("the writer ended after %s", w.last)
		}
		w.last = w.lines.Text()
	}
}

func (w *writer) kill(t *testing.T) {
	t.Helper()
	if err := w.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for w.lines.Scan() {
		w.last = w.lines.Text()
	}
	_ = w.process.Wait()
}

// TestLitestreamRestores goes back to a moment, while a server has been killed that wrote, and has
// no revision used twice.
func TestLitestreamRestores(t *testing.T) {
	t.Parallel()
	l := newLitestream(t)
	// The database is made before Litestream has seen it, and then written by a server that has it.
	writing := startWriter(t, l.database())
	writing.writeFor(t, 300*time.Millisecond)
	l.start(t)
	writing.writeFor(t, 2*time.Second)
	before := writing.last
	l.replicated(t)
	moment := time.Now()
	writing.writeFor(t, time.Second)
	after := writing.last
	writing.kill(t)
	l.replicated(t)
	l.end(t, syscall.SIGTERM)

	for name, prepare := range map[string]func(t *testing.T) string{
		"another machine": func(t *testing.T) string { return filepath.Join(t.TempDir(), "objects.db") },
		"in place": func(t *testing.T) string {
			shell(t, l.dir, "mkdir former; mv objects.db* .objects.db* former; cp former/objects.db.lock .")
			return l.database()
		},
	} {
		t.Run(name, func(t *testing.T) {
			to := prepare(t)
			l.restore(t, to, moment)
			backend := openAt(t, to)
			wantIncarnation(t, backend, 100)
			wantRecord(t, backend, before)
			if record, _, err := backend.Get(t.Context(), after, 0); err != nil || record != nil {
				t.Errorf("there is %v (error %v), which was written after the moment", record, err)
			}
			if err := commit(t, backend, "/later"); err != nil {
				t.Error(err)
			}
			if err := backend.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestServersBesideLitestream start again, and have all that was acknowledged, in whatever way they
// and Litestream have ended.
func TestServersBesideLitestream(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		killed bool
		// ends is how Litestream ends before the server starts again; nil: it goes on.
		ends os.Signal
	}{
		"Stopped": {}, "Killed": {killed: true}, "BothStopped": {ends: syscall.SIGTERM}, "KilledAndStopped": {killed: true, ends: syscall.SIGTERM},
		"BothKilled": {killed: true, ends: syscall.SIGKILL},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLitestream(t)
			if err := openAt(t, l.database()).Close(); err != nil {
				t.Fatal(err)
			}
			l.start(t)
			for round := range 3 {
				var last string
				if test.killed {
					writing := startWriter(t, l.database())
					writing.writeFor(t, 1500*time.Millisecond)
					writing.kill(t)
					last = writing.last
				} else {
					last = fmt.Sprintf("/stopped-%d", round)
					backend := openAt(t, l.database())
					for i := range 100 {
						if err := commit(t, backend, fmt.Sprintf("%s-%d", last, i)); err != nil {
							t.Fatal(err)
						}
						time.Sleep(10 * time.Millisecond)
					}
					if err := commit(t, backend, last); err != nil {
						t.Fatal(err)
					}
					if err := backend.Close(); err != nil {
						t.Fatal(err)
					}
				}
				l.replicated(t)
				time.Sleep(time.Second) // it has copied the log into the file meanwhile
				if test.ends != nil {
					l.end(t, test.ends)
				}
				backend := openAt(t, l.database())
				if _, err := backend.CurrentRevision(t.Context()); err != nil {
					t.Errorf("round %d: %v, want no incarnation, as nothing is lost", round, err)
				}
				wantRecord(t, backend, last)
				if err := backend.Close(); err != nil {
					t.Fatal(err)
				}
				if test.ends != nil {
					l.start(t)
				}
			}
			l.replicated(t)
			to := filepath.Join(t.TempDir(), "objects.db")
			l.restore(t, to)
			backend := openAt(t, to)
			wantIncarnation(t, backend, 10)
			if err := backend.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestLitestreamOfALargeLog attaches to a server whose write-ahead log it copies at once.
func TestLitestreamOfALargeLog(t *testing.T) {
	t.Parallel()
	l := newLitestream(t)
	backend := openAt(t, l.database())
	value := bytes.Repeat([]byte("x"), 100_000)
	for i := range 50 {
		if _, err := backend.Commit(context.Background(), []driver.Write{{Key: fmt.Sprintf("/%d", i), Value: value}}); err != nil {
			t.Fatal(err)
		}
	}
	l.start(t)
	for i := range 300 {
		if err := commit(t, backend, fmt.Sprintf("/small-%d", i)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	l.replicated(t)
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
	l.replicated(t)
	l.end(t, syscall.SIGTERM)
	to := filepath.Join(t.TempDir(), "objects.db")
	l.restore(t, to)
	restored := openAt(t, to)
	wantIncarnation(t, restored, 300)
	wantRecord(t, restored, "/49")
	wantRecord(t, restored, "/small-299")
	if err := restored.Close(); err != nil {
		t.Error(err)
	}
}

// TestBackupBesideLitestreamsLog: the write-ahead log that Litestream leaves is not applied to
// another file.
func TestBackupBesideLitestreamsLog(t *testing.T) {
	t.Parallel()
	l := newLitestream(t)
	writing := startWriter(t, l.database())
	l.start(t)
	writing.writeFor(t, time.Second)
	shell(t, l.dir, `sqlite3 objects.db "VACUUM INTO 'backup.db'"`)
	writing.writeFor(t, time.Second)
	writing.kill(t)
	l.end(t, syscall.SIGKILL)
	shell(t, l.dir, "mv backup.db objects.db")
	wantRefused(t, l.database(), "objects.db-wal", "backup", "move")
}

// TestOpenBesideLitestreamsWrites: Litestream may write to the file at any time.
func TestOpenBesideLitestreamsWrites(t *testing.T) {
	t.Parallel()
	for range 20 {
		path := filepath.Join(t.TempDir(), "objects.db")
		exec(t, path, "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)")
		if err != nil {
			t.Fatal(err)
		}
		opened := make(chan struct{})
		var writing sync.WaitGroup
		writing.Go(func() {
			for seq := 0; ; seq++ {
				if _, err := db.ExecContext(t.Context(), "INSERT OR REPLACE INTO _litestream_seq VALUES (1, ?)", seq); err != nil {
					t.Error(err)
				}
				select {
				case <-opened:
					return
				default:
				}
			}
		})
		backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
		close(opened)
		writing.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Close(), backend.Close()); err != nil {
			t.Error(err)
		}
	}
}

// TestLitestreamBegins: a file in which Litestream was first is as good as a new one.
func TestLitestreamBegins(t *testing.T) {
	t.Parallel()
	l := newLitestream(t)
	if err := os.WriteFile(l.database(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l.start(t)
	l.replicated(t)
	if tables := scalar(t, l.database(), "SELECT count(*) FROM sqlite_schema WHERE name = '_litestream_seq'"); tables != 1 {
		t.Fatal("Litestream has made no tables")
	}
	backend := openAt(t, l.database())
	if err := commit(t, backend, "/a"); err != nil {
		t.Fatal(err)
	}
	l.replicated(t)
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
	l.replicated(t)
	l.end(t, syscall.SIGTERM)
	if mode := scalar(t, l.database(), "PRAGMA auto_vacuum"); mode != 2 {
		t.Errorf("auto_vacuum is %d: the file can't shrink", mode)
	}
	to := filepath.Join(t.TempDir(), "objects.db")
	l.restore(t, to)
	restored := openAt(t, to)
	wantRecord(t, restored, "/a")
	if err := restored.Close(); err != nil {
		t.Error(err)
	}
}
