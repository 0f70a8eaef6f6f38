package storage_test

import (
	"os"
	"path/filepath"
	"testing"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/index"
	"ark.ai/apiserver/src/storage/sqlite"
)

// TestOpenDeletesLeftIndexes: what a process that was killed has left of an index goes, whoever
// needs one now.
func TestOpenDeletesLeftIndexes(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "generic-index-1"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "generic-index-1", "lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(t.Context(), backend, storage.Options{Index: storage.IndexOptions{Off: true, Options: index.Options{Dir: dir}}})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if there, err := os.ReadDir(dir); err != nil || len(there) > 0 {
		t.Errorf("there are %v (%v), want nothing", there, err)
	}
}
