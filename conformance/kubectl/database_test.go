package kubectl_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// ownDatabase is one for the servers of a single test.
type ownDatabase struct {
	environment, flags []string
	// upgrade makes it look like the work of a later version. No server may have it open.
	upgrade func(t *testing.T, dir string)
}

// onEveryDatabase runs a test of servers that it starts and ends itself.
func onEveryDatabase(t *testing.T, test func(*testing.T, ownDatabase)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, ownDatabase{upgrade: func(t *testing.T, dir string) {
			t.Helper()
			execSQLite(t, filepath.Join(dir, "ark.db"), "PRAGMA user_version = 999")
		}})
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		database := postgrestest.Shared(t).NewDatabase(t)
		test(t, ownDatabase{
			environment: onPostgreSQL(database),
			flags:       []string{"--storage-driver=postgresql"},
			upgrade: func(t *testing.T, _ string) {
				t.Helper()
				database.Exec(t, "INSERT INTO schema_version (version, name) VALUES (999, 'later')")
			},
		})
	})
}

func execSQLite(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
