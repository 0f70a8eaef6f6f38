package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
)

const writerPath = "ARK_TEST_WRITER_PATH"

// TestMain is also the process that TestKill kills.
func TestMain(m *testing.M) {
	if path := os.Getenv(writerPath); path != "" {
		writeUntilKilled(path)
	}
	os.Exit(m.Run())
}

// writeUntilKilled prints each key once its creation is acknowledged.
func writeUntilKilled(path string) {
	backend, err := sqlite.Open(context.Background(), sqlite.Options{Path: path})
	if err != nil {
		panic(err)
	}
	for i := 0; ; i++ {
		key := fmt.Sprintf("/key-%d", i)
		if revisions, err := backend.Commit(context.Background(), []driver.Write{{Key: key, Value: []byte(`{"a":"b"}`)}}); err != nil {
			panic(err)
		} else if revisions[0] == 0 { // an earlier process has written it
			continue
		}
		fmt.Println(key)
	}
}

// TestKill: what was acknowledged is there after kill -9.
func TestKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	for round := range 3 {
		if round > 0 {
			if err := os.RemoveAll(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		command := osexec.Command(os.Args[0])
		command.Env = append(os.Environ(), writerPath+"="+path)
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		var acknowledged []string
		for lines := bufio.NewScanner(out); lines.Scan(); {
			acknowledged = append(acknowledged, lines.Text())
			if len(acknowledged) == 200*(round+1) {
				if err := command.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = command.Wait()
		backend := openAt(t, path)
		for _, key := range acknowledged {
			record, _, err := backend.Get(t.Context(), key, 0)
			if err != nil || record == nil {
				t.Fatalf("%s was acknowledged, but now there is %v (%v)", key, record, err)
			}
		}
		if err := backend.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWriteAheadLogStaysSmall: readers that are always there don't keep the write-ahead log from
// being emptied.
func TestWriteAheadLogStaysSmall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend := openAt(t, path)
	var stop atomic.Bool
	readersDone := make(chan struct{})
	go func() {
		defer close(readersDone)
		inner := make(chan struct{}, 4)
		for !stop.Load() {
			inner <- struct{}{}
			go func() {
				defer func() { <-inner }()
				if _, err := backend.List(context.Background(), driver.ListQuery{Prefix: "/", Limit: 500}); err != nil {
					t.Error(err)
				}
			}()
		}
		for range cap(inner) {
			inner <- struct{}{}
		}
	}()
	value := []byte(`{"text":"` + strings.Repeat("x", 100_000) + `"}`)
	const limit = 256 << 20 // from where on the server's log warns
	total := 300 << 20
	if testing.Short() {
		total = 150 << 20
	}
	for written, i := 0, 0; written < total; i++ {
		var batch []driver.Write
		for n := range 10 {
			batch = append(batch, driver.Write{Key: fmt.Sprintf("/%d-%d", i, n), Value: value})
			written += len(value)
		}
		if _, err := backend.Commit(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > limit {
			t.Fatalf("the write-ahead log has %d bytes after %d were written", info.Size(), written)
		}
	}
	stop.Store(true)
	<-readersDone
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("closing left %d bytes in the write-ahead log", info.Size())
	}
}
