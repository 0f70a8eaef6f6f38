package postgresql

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
	"ark.ai/apiserver/src/storage/storagetest/tcpproxy"
)

// patience is how long something may take that should be quick.
const patience = 30 * time.Second

// TestConnectionLostDuringCommit: whatever the moment, the caller is not told that a commit failed
// that took place, nor the contrary.
func TestConnectionLostDuringCommit(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	options, proxy := through(t, database)
	backend := openWith(t, options)
	direct := open(t, database)
	for name, tc := range map[string]struct {
		cut     tcpproxy.Cut
		applied bool
	}{
		"before the server sees it": {tcpproxy.CutRequest, false},
		"before we see the answer":  {tcpproxy.CutAnswer, true},
	} {
		create(t, backend, "/warm-up/"+name) // The connection is there and was just used.
		proxy.Arm(tc.cut)
		_, err := backend.Commit(t.Context(), []driver.Write{{Key: "/" + name, Value: []byte(`{}`)}})
		if !errors.Is(err, driver.ErrUnknownOutcome) {
			t.Errorf("connection lost %s: got error %v, want ErrUnknownOutcome", name, err)
		}
		select {
		case <-backend.doubt:
		default:
			t.Errorf("connection lost %s: the listener was not woken", name)
		}
		// The answer is only cut after the commit.
		if got := exists(t, direct, "/"+name); got != tc.applied {
			t.Errorf("connection lost %s: the write is there: %t, want %t", name, got, tc.applied)
		}
		create(t, backend, "/next/"+name)
	}
}

// TestReadsSurviveLostConnections: a read that hits a broken connection of the pool takes another.
func TestReadsSurviveLostConnections(t *testing.T) {
	t.Parallel()
	options, proxy := through(t, postgrestest.Shared(t).NewDatabase(t))
	backend := openWith(t, options)
	create(t, backend, "/a")
	for _, cut := range []tcpproxy.Cut{tcpproxy.CutRequest, tcpproxy.CutAnswer} {
		exists(t, backend, "/a")
		proxy.Arm(cut)
		if !exists(t, backend, "/a") {
			t.Error("the key is not found")
		}
	}
}

// TestStalledProcessHoldsUpNobody: a process that disappears while it sends a batch holds no lock,
// wherever it stopped. The last five bytes are the message that asks for an answer, the ten before
// have the batch executed.
func TestStalledProcessHoldsUpNobody(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	options, proxy := through(t, database)
	other := open(t, database)
	for withheld, executed := range map[int]bool{1: true, 4: true, 5: true, 6: false, 15: false, 1000: false} {
		stalled := openWith(t, options)
		create(t, stalled, fmt.Sprintf("/warm-up/%d", withheld))
		proxy.Stall(withheld)
		ctx, cancel := context.WithCancel(t.Context())
		var stalling sync.WaitGroup
		stalledKey := fmt.Sprintf("/stalled/%d", withheld)
		stalling.Go(func() {
			_, err := stalled.Commit(ctx, []driver.Write{{Key: stalledKey, Value: bytes.Repeat([]byte("x"), 2000)}})
			if !errors.Is(err, driver.ErrUnknownOutcome) {
				t.Errorf("stalled commit: got error %v, want ErrUnknownOutcome", err)
			}
		})
		if executed {
			NewWithT(t).Eventually(func() bool { return exists(t, other, stalledKey) }).WithTimeout(patience).Should(BeTrue())
		}
		commitCtx, done := context.WithTimeout(t.Context(), patience)
		for i := range 50 { // Some of them while the other is stalled.
			if _, err := other.Commit(commitCtx, []driver.Write{{Key: fmt.Sprintf("/%d/%d", withheld, i), Value: []byte(`{}`)}}); err != nil {
				t.Fatalf("commit beside a process that stalled before its last %d bytes: %v", withheld, err)
			}
		}
		done()
		cancel()
		stalling.Wait()
		proxy.Drop()
		if exists(t, other, stalledKey) != executed {
			t.Errorf("stalled before its last %d bytes: the batch is there: %t, want %t", withheld, !executed, executed)
		}
	}
}

func TestServerRestarts(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	backend := open(t, server.NewDatabase(t))
	ctx, cancel := context.WithCancel(t.Context())
	woken := make(chan struct{}, 1)
	var listening sync.WaitGroup
	listening.Go(func() { backend.Listen(ctx, func() { signal(woken) }) })
	defer listening.Wait()
	defer cancel()
	await(t, woken, "after connecting")

	acknowledged := []string{"/first"}
	create(t, backend, "/first")
	for name, end := range map[string]func(testing.TB){"shutdown": server.Stop, "crash": server.Kill} {
		// Writes go on until the server is away; what was acknowledged stays.
		ended := make(chan struct{})
		var writing sync.WaitGroup
		writing.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("/%s/%d", name, i)
				_, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(`{}`)}})
				if err == nil {
					acknowledged = append(acknowledged, key)
					if i == 20 {
						close(ended)
					}
					continue
				}
				if !errors.Is(err, driver.ErrUnknownOutcome) && !errors.Is(err, driver.ErrUnavailable) {
					t.Errorf("%s: commit failed with %v, want ErrUnavailable or ErrUnknownOutcome", name, err)
				}
				return
			}
		})
		<-ended
		end(t)
		writing.Wait()
		if _, _, err := backend.Get(t.Context(), "/first", 0); !errors.Is(err, driver.ErrUnavailable) {
			t.Errorf("%s: get failed with %v, want ErrUnavailable", name, err)
		}
		if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/away", Value: []byte(`{}`)}}); !errors.Is(err, driver.ErrUnavailable) {
			t.Errorf("%s: commit failed with %v, want ErrUnavailable", name, err)
		}
		drain(woken)
		server.Start(t)
		storagetest.Recovers(t, backend, patience)
		await(t, woken, "after the "+name)
	}
	for _, key := range acknowledged {
		if !exists(t, backend, key) {
			t.Errorf("%s was acknowledged and is gone", key)
		}
	}
	create(t, backend, "/last")
	t.Logf("%d acknowledged writes survived", len(acknowledged))
}

// TestFailover: what was the primary becomes read-only.
func TestFailover(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	create(t, backend, "/a")
	readOnly := func(setting string) {
		database.Exec(t, `BEGIN READ WRITE; ALTER DATABASE `+database.Name+` SET default_transaction_read_only = `+setting+`; COMMIT`)
	}
	readOnly("on")
	database.Exec(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	// Connections that are known to be broken are no answer: look until the server gives one.
	var err error
	for range 5 {
		if _, err = backend.Commit(t.Context(), []driver.Write{{Key: "/b", Value: []byte(`{}`)}}); codeOf(err) == readOnlyTransaction {
			break
		}
	}
	if !errors.Is(err, driver.ErrUnavailable) || codeOf(err) != readOnlyTransaction {
		t.Errorf("commit to a read-only server: got error %v, want ErrUnavailable", err)
	}
	if err := backend.Ping(t.Context()); !errors.Is(err, driver.ErrUnavailable) {
		t.Errorf("ping of a read-only server: got error %v, want ErrUnavailable", err)
	}
	readOnly("off")
	storagetest.Recovers(t, backend, patience)
	create(t, backend, "/b")
}

// TestDeadlines: nothing waits longer than its context.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	create(t, backend, "/a")
	blocker, err := database.Connect(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := blocker.Exec(t.Context(), `LOCK TABLE ark.objects, ark.log, ark.compaction`); err != nil {
		t.Fatal(err)
	}
	for name, operation := range map[string]func(context.Context) error{
		"commit": func(ctx context.Context) error {
			_, err := backend.Commit(ctx, []driver.Write{{Key: "/b"}})
			return err
		},
		"get":     func(ctx context.Context) error { _, _, err := backend.Get(ctx, "/a", 0); return err },
		"list":    func(ctx context.Context) error { _, err := backend.List(ctx, driver.ListQuery{}); return err },
		"log":     func(ctx context.Context) error { _, _, err := backend.Log(ctx, 0, "", 1); return err },
		"current": func(ctx context.Context) error { _, err := backend.CurrentRevision(ctx); return err },
		"stats":   func(ctx context.Context) error { _, err := backend.Stats(ctx, ""); return err },
		"compact": func(ctx context.Context) error { return backend.Compact(ctx, 2) },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		start := time.Now()
		err := operation(ctx)
		cancel()
		want := context.DeadlineExceeded
		if name == "commit" {
			want = driver.ErrUnknownOutcome
		}
		if !errors.Is(err, want) || time.Since(start) > patience/2 {
			t.Errorf("%s of a locked table: got error %v after %s, want %v", name, err, time.Since(start), want)
		}
	}
	if err := blocker.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	storagetest.Recovers(t, backend, patience)
	create(t, backend, "/c")
}

// TestCompactOneAtATime: a process leaves compaction to the one that is at it.
func TestCompactOneAtATime(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	revision := create(t, backend, "/a")
	other, err := database.Connect(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec(t.Context(), backend.sql(sqlLockCompaction)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := backend.Compact(t.Context(), revision); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := backend.CompactRevision(t.Context()); err != nil || got != 0 {
		t.Errorf("compacted to %d (error %v) while another process held the lock", got, err)
	}
	if err := other.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := backend.Compact(t.Context(), revision); err != nil {
		t.Fatal(err)
	}
	if got, err := backend.CompactRevision(t.Context()); err != nil || got != revision {
		t.Errorf("compacted to %d (error %v), want %d", got, err, revision)
	}
}
