package mysql

import (
	"os"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// grants are those of docs/configuration.md.
const grants = `
CREATE DATABASE ark;
CREATE USER ark_owner IDENTIFIED BY '…';
CREATE USER ark IDENTIFIED BY '…';
GRANT ALL ON ark.* TO ark_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON ark.* TO ark;
`

// TestLeastPrivilege: a server needs no more than the documented rights, on tables that another
// user has made.
func TestLeastPrivilege(t *testing.T) {
	t.Parallel()
	checkDocumented(t, grants)
	server := mysqltest.New(t)
	if err := server.Exec(t.Context(), strings.ReplaceAll(grants, "…", "secret")); err != nil {
		t.Fatal(err)
	}
	owner := Options{Name: "ark", Host: server.Host, Port: server.Port, Username: "ark_owner", Password: "secret"}
	user := Options{Name: "ark", Host: server.Host, Port: server.Port, Password: "secret"}
	wantError(t, user, `user "ark" may not create tables in database "ark"`, "migrated by a user who may")
	if database, err := Migrate(t.Context(), owner); err != nil || database != "ark" {
		t.Fatalf("database %q, error %v", database, err)
	}
	create(t, openWith(t, user), "/a")
	_, grantsOfOne, _ := strings.Cut(grants, "GRANT ALL")
	storagetest.Exercise(t, storagetest.Harness{
		Lose:     lose,
		Shared:   true,
		Notifies: true,
		NotOwner: true,
		Small:    true,
		New: inDatabases(server, func(t *testing.T, options *Options) {
			if err := server.Exec(t.Context(), strings.ReplaceAll("GRANT ALL"+grantsOfOne, "ark.*", options.Database+".*")); err != nil {
				t.Fatal(err)
			}
			owner := owner
			owner.Database = options.Database
			if _, err := Migrate(t.Context(), owner); err != nil {
				t.Fatal(err)
			}
			options.Username, options.Password = "ark", "secret"
		}),
	})
}

// newOwner is that of docs/configuration.md.
const newOwner = `
CREATE USER ark_owner IDENTIFIED BY '…';
GRANT ALL ON ark.* TO ark_owner;
REVOKE ALTER, ALTER ROUTINE, CREATE, CREATE ROUTINE, CREATE TEMPORARY TABLES, CREATE VIEW, DROP, EVENT, EXECUTE, INDEX, LOCK TABLES, REFERENCES, SHOW VIEW, TRIGGER ON ark.* FROM ark;
`

// TestTablesGetAnOwner: a server that has made the tables goes on when another user gets its rights
// to change them.
func TestTablesGetAnOwner(t *testing.T) {
	t.Parallel()
	checkDocumented(t, newOwner)
	// Users are the whole server's.
	server := mysqltest.New(t)
	if err := server.Exec(t.Context(), `CREATE DATABASE ark; CREATE USER ark IDENTIFIED BY 'secret'; GRANT ALL ON ark.* TO ark`); err != nil {
		t.Fatal(err)
	}
	user := Options{Name: "ark", Host: server.Host, Port: server.Port, Password: "secret"}
	backend := openWith(t, user)
	create(t, backend, "/before")
	if err := server.Exec(t.Context(), strings.ReplaceAll(newOwner, "…", "secret")); err != nil {
		t.Fatal(err)
	}
	create(t, backend, "/after")
	// A start uses all that there is.
	started := openWith(t, user)
	create(t, started, "/started")
	// MariaDB has DELETE HISTORY besides, of tables with versions: there are none.
	const rights = `SELECT GROUP_CONCAT(privilege_type ORDER BY privilege_type) FROM information_schema.schema_privileges WHERE privilege_type <> 'DELETE HISTORY'`
	var left string
	if err := started.reader.QueryRowContext(t.Context(), rights).Scan(&left); err != nil || left != "DELETE,INSERT,SELECT,UPDATE" {
		t.Errorf("the server has the rights %s, error %v", left, err)
	}
	owner := user
	owner.Username = "ark_owner"
	if database, err := Migrate(t.Context(), owner); err != nil || database != "ark" {
		t.Errorf("database %q, error %v", database, err)
	}
}

func checkDocumented(t *testing.T, statements string) {
	t.Helper()
	if docs, err := os.ReadFile("../../../docs/configuration.md"); err != nil || !strings.Contains(string(docs), strings.TrimSpace(statements)) {
		t.Errorf("docs/configuration.md has other statements (%v)", err)
	}
}
