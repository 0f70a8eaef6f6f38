package postgresql

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

var harness = storagetest.Harness{
	Lose: lose,
	Damage: func(t *testing.T, backend driver.Backend, key, part, by string) {
		damaged := backend.(*Backend)
		changed, err := damaged.reader.Exec(t.Context(), damaged.sql(
			`UPDATE {schema}.log SET value = replace(value::text, $2, $3)::json WHERE key = $1 AND value::text LIKE '%' || $2 || '%'`), key, part, by)
		if err != nil || changed.RowsAffected() != 1 {
			t.Fatal(changed, err)
		}
	},
	Shared:   true,
	Notifies: true,
	New: func(t *testing.T) func(*testing.T) driver.Backend {
		options := optionsFor(postgrestest.Shared(t).NewDatabase(t))
		return func(t *testing.T) driver.Backend { return opened(t, options) }
	},
}

// lose implements Harness.Lose.
func lose(t *testing.T, backend driver.Backend, revision int64, writes []driver.Write) {
	lossy := backend.(*Backend)
	_, err := lossy.reader.Exec(t.Context(), lossy.sql(
		`WITH lost AS (DELETE FROM {schema}.objects WHERE revision OPERATOR(pg_catalog.>=) $1)
			DELETE FROM {schema}.log WHERE revision OPERATOR(pg_catalog.>=) $1`), pgx.QueryExecModeExec, revision)
	if err != nil {
		t.Fatal(err)
	}
	if len(writes) == 0 {
		return
	}
	other := &Backend{writer: lossy.writer, reader: lossy.reader, schema: lossy.schema, channel: lossy.channel, commitLock: lossy.commitLock}
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
