// Package mysqltest runs throw-away MariaDB servers for tests, with durability on, from the
// programs that are installed.
//
//	func TestMain(m *testing.M) { os.Exit(mysqltest.Main(m)) }
//
//	func TestSomething(t *testing.T) {
//		database := mysqltest.Shared(t).NewDatabase(t)
//		… database.Host, database.Port …
//	}
//
// Main stops what Shared started. A test that stops, kills or configures its server has one of its
// own, from New. Programs that are no tests have Open. MariaDB refuses to run as root: root's tests
// run it as the user mysql.
package mysqltest
