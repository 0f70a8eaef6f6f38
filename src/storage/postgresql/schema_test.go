package postgresql

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestFormerDefaultSchema: a database whose tables are where they were by default once goes on with
// them.
func TestFormerDefaultSchema(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	createVersion(t, database, 2)
	options := optionsFor(database)
	options.Schema = formerSchema
	create(t, openWith(t, options), "/a")
	for _, schema := range []string{"", formerSchema} {
		options.Schema = schema
		backend := openWith(t, options)
		if !exists(t, backend, "/a") || backend.schema != quoted(formerSchema) {
			t.Errorf("with schema %q the tables of schema %s are used", schema, backend.schema)
		}
	}
}

// TestStrangersTables: who may create in public can't have a new database begin with tables of
// theirs.
func TestStrangersTables(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	stranger := neighbour(t, database)
	database.Exec(t, `GRANT CREATE ON SCHEMA public TO PUBLIC`)
	if _, err := stranger.Exec(t.Context(), `CREATE TABLE public.schema_version (version integer); CREATE TABLE public.log (revision bigint);
		CREATE TABLE public.objects (revision bigint); CREATE TABLE public.compaction (revision bigint);
		GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC`); err != nil {
		t.Fatal(err)
	}
	wantError(t, optionsFor(database), `schema "public"`, "belong to a role", "name the schema")
	options := optionsFor(database)
	options.Schema = ark
	create(t, openWith(t, options), "/a")
	create(t, open(t, database), "/b") // There is no doubt any more.
}

// TestStrangersWhoMayCreate: they are named.
func TestStrangersWhoMayCreate(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	neighbour(t, database)
	role := "neighbour_of_" + database.Name
	strangers := func() (names string) {
		t.Helper()
		if err := database.Connect(t).QueryRow(t.Context(), `SELECT coalesce(string_agg(name, ', '), '') FROM (`+sqlStrangers+`) AS stranger (name)`, ark).Scan(&names); err != nil {
			t.Fatal(err)
		}
		return names
	}
	open(t, database)
	if got := strangers(); got != "" {
		t.Errorf("in a new schema %s may create", got)
	}
	database.Exec(t, `GRANT CREATE ON SCHEMA ark TO PUBLIC; GRANT CREATE ON SCHEMA ark TO `+role)
	if got, want := strangers(), "PUBLIC, "+role; got != want {
		t.Errorf("those who may create are %q, want %q", got, want)
	}
}

// TestTablesOfAStranger: who may create in the database can make the default schema before the
// server does. Who that is, is known.
func TestTablesOfAStranger(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	stranger := neighbour(t, database)
	role := "neighbour_of_" + database.Name
	user := "user_of_" + database.Name
	database.Exec(t, `CREATE ROLE `+user+` LOGIN PASSWORD 'user'; GRANT CREATE ON DATABASE `+database.Name+` TO `+role+`, `+user)
	server := database
	server.Username, server.Password = user, "user"
	conn, err := pgx.Connect(t.Context(), server.DSN())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	check := func(when, want string) {
		t.Helper()
		owners, err := untrustedOwners(t.Context(), conn, ark)
		if got := strings.Join(owners, ", "); err != nil || got != want {
			t.Errorf("%s: owners who are not trusted are %q (%v), want %q", when, got, err, want)
		}
	}
	check("without tables", "")
	if _, err := stranger.Exec(t.Context(), `CREATE SCHEMA ark; GRANT ALL ON SCHEMA ark TO PUBLIC; CREATE TABLE ark.log (revision bigint)`); err != nil {
		t.Fatal(err)
	}
	check("with a stranger's table", role)
	database.Exec(t, `GRANT `+role+` TO `+user)
	check("as a member of that role", "")
	database.Exec(t, `REVOKE `+role+` FROM `+user+`; DROP SCHEMA ark CASCADE`)
	openWith(t, optionsFor(server))
	check("with tables of its own", "")
	database.Exec(t, `ALTER FUNCTION ark.location() OWNER TO `+role)
	check("with a stranger's function", role)
}
