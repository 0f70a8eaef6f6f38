package sqlite_test

import (
	"path/filepath"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
)

func TestUpstream(t *testing.T) {
	storagetest.RunUpstream(t, open)
}

// open makes a new database that its user closes.
func open(t *testing.T) driver.Backend {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "objects.db"))
}
