package sqlite_test

import (
	"path/filepath"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/storagetest"
)

var harness = storagetest.Harness{
	New: func(t *testing.T) func(*testing.T) driver.Backend {
		path := filepath.Join(t.TempDir(), "objects.db")
		return func(t *testing.T) driver.Backend { return openAt(t, path) }
	},
	Lose: func(t *testing.T, backend driver.Backend, revision int64, writes []driver.Write) {
		backend.(*sqlite.Backend).Rewrite(t, revision, writes)
	},
	Damage: func(t *testing.T, backend driver.Backend, key, part, by string) {
		backend.(*sqlite.Backend).Damage(t, key, part, by)
	},
}

func TestExercise(t *testing.T) {
	storagetest.Exercise(t, harness)
}

func openAt(t *testing.T, path string) driver.Backend {
	t.Helper()
	backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return backend
}

func TestExerciseEngine(t *testing.T) {
	storagetest.ExerciseEngine(t, harness)
}
