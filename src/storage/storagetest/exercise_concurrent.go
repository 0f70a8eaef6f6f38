package storagetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// outcomes are what committers were told, by the token in each value.
type outcomes struct {
	sync.Mutex
	committed map[string]int64
	refused   map[string]bool
	unknown   int
}

// exerciseConcurrentCommits lets several processes commit to shared keys, some with contexts that
// end in between, while others follow the log and the current revision.
func exerciseConcurrentCommits(t *testing.T, h Harness) {
	backends := h.openSeveral(t, 3)
	batches := 150
	if h.small() {
		batches = 40
	}
	told := &outcomes{committed: make(map[string]int64), refused: make(map[string]bool)}
	var writing, reading sync.WaitGroup
	for i, backend := range backends {
		writing.Go(func() { commitRandomly(t, backend, i, batches, told) })
	}
	done := make(chan struct{})
	for _, backend := range backends {
		reading.Go(func() { follow(t, backend, done) })
	}
	writing.Wait()
	close(done)
	reading.Wait()

	changes, through, err := readLog(t.Context(), backends[0], 0, "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	if through != int64(len(changes))+1 {
		t.Errorf("%d changes took the revisions up to %d", len(changes), through)
	}
	at := make(map[string]int64)
	for i, change := range changes {
		if want := int64(i) + 2; change.Revision != want {
			t.Fatalf("the log has revision %d where %d is due", change.Revision, want)
		}
		if change.Deleted {
			continue
		}
		if at[string(change.Value)] != 0 {
			t.Errorf("%s was committed twice", change.Value)
		}
		at[string(change.Value)] = change.Revision
	}
	for token, revision := range told.committed {
		if at[token] != revision {
			t.Errorf("%s was acknowledged at revision %d, but the log has it at %d", token, revision, at[token])
		}
	}
	for token := range told.refused {
		if at[token] != 0 {
			t.Errorf("%s was refused, but the log has it at revision %d", token, at[token])
		}
	}
	t.Logf("%d writes acknowledged, %d refused, %d batches of unknown outcome", len(told.committed), len(told.refused), told.unknown)
	if len(told.committed) == 0 {
		t.Error("nothing was committed")
	}
}

// commitRandomly writes to keys that other processes write to as well.
func commitRandomly(t *testing.T, backend driver.Backend, process, batches int, told *outcomes) {
	random := rand.New(rand.NewPCG(uint64(process), 7))
	for n := range batches {
		var batch []driver.Write
		for _, i := range random.Perm(10)[:1+random.IntN(6)] {
			key := fmt.Sprintf("/k/%d", i)
			record, _, err := backend.Get(t.Context(), key, 0)
			if err != nil {
				t.Errorf("get: %v", err)
				return
			}
			write := create(key, fmt.Sprintf(`{"process":%d,"batch":%d,"key":%d}`, process, n, i))
			if record != nil {
				write.Expected = record.Revision
				write.Delete = random.IntN(5) == 0
			}
			batch = append(batch, write)
		}
		ctx, cancel := t.Context(), context.CancelFunc(func() {})
		if random.IntN(4) == 0 {
			ctx, cancel = context.WithTimeout(ctx, time.Duration(random.IntN(3000))*time.Microsecond)
		}
		revisions, err := backend.Commit(ctx, batch)
		ended := ctx.Err() != nil
		cancel()
		if err != nil && !ended {
			t.Errorf("commit: %v", err)
		}
		told.add(batch, revisions, err)
	}
}

func (o *outcomes) add(batch []driver.Write, revisions []int64, err error) {
	o.Lock()
	defer o.Unlock()
	if errors.Is(err, driver.ErrUnknownOutcome) {
		o.unknown++
		return
	}
	for i, write := range batch {
		switch {
		case write.Delete:
		case err == nil && revisions[i] != 0:
			o.committed[string(write.Value)] = revisions[i]
		default:
			o.refused[string(write.Value)] = true
		}
	}
}

// follow checks that whoever sees a revision sees all that come before it.
func follow(t *testing.T, backend driver.Backend, done <-chan struct{}) {
	last := int64(1)
	for ended := false; !ended; {
		select {
		case <-done:
			ended = true
		default:
		}
		seen, err := backend.CurrentRevision(t.Context())
		if err != nil {
			t.Errorf("current revision: %v", err)
			return
		}
		for last < seen {
			changes, through, err := backend.Log(t.Context(), last, "", 50)
			if err != nil {
				t.Errorf("log after %d: %v", last, err)
				return
			}
			for _, change := range changes {
				if last++; change.Revision != last {
					t.Errorf("the log has revision %d where %d is due", change.Revision, last)
					return
				}
			}
			if through != last {
				t.Errorf("the log is read through %d, but its last change is %d: revision %d had been seen", through, last, seen)
				return
			}
		}
	}
}

// exerciseConsistentSnapshots writes the same number to all keys of a batch: no list and no pair of
// pages may see two.
func exerciseConsistentSnapshots(t *testing.T, h Harness) {
	backends := h.openSeveral(t, 2)
	writer, reader := backends[0], backends[len(backends)-1]
	const keys = 20
	rounds := 200
	if h.small() {
		rounds = 50
	}
	batch := make([]driver.Write, keys)
	for i := range batch {
		batch[i] = create(fmt.Sprintf("/k/%02d", i), `{"round":-1}`)
	}
	for i, revision := range commit(t, writer, batch...) {
		batch[i].Expected = revision
	}
	done := make(chan struct{})
	var writing, reading sync.WaitGroup
	writing.Go(func() {
		defer close(done)
		for round := range rounds {
			for i := range batch {
				batch[i].Value = fmt.Appendf(nil, `{"round":%d}`, round)
			}
			revisions, err := writer.Commit(t.Context(), batch)
			if err != nil {
				t.Errorf("commit: %v", err)
				return
			}
			for i := range batch {
				batch[i].Expected = revisions[i]
			}
		}
	})
	reading.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			first, err := reader.List(t.Context(), driver.ListQuery{Prefix: "/k/", Limit: 8, Count: true})
			if err != nil {
				t.Errorf("list: %v", err)
				return
			}
			rest, err := reader.List(t.Context(), driver.ListQuery{Prefix: "/k/", Start: first.Records[7].Key + "\x00", Revision: first.Revision})
			if err != nil {
				t.Errorf("list at %d: %v", first.Revision, err)
				return
			}
			records := append(first.Records, rest.Records...)
			if len(records) != keys || first.Remaining != keys-8 {
				t.Errorf("pages at %d have %d keys, and %d remained after the first; want %d and %d", first.Revision, len(records), first.Remaining, keys, keys-8)
				return
			}
			newest := int64(0)
			for _, record := range records {
				if newest = max(newest, record.Revision); string(record.Value) != string(records[0].Value) {
					t.Errorf("a list at %d has %s and %s, which were never there together", first.Revision, records[0].Value, record.Value)
					return
				}
			}
			if newest != first.Revision {
				t.Errorf("a list's revision is %d, but its newest record has %d", first.Revision, newest)
				return
			}
		}
	})
	writing.Wait()
	reading.Wait()
}

func exerciseListen(t *testing.T, h Harness) {
	if !h.Shared || !h.Notifies {
		// Then all that is asked for is that it ends.
		backend := h.open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		backend.Listen(ctx, func() {})
		return
	}
	backends := h.openSeveral(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	woken := make(chan struct{}, 1)
	var listening sync.WaitGroup
	listening.Go(func() {
		backends[0].Listen(ctx, func() {
			select {
			case woken <- struct{}{}:
			default:
			}
		})
	})
	await := func(what string) {
		t.Helper()
		select {
		case <-woken:
		case <-time.After(20 * time.Second):
			t.Fatalf("not woken %s", what)
		}
	}
	await("after connecting")
	for i := range 20 {
		revision := commitOne(t, backends[1], create(fmt.Sprintf("/k/%d", i), `{}`))
		for {
			await(fmt.Sprintf("by another process's commit of revision %d", revision))
			if current(t, backends[0]) >= revision {
				break
			}
		}
	}
	cancel()
	listening.Wait()
}
