package mysql

import (
	"fmt"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/migration"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

func allMigrations(t *testing.T) []migration.Migration {
	t.Helper()
	all, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var createSchemaVersion = strings.Replace(sqlCreateSchemaVersion, "?", "'test-apiserver'", 1)

// TestInterruptedMigration: DDL can't be rolled back. Wherever a migration stopped, the next
// process goes on.
func TestInterruptedMigration(t *testing.T) {
	t.Parallel()
	statements := split(allMigrations(t)[0].SQL)
	if len(statements) != 11 {
		t.Errorf("the first migration has %d statements, want 11", len(statements))
	}
	for done := range len(statements) + 1 {
		t.Run(fmt.Sprintf("after %d statements", done), func(t *testing.T) {
			t.Parallel()
			database := mysqltest.Shared(t).NewDatabase(t)
			database.Exec(t, createSchemaVersion)
			for _, statement := range statements[:done] {
				database.Exec(t, statement)
			}
			backend := open(t, database)
			if revision := create(t, backend, "/a"); revision != 2 {
				t.Errorf("the first write has revision %d, want 2", revision)
			}
		})
	}
}

// TestMigrationIsNotRepeated: a process whose tables are up to date changes nothing.
func TestMigrationIsNotRepeated(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	if err := backend.Compact(t.Context(), create(t, backend, "/a")); err != nil {
		t.Fatal(err)
	}
	for _, step := range allMigrations(t) {
		for _, statement := range split(step.SQL) {
			database.Exec(t, statement) // As an interrupted one is.
		}
	}
	again := open(t, database)
	if changes, through, err := again.Log(t.Context(), 2, "", 10); err != nil || len(changes) != 0 || through != 2 {
		t.Errorf("the log has %v through %d, error %v; want nothing after 2", changes, through, err)
	}
	if page, err := again.List(t.Context(), driver.ListQuery{}); err != nil || len(page.Records) != 1 {
		t.Errorf("listed %v, error %v", page.Records, err)
	}
}

// TestLockedMigration: a migration does not wait for ever for who has locked its table.
func TestLockedMigration(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	database.Exec(t, createSchemaVersion+"; "+sqlFirstSchemaVersion)
	if _, err := database.Connect(t).ExecContext(t.Context(), sqlBeginWrite+sqlLockSchemaVersion); err != nil {
		t.Fatal(err)
	}
	wantError(t, optionsFor(database), "another process is migrating")
}
