package sqlite_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
)

// TestShortDisk: writes are refused before the disk is full, and whoever asks is told, before
// anybody has tried to write.
func TestShortDisk(t *testing.T) {
	t.Parallel()
	backend, engine := run(t)
	if err := engine.CheckWrites(t.Context()); err != nil {
		t.Fatalf("on a disk with space: %v", err)
	}
	disk, err := backend.Disk()
	if err != nil {
		t.Fatal(err)
	}
	backend.ReserveDisk(t, 2*disk.Free)
	for what, err := range map[string]error{
		"check":  engine.CheckWrites(t.Context()),
		"commit": commit(t, backend, "/during"),
	} {
		if !errors.Is(err, driver.ErrUnavailable) || !strings.Contains(err.Error(), "full") {
			t.Errorf("%s: got error %v, want that the disk is full", what, err)
		}
	}
	// What frees space goes on.
	if err := backend.Compact(t.Context(), 1); err != nil {
		t.Errorf("compaction: %v", err)
	}
	backend.ReserveDisk(t, disk.Free/2)
	if err := engine.CheckWrites(t.Context()); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if err := commit(t, backend, "/after"); err != nil {
		t.Error(err)
	}
}

// TestWriteAheadLogNeedsSpace: what has to be copied from the write-ahead log into the database
// counts as taken.
func TestWriteAheadLogNeedsSpace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	release := foreignReader(t, path)
	defer release()
	before, err := backend.Growth()
	if err != nil {
		t.Fatal(err)
	}
	const written = 4 << 20
	value := []byte(`"` + strings.Repeat("x", written) + `"`)
	if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/large", Value: value}}); err != nil {
		t.Fatal(err)
	}
	if after, err := backend.Growth(); err != nil || after-before < written {
		t.Errorf("the database needs %d bytes more, had needed %d, after %d were written (%v)", after, before, written, err)
	}
	if disk, err := backend.Disk(); err != nil || disk.WriteAheadLog < written || disk.Free <= 0 {
		t.Errorf("the disk is %+v, error %v", disk, err)
	}
}

func commit(t *testing.T, backend driver.Backend, key string) error {
	t.Helper()
	_, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(`{"a":"b"}`)}})
	return err
}
