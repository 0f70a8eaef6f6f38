package postgresql

import (
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// grants are those of docs/configuration.md.
const grants = `
CREATE ROLE ark_owner LOGIN PASSWORD '…';
CREATE ROLE ark LOGIN PASSWORD '…';
CREATE SCHEMA ark AUTHORIZATION ark_owner;
GRANT USAGE ON SCHEMA ark TO ark;
ALTER DEFAULT PRIVILEGES FOR ROLE ark_owner IN SCHEMA ark GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ark;
ALTER DEFAULT PRIVILEGES FOR ROLE ark_owner IN SCHEMA ark GRANT EXECUTE ON ROUTINES TO ark;
`

// TestLeastPrivilege: a server needs no more than the documented rights, on tables that another role has made; not even that
// everybody may call functions.
func TestLeastPrivilege(t *testing.T) {
	t.Parallel()
	server := postgrestest.Shared(t)
	migrated := server.NewDatabase(t)
	migrated.Exec(t, strings.ReplaceAll(grants, "…", "secret"))
	migrated.Exec(t, `ALTER DEFAULT PRIVILEGES FOR ROLE ark_owner REVOKE EXECUTE ON ROUTINES FROM PUBLIC`)
	as := func(role string, database postgrestest.Database) Options {
		database.Username, database.Password = role, "secret"
		return optionsFor(database)
	}
	wantError(t, as("ark", migrated), `user "ark" may not create tables`, "ark-apiserver migrate")
	if schema, err := Migrate(t.Context(), as("ark_owner", migrated)); err != nil || schema != "ark" {
		t.Fatalf("schema %q, error %v", schema, err)
	}
	var callable bool
	stranger := neighbour(t, migrated)
	if err := stranger.QueryRow(t.Context(), `SELECT bool_or(has_function_privilege(p.oid, 'EXECUTE')) FROM pg_proc p WHERE p.pronamespace = 'ark'::regnamespace`).Scan(&callable); err != nil || callable {
		t.Errorf("others may call functions: %t, error %v", callable, err)
	}
	if err := stranger.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	storagetest.Exercise(t, storagetest.Harness{
		Lose:     lose,
		Shared:   true,
		Notifies: true,
		Small:    true,
		New: func(t *testing.T) func(*testing.T) storage.Backend {
			options := as("ark", server.NewDatabaseWith(t, "TEMPLATE "+migrated.Name))
			return func(t *testing.T) storage.Backend { return opened(t, options) }
		},
	})
}
