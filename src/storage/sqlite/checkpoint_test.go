package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
)

// TestSlowRead: while a list takes long, the write-ahead log grows to more than what it is emptied
// at, and neither reads nor writes wait for that. Then it is emptied beside other readers.
func TestSlowRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	value := []byte(`{"text":"` + strings.Repeat("x", 100_000) + `"}`)
	written := 0
	write := func(megabytes int) {
		t.Helper()
		for range megabytes {
			var batch []driver.Write
			for range 10 {
				batch = append(batch, driver.Write{Key: fmt.Sprintf("/%d", written), Value: value})
				written++
			}
			if _, err := backend.Commit(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
	}
	size := func() int64 {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	for size() < 58<<20 {
		write(1)
	}
	began, release := backend.HoldList(t)
	<-began
	slowestRead := slowest(t, func() error {
		_, _, err := backend.Get(context.Background(), "/0", 0)
		return err
	})
	// Whoever waits for the list lets it end.
	for range 50 {
		patience := time.AfterFunc(stall, release)
		write(1)
		if !patience.Stop() {
			t.Fatal("a write waited for the list to end")
		}
	}
	if grown := size(); grown < 90<<20 {
		t.Errorf("the write-ahead log has %d MiB, although the list needs it", grown>>20)
	}
	release()
	NewWithT(t).Eventually(size).WithTimeout(time.Minute).Should(BeZero())
	if longest := slowestRead(); longest > stall {
		t.Errorf("a read took %s", longest)
	}
	if err := backend.Close(); err != nil {
		t.Error(err)
	}
}
