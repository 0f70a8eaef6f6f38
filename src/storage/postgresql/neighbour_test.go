package postgresql

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// neighbour connects as a role that may do what everybody may who can connect.
func neighbour(t *testing.T, database postgrestest.Database) *pgx.Conn {
	t.Helper()
	role := "neighbour_of_" + database.Name // Roles belong to the server.
	database.Exec(t, `CREATE ROLE `+role+` LOGIN PASSWORD 'neighbour'`)
	database.Username, database.Password = role, "neighbour"
	conn, err := pgx.Connect(t.Context(), database.DSN())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// TestAdvisoryLocksOfOthers: anybody may take any advisory lock, and hold it. The numbers are those
// that can be told from the source, of versions before too.
func TestAdvisoryLocksOfOthers(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	other := neighbour(t, database)
	for _, purpose := range []string{"commit", "compact", "migrate", "log"} {
		for _, schema := range []string{ark, formerSchema} {
			if _, err := other.Exec(t.Context(), `SELECT pg_advisory_lock($1)`, identifier(ark, purpose, schema)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, key := range []string{"/new", "/not-new"} {
		backend := open(t, database)
		revision := create(t, backend, key)
		if err := backend.Compact(t.Context(), revision); err != nil {
			t.Error(err)
		}
		if got, err := backend.CompactRevision(t.Context()); err != nil || got != revision {
			t.Errorf("compacted to %d (error %v), want %d", got, err, revision)
		}
	}
}

// TestLockedSchema: a migration does not wait for ever for who has locked its table, nor have
// others wait behind it.
func TestLockedSchema(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	createVersion(t, database, 2)
	reader, err := database.Connect(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Exec(t.Context(), `LOCK TABLE public.schema_version IN SHARE MODE`); err != nil {
		t.Fatal(err)
	}
	wantError(t, optionsFor(database), "locked by another session", "pg_locks")
}
