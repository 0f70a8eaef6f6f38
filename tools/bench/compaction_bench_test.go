package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	compactedRows = 100_000
	livingKeys    = 1000
	writesPerStep = 200 // 20 a second
)

// BenchmarkCompaction drops 100,000 versions of 2 KB beside 20 commits a second, and reports the
// p99 of those in ms, alone and beside it.
func BenchmarkCompaction(b *testing.B) {
	for _, name := range []string{"sqlite", "postgresql", "mysql"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				backend := openBackend(b, name)
				measureCompaction(b, backend)
				if err := backend.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func measureCompaction(b *testing.B, backend driver.Backend) {
	b.Helper()
	value := []byte(`{"text":"` + strings.Repeat("x", 2000) + `"}`)
	last := make(map[string]int64) // revisions of keys
	update := func(keys ...string) error {
		var writes []driver.Write
		for _, key := range keys {
			writes = append(writes, driver.Write{Key: key, Value: value, Expected: last[key]})
		}
		revisions, err := backend.Commit(b.Context(), writes)
		for i, revision := range revisions {
			last[keys[i]] = revision
		}
		return err
	}
	var batch []string
	for i := range compactedRows {
		if batch = append(batch, fmt.Sprintf("/k/%04d", i%livingKeys)); len(batch) == 250 {
			if err := update(batch...); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	// steadily commits, until ended is closed and writesPerStep are made.
	steadily := func(ended <-chan struct{}) time.Duration {
		var times []time.Duration
		for tick := time.NewTicker(50 * time.Millisecond); ; <-tick.C {
			began := time.Now()
			if err := update(fmt.Sprintf("/k/%04d", rand.IntN(livingKeys))); err != nil {
				b.Fatal(err)
			}
			times = append(times, time.Since(began))
			if len(times) < writesPerStep {
				continue
			}
			select {
			case <-ended:
				slices.Sort(times)
				return times[len(times)*99/100]
			default:
			}
		}
	}
	none := make(chan struct{})
	close(none)
	alone := steadily(none)
	current, err := backend.CurrentRevision(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	ended := make(chan struct{})
	began := time.Now()
	var took time.Duration
	go func() {
		defer close(ended)
		if err := backend.Compact(context.WithoutCancel(b.Context()), current); err != nil {
			b.Error(err)
		}
		took = time.Since(began)
	}()
	beside := steadily(ended)
	b.ReportMetric(float64(alone)/1e6, "alone-p99-ms")
	b.ReportMetric(float64(beside)/1e6, "beside-p99-ms")
	b.ReportMetric(took.Seconds(), "compaction-s")
}
