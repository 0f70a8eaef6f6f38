package postgresql

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestCommitThatNoStandbyHas: when something ends the wait for a standby, PostgreSQL answers that
// the call has succeeded, with a warning.
func TestCommitThatNoStandbyHas(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	database := server.NewDatabase(t)
	create(t, open(t, database), "/a")
	// Through a pooler, the timeout of the database counts.
	database.Exec(t, `ALTER DATABASE `+database.Name+` SET statement_timeout = '2s'`)
	backend := open(t, database.ThroughPgbouncer(t, 4))
	create(t, backend, "/b")
	for _, statement := range []string{"ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"} {
		if err := server.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	attempts := 0
	NewWithT(t).Eventually(func() error { // The server takes the setting over by and by.
		attempts++
		_, err := backend.Commit(t.Context(), []driver.Write{{Key: fmt.Sprintf("/c/%d", attempts), Value: []byte(`{}`)}})
		return err
	}).WithTimeout(patience).Should(And(MatchError(driver.ErrUnknownOutcome), MatchError(errAlone)))
	if !exists(t, backend, fmt.Sprintf("/c/%d", attempts)) {
		t.Error("the write has not taken place after all")
	}
}
