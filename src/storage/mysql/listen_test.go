package mysql

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
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

func await(t testing.TB, woken <-chan struct{}, when string) {
	t.Helper()
	select {
	case <-woken:
	case <-time.After(patience):
		t.Fatalf("not woken %s", when)
	}
}

// TestOthersAreNoticed: a process that writes is there for the others, until it has been silent for
// a while.
func TestOthersAreNoticed(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	backend, other := open(t, database), open(t, database)
	want := func(news, others bool, when string) {
		t.Helper()
		gotNews, gotOthers, err := backend.look(t.Context())
		if err != nil || gotNews != news || gotOthers != others {
			t.Errorf("%s: news %t, others %t, error %v; want %t, %t", when, gotNews, gotOthers, err, news, others)
		}
	}
	want(true, false, "at first")
	create(t, backend, "/own/1")
	want(false, false, "after an own commit")
	create(t, other, "/other/1")
	want(true, true, "after another's commit")
	create(t, other, "/other/2")
	create(t, backend, "/own/2")
	want(true, true, "after another's commit and an own one")
	want(false, true, "again")
	backend.process.begin()
	create(t, other, "/other/3")
	want(false, true, "while an own commit may be what is new")
	backend.process.end()
	want(true, true, "after that")
	database.Exec(t, fmt.Sprintf(`UPDATE processes SET beat_at = beat_at - %d`, absence.Microseconds()))
	want(false, false, "when the other has been silent")
	if err := backend.Compact(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	var remembered int
	scan(t, database, `SELECT COUNT(*) FROM processes`, &remembered)
	if remembered != 2 {
		t.Errorf("%d processes are remembered, want 2 for a while", remembered)
	}
	database.Exec(t, fmt.Sprintf(`UPDATE processes SET beat_at = beat_at - %d`, forgetAfter.Microseconds()))
	if err := backend.Compact(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if scan(t, database, `SELECT COUNT(*) FROM processes`, &remembered); remembered != 0 {
		t.Errorf("%d processes are remembered, want none", remembered)
	}
}

// TestListenSkipsOwnCommits: a process knows what it committed, and need not read it from the log.
func TestListenSkipsOwnCommits(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	listener, other := open(t, database), open(t, database)
	create(t, other, "/first")
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
	create(t, other, "/other")
	await(t, woken, "by another process's commit")
	if got := wakes.Load(); got > 2 {
		t.Errorf("woken %d times by connecting and one commit of another process", got)
	}
}

// BenchmarkListen measures how long after a commit another process is woken.
func BenchmarkListen(b *testing.B) {
	database := mysqltest.Shared(b).NewDatabase(b)
	listener, other := open(b, database), open(b, database)
	create(b, other, "/first")
	woken := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(b.Context())
	var listening sync.WaitGroup
	listening.Go(func() { listener.Listen(ctx, func() { signal(woken) }) })
	await(b, woken, "after connecting")
	var delays []time.Duration
	for b.Loop() {
		drain(woken)
		create(b, other, fmt.Sprintf("/%d", len(delays)))
		committed := time.Now()
		await(b, woken, "by a commit")
		delays = append(delays, time.Since(committed))
	}
	cancel()
	listening.Wait()
	slices.Sort(delays)
	b.ReportMetric(float64(delays[len(delays)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(delays[len(delays)*99/100].Microseconds())/1000, "ms-p99")
}
