package mysql

import (
	"errors"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// TestLockedRow: who has rights on the tables may lock them, but not for ever: then nothing was
// written, and nothing stays locked.
func TestLockedRow(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]string{
		"the first lock of a commit": `SELECT only_row FROM sequencer FOR UPDATE`,
		"a later one":                "SELECT revision FROM objects WHERE objects.key = '/a' FOR UPDATE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := mysqltest.Shared(t).NewDatabase(t)
			backend := open(t, database)
			revision := create(t, backend, "/a")
			locker := database.Connect(t)
			if _, err := locker.ExecContext(t.Context(), sqlBeginWrite+lock); err != nil {
				t.Fatal(err)
			}
			_, err := backend.Commit(t.Context(), []driver.Write{{Key: "/b", Value: []byte(`{}`)}, {Key: "/a", Expected: revision, Value: []byte(`{}`)}})
			if !errors.Is(err, driver.ErrUnavailable) || codeOf(err) != lockWaitTimeout {
				t.Errorf("a commit while the row is locked: got error %v, want ErrUnavailable", err)
			}
			if exists(t, backend, "/b") {
				t.Error("the write has taken place")
			}
			if _, err := locker.ExecContext(t.Context(), `ROLLBACK`); err != nil {
				t.Fatal(err)
			}
			create(t, backend, "/b")
		})
	}
}

// TestDeadlock: a commit that the server sacrifices for another transaction is tried again.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	server := mysqltest.New(t)
	database := server.NewDatabase(t)
	backend := open(t, database)
	revision := create(t, backend, "/a")
	// The one that has changed more rows survives.
	other := database.Connect(t)
	if _, err := other.ExecContext(t.Context(), `CREATE TABLE heavy (n INT) ENGINE = InnoDB; `+sqlBeginWrite+
		`INSERT INTO heavy SELECT seq FROM seq_1_to_1000; SELECT revision FROM objects WHERE objects.key = '/a' FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	var committing sync.WaitGroup
	committing.Go(func() {
		revisions, err := backend.Commit(t.Context(), []driver.Write{{Key: "/a", Expected: revision, Value: []byte(`{"n":2}`)}})
		if err != nil || revisions[0] != revision+1 {
			t.Errorf("got revisions %v, error %v; want %d", revisions, err, revision+1)
		}
	})
	watcher := database.Connect(t)
	// The table is what it was as long as it is read more often than every 100 ms.
	NewWithT(t).Eventually(func() (waiting int, err error) {
		err = watcher.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'`).Scan(&waiting)
		return waiting, err
	}).WithTimeout(patience).WithPolling(200 * time.Millisecond).Should(Equal(1))
	if _, err := other.ExecContext(t.Context(), `SELECT only_row FROM sequencer FOR UPDATE; COMMIT`); err != nil {
		t.Fatal(err)
	}
	committing.Wait()
	var name, deadlocks string
	scan(t, database, `SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'`, &name, &deadlocks)
	if deadlocks != "1" {
		t.Errorf("there were %s deadlocks, want 1", deadlocks)
	}
}
