package postgresql

import (
	"os"
	"strings"
	"testing"

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

// TestLeastPrivilege: a server needs no more than the documented rights, on tables that another
// role has made; not even that everybody may call functions.
func TestLeastPrivilege(t *testing.T) {
	t.Parallel()
	checkDocumented(t, grants)
	database := postgrestest.Shared(t).NewDatabase(t)
	database.Exec(t, strings.ReplaceAll(grants, "…", "secret"))
	database.Exec(t, `ALTER DEFAULT PRIVILEGES FOR ROLE ark_owner REVOKE EXECUTE ON ROUTINES FROM PUBLIC`)
	owner, server := optionsFor(database), optionsFor(database)
	owner.Username, owner.Password = "ark_owner", "secret"
	server.Username, server.Password = "ark", "secret"
	wantError(t, server, `user "ark" may not create tables`, "ark-apiserver migrate")
	if schema, err := Migrate(t.Context(), owner); err != nil || schema != "ark" {
		t.Fatalf("schema %q, error %v", schema, err)
	}
	create(t, openWith(t, server), "/a")
	var callable bool
	if err := neighbour(t, database).QueryRow(t.Context(), `SELECT bool_or(has_function_privilege(p.oid, 'EXECUTE'))
		FROM pg_proc p WHERE p.pronamespace = 'ark'::regnamespace`).Scan(&callable); err != nil || callable {
		t.Errorf("others may call functions: %t, error %v", callable, err)
	}
	storagetest.Exercise(t, storagetest.Harness{
		Lose:     lose,
		Shared:   true,
		Notifies: true,
		NotOwner: true,
		Small:    true,
		New: inSchemas(server, func(t *testing.T, schema string) {
			_, afterRoles, _ := strings.Cut(grants, "CREATE SCHEMA")
			database.Exec(t, strings.ReplaceAll("CREATE SCHEMA"+afterRoles, "SCHEMA ark", "SCHEMA "+schema))
			owner := owner
			owner.Schema = schema
			if _, err := Migrate(t.Context(), owner); err != nil {
				t.Fatal(err)
			}
		}),
	})
}

// newOwner is that of docs/configuration.md.
const newOwner = `
BEGIN;
CREATE ROLE ark_owner LOGIN PASSWORD '…';
REASSIGN OWNED BY ark TO ark_owner;
GRANT USAGE ON SCHEMA ark TO ark;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ark TO ark;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA ark TO ark;
ALTER DEFAULT PRIVILEGES FOR ROLE ark_owner IN SCHEMA ark GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ark;
ALTER DEFAULT PRIVILEGES FOR ROLE ark_owner IN SCHEMA ark GRANT EXECUTE ON ROUTINES TO ark;
COMMIT;
`

// TestTablesGetAnOwner: a server that has made the tables goes on when they become another role's,
// and may not change them any more.
func TestTablesGetAnOwner(t *testing.T) {
	t.Parallel()
	checkDocumented(t, newOwner)
	// Roles are the whole server's.
	database := postgrestest.New(t).NewDatabase(t)
	database.Exec(t, `CREATE ROLE ark LOGIN PASSWORD 'secret'; GRANT CREATE ON DATABASE `+database.Name+` TO ark`)
	server := optionsFor(database)
	server.Username, server.Password = "ark", "secret"
	backend := openWith(t, server)
	create(t, backend, "/before")
	database.Exec(t, strings.ReplaceAll(newOwner, "…", "secret"))
	create(t, backend, "/after")
	// A start uses all that there is.
	create(t, openWith(t, server), "/started")
	var owned int
	if err := neighbour(t, database).QueryRow(t.Context(), `SELECT count(*) FROM pg_class WHERE relowner = 'ark'::regrole`).Scan(&owned); err != nil || owned != 0 {
		t.Errorf("the server owns %d tables, error %v", owned, err)
	}
	owner := server
	owner.Username = "ark_owner"
	if schema, err := Migrate(t.Context(), owner); err != nil || schema != "ark" {
		t.Errorf("schema %q, error %v", schema, err)
	}
}

func checkDocumented(t *testing.T, statements string) {
	t.Helper()
	if docs, err := os.ReadFile("../../../docs/configuration.md"); err != nil || !strings.Contains(string(docs), strings.TrimSpace(statements)) {
		t.Errorf("docs/configuration.md has other statements (%v)", err)
	}
}
