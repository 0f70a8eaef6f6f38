package postgresql

import (
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestExerciseBehindPgbouncer runs the whole suite with few connections of the server behind many
// of ours, so that every transaction may get another one.
func TestExerciseBehindPgbouncer(t *testing.T) {
	t.Parallel()
	storagetest.Exercise(t, storagetest.Harness{
		Lose:   lose,
		Shared: true,
		Small:  true,
		New: func(t *testing.T) func(*testing.T) driver.Backend {
			options := optionsFor(postgrestest.Shared(t).NewDatabase(t).ThroughPgbouncer(t, 3))
			return func(t *testing.T) driver.Backend { return opened(t, options) }
		},
	})
}

// TestNamedStatementsAreGivenUp: from the first failure on, nothing fails any more.
func TestNamedStatementsAreGivenUp(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t).ThroughPgbouncer(t, 2)
	a, b := open(t, database), open(t, database)
	for i := range 20 {
		key := string(rune('a' + i))
		create(t, a, "/a/"+key)
		create(t, b, "/b/"+key)
		if !exists(t, b, "/a/"+key) || !exists(t, a, "/b/"+key) {
			t.Errorf("a write of the other process is not seen")
		}
	}
	if !a.unnamed.Load() && !b.unnamed.Load() {
		t.Error("named statements were not given up, although connections were shared: is pgbouncer in transaction mode?")
	}
}
