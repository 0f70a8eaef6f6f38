package postgresql

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

func signal(woken chan<- struct{}) {
	select {
	case woken <- struct{}{}:
	default:
	}
}

func drain(woken <-chan struct{}) {
	select {
	case <-woken:
	default:
	}
}

func await(t *testing.T, woken <-chan struct{}, when string) {
	t.Helper()
	select {
	case <-woken:
	case <-time.After(patience):
		t.Fatalf("not woken %s", when)
	}
}

// TestListenReconnects loses the listening connection again and again.
func TestListenReconnects(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	listener, other := open(t, database), open(t, database)
	woken := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() { listener.Listen(ctx, func() { signal(woken) }) })
	defer listening.Wait()
	defer cancel()
	await(t, woken, "after connecting")
	for i := range 3 {
		conn := database.Connect(t)
		var ended int
		for ended == 0 { // It may just be connecting.
			if err := conn.QueryRow(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
				WHERE datname = current_database() AND query LIKE 'LISTEN%'`).Scan(&ended); err != nil {
				t.Fatal(err)
			}
		}
		create(t, other, fmt.Sprintf("/%d", i)) // Perhaps while nobody listens.
		await(t, woken, "after the connection was ended")
	}
	// The last wake may have been for the connection.
	for i, seen := 0, int64(0); seen < 10; i++ {
		drain(woken)
		create(t, other, fmt.Sprintf("/again/%d", i))
		await(t, woken, "by a commit")
		seen++
	}
}

// TestListenSkipsOwnCommits: a process knows what it committed, and need not read it from the log.
func TestListenSkipsOwnCommits(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	listener, other := open(t, database), open(t, database)
	create(t, listener, "/first")
	var wakes atomic.Int64
	woken := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() {
		listener.Listen(ctx, func() {
			wakes.Add(1)
			signal(woken)
		})
	})
	defer listening.Wait()
	defer cancel()
	await(t, woken, "after connecting")
	for i := range 20 {
		create(t, listener, fmt.Sprintf("/own/%d", i))
	}
	drain(woken)
	create(t, other, "/other")
	await(t, woken, "by another process's commit")
	if got := wakes.Load(); got > 2 {
		t.Errorf("woken %d times by connecting and one commit of another process", got)
	}
}

// TestListenBehindPgbouncer: notifications do not arrive there, and we notice.
func TestListenBehindPgbouncer(t *testing.T) {
	t.Parallel()
	backend := open(t, postgrestest.Shared(t).NewDatabase(t).ThroughPgbouncer(t, 4))
	woken := make(chan struct{}, 1)
	worked, err := backend.listen(t.Context(), func() { signal(woken) })
	if worked || !errors.Is(err, errNoNotifications) {
		t.Errorf("got %t, error %v; want to be told that notifications do not arrive", worked, err)
	}
	await(t, woken, "by connecting")
}
