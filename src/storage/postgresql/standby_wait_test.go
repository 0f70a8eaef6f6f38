package postgresql

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestCommitThatNoStandbyHas: when something ends the wait for a standby, PostgreSQL answers that
// the call has succeeded, with a warning, which the database would keep from its clients.
func TestCommitThatNoStandbyHas(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	database := server.NewDatabase(t)
	database.Exec(t, `ALTER DATABASE `+database.Name+` SET client_min_messages = 'error'`)
	directly := open(t, database)
	create(t, directly, "/a")
	// Through a pooler, the timeout of the database counts.
	database.Exec(t, `ALTER DATABASE `+database.Name+` SET statement_timeout = '2s'`)
	pooled := open(t, database.ThroughPgbouncer(t, 4))
	create(t, pooled, "/b")
	for _, statement := range []string{"ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()"} {
		if err := server.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for name, backend := range map[string]*Backend{"directly": directly, "through pgbouncer": pooled} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var attempts int
			attempt := func() <-chan error {
				attempts++
				key, answer := fmt.Sprintf("/%s/%d", name, attempts), make(chan error, 1)
				go func() {
					_, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(`{}`)}})
					answer <- err
				}()
				return answer
			}
			canceller, answer := database.Connect(t), attempt()
			g.Eventually(func() (err error) {
				select {
				case err = <-answer:
					if err == nil { // The server takes the setting over by and by.
						answer = attempt()
					}
				default:
					if backend == directly { // Nothing but somebody else ends its wait.
						_, err = canceller.Exec(t.Context(), `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)
					}
				}
				return err
			}).WithTimeout(patience).Should(And(MatchError(driver.ErrUnknownOutcome), MatchError(errAlone)))
			if !exists(t, backend, fmt.Sprintf("/%s/%d", name, attempts)) {
				t.Error("the write has not taken place after all")
			}
		})
	}
}
