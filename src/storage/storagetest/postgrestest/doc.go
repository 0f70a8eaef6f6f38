// Package postgrestest runs throw-away PostgreSQL servers for tests, with durability on (fsync),
// from the programs that are installed: those in PATH, those that pg_config names, or those below
// /usr/lib/postgresql.
//
//	func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }
//
//	func TestSomething(t *testing.T) {
//		database := postgrestest.Shared(t).NewDatabase(t)
//		… database.Host, database.Port …
//	}
//
// Main stops what Shared started. A test that stops or kills its server has one of its own, from
// New. Programs that are no tests have Open. PostgreSQL refuses to run as root: root's tests run it
// as the user postgres.
package postgrestest
