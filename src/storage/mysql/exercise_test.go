package mysql

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

var harness = storagetest.Harness{
	Lose: lose,
	Damage: func(t *testing.T, backend driver.Backend, key, part, by string) {
		changed, err := backend.(*Backend).reader.ExecContext(t.Context(),
			`UPDATE log l SET l.value = REPLACE(l.value, ?, ?) WHERE l.key = ? AND LOCATE(?, l.value) > 0`, []byte(part), []byte(by), []byte(key), []byte(part))
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := changed.RowsAffected(); err != nil || rows != 1 {
			t.Fatal(rows, err)
		}
	},
	Shared:   true,
	Notifies: true,
	New: func(t *testing.T) func(*testing.T) driver.Backend {
		options := optionsFor(mysqltest.Shared(t).NewDatabase(t))
		return func(t *testing.T) driver.Backend { return opened(t, options) }
	},
}

// lose implements Harness.Lose.
func lose(t *testing.T, backend driver.Backend, revision int64, writes []driver.Write) {
	lossy := backend.(*Backend)
	for _, table := range []string{"objects", "log"} {
		if _, err := lossy.reader.ExecContext(t.Context(), `DELETE FROM `+table+` WHERE revision >= ?`, revision); err != nil {
			t.Fatal(err)
		}
	}
	if len(writes) == 0 {
		return
	}
	other := &Backend{writer: lossy.writer, reader: lossy.reader, looker: lossy.looker, readers: lossy.readers, dialect: lossy.dialect}
	if _, err := other.Commit(t.Context(), writes); err != nil {
		t.Fatal(err)
	}
}

func TestExercise(t *testing.T) {
	t.Parallel()
	storagetest.Exercise(t, harness)
}

func TestExerciseEngine(t *testing.T) {
	t.Parallel()
	storagetest.ExerciseEngine(t, harness)
}

// TestUpstream is not parallel: upstream's suites set feature gates of the process.
func TestUpstream(t *testing.T) {
	storagetest.RunUpstream(t, func(t *testing.T) driver.Backend { return harness.New(t)(t) })
}

// opened is for the suites, which close what they open.
func opened(t *testing.T, options Options) driver.Backend {
	t.Helper()
	backend, err := Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return backend
}
