package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// TestShrink: what history took is given back to the disk.
func TestShrink(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend := openAt(t, path)
	value := []byte(`{"text":"` + strings.Repeat("x", 1<<20) + `"}`)
	var revision int64
	for range 60 {
		revisions, err := backend.Commit(t.Context(), []driver.Write{{Key: "/a", Expected: revision, Value: value}})
		if err != nil || revisions[0] == 0 {
			t.Fatal(err)
		}
		revision = revisions[0]
	}
	if err := backend.Compact(t.Context(), revision); err != nil {
		t.Fatal(err)
	}
	record, _, err := backend.Get(t.Context(), "/a", 0)
	if err != nil || string(record.Value) != string(value) {
		t.Errorf("the value is not as it was (%v)", err)
	}
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if size := info.Size(); size > 24<<20 {
		t.Errorf("after 60 MiB of history were dropped the file has %d MiB", size>>20)
	}
}
