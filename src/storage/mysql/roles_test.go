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
	if docs, err := os.ReadFile("../../../docs/configuration.md"); err != nil || !strings.Contains(string(docs), strings.TrimSpace(grants)) {
		t.Errorf("docs/configuration.md has other rights (%v)", err)
	}
	server := mysqltest.New(t)
	if err := server.Exec(t.Context(), strings.ReplaceAll(grants, "…", "secret")); err != nil {
		t.Fatal(err)
	}
	owner := Options{Host: server.Host, Port: server.Port, Username: "ark_owner", Password: "secret"}
	user := Options{Host: server.Host, Port: server.Port, Password: "secret"}
	wantError(t, user, `user "ark" may not create tables in database "ark"`, "ark-apiserver migrate")
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
