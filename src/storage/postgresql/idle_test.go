package postgresql

import (
	"fmt"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestIdleStatements counts what the server executes for a process that looks whether there is
// something to do: one statement for each look.
func TestIdleStatements(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	database.Exec(t, `CREATE EXTENSION pg_stat_statements`)
	backend := open(t, database)
	later := driver.Write{Key: "/later", Value: []byte(`{}`), ExpiresAt: time.Now().Add(time.Hour)}
	if _, err := backend.Commit(t.Context(), []driver.Write{later}); err != nil {
		t.Fatal(err)
	}
	newest := create(t, backend, "/newest")
	other := open(t, database)
	const looks = 10
	look := func() (changes []driver.Change) {
		t.Helper()
		changes, through, err := backend.Log(t.Context(), newest, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		newest = through
		if expired, err := backend.Expired(t.Context(), time.Now(), 100); err != nil || len(expired) > 0 {
			t.Fatalf("expired are %v (%v)", expired, err)
		}
		return changes
	}
	look() // the connection is there
	conn := database.Connect(t)
	executed := func() (calls int) {
		t.Helper()
		const sum = `SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
			WHERE d.datname = current_database() AND query NOT LIKE '%pg_stat_statements%'`
		if err := conn.QueryRow(t.Context(), sum).Scan(&calls); err != nil {
			t.Fatal(err)
		}
		return calls
	}
	before := executed()
	for range looks {
		look()
	}
	if made := executed() - before; made != 2*looks {
		t.Errorf("%d looks for changes and for expired records took %d statements", looks, made)
	}

	for i := range 3 {
		create(t, other, fmt.Sprintf("/other/%d", i))
	}
	if changes := look(); len(changes) != 3 {
		t.Errorf("another process made three changes, found %v", changes)
	}
}
