package postgresql

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestMigratesVersion1: what a server of the version before has written is there, and one that still runs, during a rolling
// update, goes on.
func TestMigratesVersion1(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	first, err := migrationFiles.ReadFile("migrations/0001_objects_and_log.sql")
	if err != nil {
		t.Fatal(err)
	}
	schema := quoted(defaultSchema)
	database.Exec(t, inSchema(sqlCreateSchemaVersion, schema)+";"+inSchema(string(first), schema)+`;
		INSERT INTO schema_version (version, name) VALUES (1, 'objects_and_log')`)
	// As version 1 does it.
	conn := database.Connect(t)
	create := func(key string) (revisions []int64) {
		t.Helper()
		err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT commit_batch($1, 'channel', ARRAY[$2], ARRAY[0::bigint], ARRAY[false], ARRAY['{}'::json],
				ARRAY[NULL::bytea], ARRAY[2], ARRAY['{}'::jsonb], ARRAY['{}'::jsonb], ARRAY[NULL::timestamptz])`,
				identifier("commit", defaultSchema), key).Scan(&revisions)
		})
		if err != nil {
			t.Fatal(err)
		}
		return revisions
	}
	create("/before")

	backend := open(t, database)
	if !exists(t, backend, "/before") {
		t.Error("what version 1 wrote is gone")
	}
	revisions, err := backend.Commit(t.Context(), []storage.Write{{Key: "/own", Value: []byte(`{}`)}})
	if err != nil || revisions[0] != 3 {
		t.Fatalf("a commit after the migration: revisions %v, error %v; want 3", revisions, err)
	}
	if meanwhile := create("/meanwhile"); meanwhile[0] != 4 {
		t.Errorf("a server of version 1 got revisions %v, want 4", meanwhile)
	}
	changes, through, err := backend.Log(t.Context(), 1, "", 10)
	if err != nil || len(changes) != 3 || through != 4 {
		t.Errorf("got %d changes through %d, error %v; want 3, through 4", len(changes), through, err)
	}
}
