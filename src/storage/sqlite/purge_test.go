package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// TestPurge: nothing of what was overwritten or deleted is left in any file.
func TestPurge(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "objects.db")
	backend := openAt(t, path)
	write := func(w driver.Write) int64 {
		t.Helper()
		revisions, err := backend.Commit(t.Context(), []driver.Write{w})
		if err != nil || revisions[0] == 0 {
			t.Fatal(revisions, err)
		}
		return revisions[0]
	}
	clear := []byte(`{"prompt":"ThePlainText` + strings.Repeat("-ThePlainText", 1000) + `"}`)
	for i := range 50 {
		key := fmt.Sprintf("/agents/%d", i)
		attributes := driver.Attributes{Labels: map[string]string{"app": "ThePlainText"}, Fields: map[string]string{"f": "ThePlainText"}}
		revision := write(driver.Write{Key: key, Value: clear, Attributes: attributes})
		if i%2 == 0 {
			write(driver.Write{Key: key, Expected: revision, Delete: true})
		} else {
			write(driver.Write{Key: key, Expected: revision, Value: []byte("encrypted")})
		}
	}
	last := write(driver.Write{Key: "/agents/kept", Value: []byte("encrypted")})
	if !contains(t, filepath.Dir(path), "ThePlainText") {
		t.Error("what is to be purged was not in a file: this test proves nothing")
	}
	if err := backend.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if contains(t, filepath.Dir(path), "ThePlainText") {
		t.Error("it is left in a file beside a running server")
	}
	if current, err := backend.CurrentRevision(t.Context()); err != nil || current != last {
		t.Errorf("the current revision is %d (%v), want %d", current, err, last)
	}
	if stats, err := backend.Stats(t.Context(), "/agents/"); err != nil || stats.Keys != 26 {
		t.Errorf("%d keys are left (%v), want 26", stats.Keys, err)
	}
	if err := backend.Close(); err != nil {
		t.Fatal(err)
	}
	if contains(t, filepath.Dir(path), "ThePlainText") {
		t.Error("it is left in a file")
	}
}

func contains(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}
