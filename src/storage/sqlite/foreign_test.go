package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
)

// stall is what nobody may wait for: an attempt to wait for another program's lock takes five
// seconds.
const stall = 4 * time.Second

// foreignReader is the sqlite3 program with a transaction that reads. It ends when release is
// called.
func foreignReader(t *testing.T, path string) (release func()) {
	t.Helper()
	command := osexec.Command("sqlite3", path)
	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatalf("%v: tools/packages installs it", err)
	}
	if _, err := io.WriteString(input, "BEGIN; SELECT count(*) FROM resources;\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(output).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		if err := input.Close(); err != nil {
			t.Error(err)
		}
		if err := command.Wait(); err != nil {
			t.Error(err)
		}
	})
}

// slowest repeats an operation until stop is called, which returns how long it took at most.
func slowest(t *testing.T, operation func() error) (stop func() time.Duration) {
	done, ended := make(chan struct{}), make(chan time.Duration)
	go func() {
		var longest time.Duration
		for {
			select {
			case <-done:
				ended <- longest
				return
			default:
			}
			begun := time.Now()
			if err := operation(); err != nil {
				t.Error(err)
			}
			longest = max(longest, time.Since(begun))
		}
	}()
	return func() time.Duration {
		close(done)
		return <-ended
	}
}

// TestForeignReader: another program's transaction that stays open makes the write-ahead log grow,
// and nobody wait.
func TestForeignReader(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/first", Value: []byte(`{}`)}}); err != nil {
		t.Fatal(err)
	}
	release := foreignReader(t, path)
	defer release()
	slowestRead := slowest(t, func() error {
		_, _, err := backend.Get(context.Background(), "/first", 0)
		return err
	})
	value := []byte(`{"text":"` + strings.Repeat("x", 100_000) + `"}`)
	var slowestWrite time.Duration
	for written, i := 0, 0; written < 150<<20; i++ {
		var batch []driver.Write
		for n := range 10 {
			batch = append(batch, driver.Write{Key: fmt.Sprintf("/%d-%d", i, n), Value: value})
			written += len(value)
		}
		begun := time.Now()
		if _, err := backend.Commit(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		slowestWrite = max(slowestWrite, time.Since(begun))
	}
	read := slowestRead()
	t.Logf("the slowest write took %s, the slowest read %s", slowestWrite, read)
	if slowestWrite > stall || read > stall {
		t.Errorf("the slowest write took %s, the slowest read %s", slowestWrite, read)
	}
	size := func() int64 {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	t.Logf("the write-ahead log has %d MiB", size()>>20)
	release()
	// Nobody has to write for the log to be emptied.
	NewWithT(t).Eventually(size).WithTimeout(2 * time.Minute).Should(BeZero())
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
}

// TestBackupEnds: the documented way to back up a database ends while somebody writes without a
// pause. SQLite's own backup begins again at every write of another process.
func TestBackupEnds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	backend := openAt(t, filepath.Join(dir, "objects.db"))
	value := []byte(`{"text":"` + strings.Repeat("x", 1_000_000) + `"}`)
	for i := range 300 {
		if _, err := backend.Commit(t.Context(), []driver.Write{{Key: fmt.Sprintf("/%d", i), Value: value}}); err != nil {
			t.Fatal(err)
		}
	}
	written := 0
	stop := slowest(t, func() error {
		_, err := backend.Commit(context.Background(), []driver.Write{{Key: fmt.Sprintf("/small-%d", written), Value: []byte(`{}`)}})
		written++
		return err
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := osexec.CommandContext(ctx, "sqlite3", "-readonly", "objects.db", "VACUUM INTO 'backup.db'")
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
	stop()
	if written == 0 {
		t.Error("nobody wrote meanwhile")
	}
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
	backup := openAt(t, filepath.Join(dir, "backup.db"))
	for i := range 300 {
		if record, _, err := backup.Get(t.Context(), fmt.Sprintf("/%d", i), 0); err != nil || record == nil {
			t.Fatalf("the backup lacks record %d (%v)", i, err)
		}
	}
	if err := backup.Close(); err != nil {
		t.Error(err)
	}
}
