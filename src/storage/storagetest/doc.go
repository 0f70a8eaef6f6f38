// Package storagetest is what a driver.Backend must pass.
//
// Exercise runs the scenarios of the Backend contract itself: rows, revisions, snapshots,
// compaction, concurrency, bytes. RunUpstream runs the suites that k8s.io/apiserver has for its own
// storage, on a store of the backend, and ExerciseEngine what those leave out: writers, watchers
// and a database that fails, and several processes on one database.
//
//	func TestExercise(t *testing.T) {
//		storagetest.Exercise(t, storagetest.Harness{
//			New: func(t *testing.T) func(*testing.T) driver.Backend {
//				path := filepath.Join(t.TempDir(), "objects.db")
//				return func(t *testing.T) driver.Backend { return open(t, path) }
//			},
//		})
//	}
//
// Packages postgrestest and mysqltest run servers of PostgreSQL and of MariaDB for such tests.
package storagetest
