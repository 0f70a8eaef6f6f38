package postgresql

import (
	"context"
	"fmt"
	"io/fs"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/migration"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// createVersion creates what a server does that knows versions up to one.
func createVersion(t *testing.T, database postgrestest.Database, version int) {
	t.Helper()
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	all, err := migration.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	schema := quoted(formerSchema)
	database.Exec(t, inSchema(sqlCreateSchemaVersion, schema))
	for _, step := range all[:version] {
		database.Exec(t, inSchema(step.SQL, schema))
		database.Exec(t, fmt.Sprintf(`INSERT INTO schema_version (version, name) VALUES (%d, '%s')`, step.Version, step.Name))
	}
}

// TestMigratesVersion1: what a server of the version before has written is there, and one that
// still runs, during a rolling update, goes on.
func TestMigratesVersion1(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	createVersion(t, database, 1)
	// As version 1 does it.
	conn := database.Connect(t)
	create := func(key string) (revisions []int64) {
		t.Helper()
		err := pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT commit_batch($1, 'channel', ARRAY[$2], ARRAY[0::bigint], ARRAY[false], ARRAY['{}'::json],
				ARRAY[NULL::bytea], ARRAY[2], ARRAY['{}'::jsonb], ARRAY['{}'::jsonb], ARRAY[NULL::timestamptz])`,
				identifier(ark, "commit", formerSchema), key).Scan(&revisions)
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
	revisions, err := backend.Commit(t.Context(), []driver.Write{{Key: "/own", Value: []byte(`{}`)}})
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

// TestMigratesUnderCalls: servers of version 2 write while one of this version migrates, and go on.
// Nobody fails, and no revision is missing, there twice, or visible after a higher one.
func TestMigratesUnderCalls(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	createVersion(t, database, 2)
	const writers = 4
	ctx, stop := context.WithCancel(t.Context())
	var writing, before sync.WaitGroup
	before.Add(writers)
	for writer := range writers {
		conn := database.Connect(t)
		writing.Go(func() {
			for i := 0; i < 20 || ctx.Err() == nil; i++ {
				if i == 20 {
					before.Done()
				}
				var revisions []int64
				// As version 2 does it.
				err := conn.QueryRow(t.Context(), `CALL commit_writes($1, 'channel', 0, clock_timestamp(), ARRAY[$2], ARRAY[0::bigint], ARRAY[false],
					ARRAY['{}'::json], ARRAY[NULL::bytea], ARRAY[2], ARRAY['{}'::jsonb], ARRAY['{}'::jsonb], ARRAY[NULL::timestamptz],
					ARRAY[NULL::bigint], NULL, NULL)`, identifier(ark, "commit", formerSchema), fmt.Sprintf("/%d/%d", writer, i)).Scan(&revisions, nil)
				if err != nil || revisions[0] == 0 {
					t.Errorf("a server of version 2: revisions %v, error %v", revisions, err)
					return
				}
			}
		})
	}
	defer writing.Wait()
	defer stop()
	before.Wait()
	backend := open(t, database)
	newest, through := int64(1), int64(1)
	for i := range 300 {
		create(t, backend, fmt.Sprintf("/own/%d", i))
		changes, _, err := backend.Log(t.Context(), through, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range changes {
			newest++
			if change.Revision != newest {
				t.Fatalf("the log has revision %d after %d", change.Revision, newest-1)
			}
		}
		through = newest
	}
	if newest < 300+20*writers {
		t.Errorf("the log ends at %d", newest)
	}
}
