package storagetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

var errAway = fmt.Errorf("the disk is full: %w", driver.ErrUnavailable)

// exerciseRefusedWrites: a database that can be read may still refuse to be written, and nobody may
// be writing when that is over.
func exerciseRefusedWrites(t *testing.T, h Harness) {
	options := quiet
	options.Log.ExpiryInterval = 20 * time.Millisecond
	p := startProcess(t, h.New(t)(t), options)
	first := p.mustCreate(t, "first")
	w := p.watch(t, first.ResourceVersion)
	commits := p.backend.commits.Load()
	if err := p.CheckWrites(t.Context()); err != nil {
		t.Errorf("after a write that succeeded: %v", err)
	}
	if made := p.backend.commits.Load() - commits; made != 0 {
		t.Errorf("asking whether writes succeed made %d commits although the last one had succeeded", made)
	}

	refuse := func(context.Context, []driver.Write) ([]int64, error) { return nil, errAway }
	p.backend.commit.Store(&refuse)
	_, err := p.create(t.Context(), "second")
	wantUnavailable(t, err)
	if err := p.Ping(t.Context()); err != nil {
		t.Errorf("the database answers, but ping says: %v", err)
	}
	for range 2 {
		if err := p.CheckWrites(t.Context()); !errors.Is(err, driver.ErrUnavailable) {
			t.Errorf("while writes are refused: got error %v, want ErrUnavailable", err)
		}
	}

	p.backend.commit.Store(nil)
	if err := p.CheckWrites(t.Context()); err != nil {
		t.Errorf("when writes succeed again: %v", err)
	}
	// What was written to find out is seen by no watcher, and goes.
	eventually(t, "nothing but the object is left", func() bool {
		stats, err := p.backend.Stats(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		return stats.Keys == 1
	})
	commits = p.backend.commits.Load()
	if err := p.CheckWrites(t.Context()); err != nil {
		t.Error(err)
	}
	if made := p.backend.commits.Load() - commits; made != 0 {
		t.Errorf("asking again made %d commits", made)
	}
	wantEvent(t, w, watch.Added, p.mustCreate(t, "second"))
}

// exerciseWritesOfUnknownOutcome: they count, and are a reason to look whether others succeed.
func exerciseWritesOfUnknownOutcome(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), quiet)
	lose := func(context.Context, []driver.Write) ([]int64, error) { return nil, driver.ErrUnknownOutcome }
	p.backend.commit.Store(&lose)
	_, err := p.create(t.Context(), "first")
	wantUnavailable(t, err)
	p.wantMetric(t, 1, "generic_storage_commit_duration_seconds", "outcome", "unknown")
	if err := p.CheckWrites(t.Context()); !errors.Is(err, driver.ErrUnknownOutcome) {
		t.Errorf("got error %v, want ErrUnknownOutcome", err)
	}
	p.wantMetric(t, 2, "generic_storage_commit_duration_seconds", "outcome", "unknown")
	p.backend.commit.Store(nil)
	if err := p.CheckWrites(t.Context()); err != nil {
		t.Error(err)
	}
	p.wantMetric(t, 1, "generic_storage_commit_duration_seconds", "outcome", "ok")
	p.mustCreate(t, "second")
	p.wantMetric(t, 2, "generic_storage_commit_duration_seconds", "outcome", "ok")
	p.wantMetric(t, 4, "generic_storage_commit_batch_writes")
}

// following are options of an engine that does nothing but follow the log, eagerly.
var following = storage.Options{Log: changelog.Options{PollInterval: 20 * time.Millisecond, ExpiryInterval: time.Hour, ProgressInterval: time.Hour}}

// exerciseTailThatFails: the lag is 0 while nothing happens, grows while the log can't be read, and
// is 0 again thereafter.
func exerciseTailThatFails(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), following)
	first := p.mustCreate(t, "first")
	w := p.watch(t, first.ResourceVersion)
	p.wantTailToKeepUp(t)

	p.backend.failWith(errAway)
	eventually(t, "the check fails", func() bool { return p.CheckTail() != nil })
	if err := p.CheckTail(); !errors.Is(err, driver.ErrUnavailable) {
		t.Errorf("got error %v, want the reason why the log can't be read", err)
	}
	lag := p.metric(t, "generic_storage_tail_lag_seconds")
	eventually(t, "the lag grows", func() bool { return p.metric(t, "generic_storage_tail_lag_seconds") > lag })
	// What another process commits is known of once somebody asks for the current revision.
	p.commitAsOther(t, create("/elsewhere/a", `{}`), create("/elsewhere/b", `{}`))
	if _, err := p.store.GetCurrentResourceVersion(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.wantMetric(t, 2, "generic_storage_tail_lag_revisions")
	p.wantMetric(t, float64(revisionOf(t, first)+2), "generic_storage_revision")

	p.backend.failWith(nil)
	p.wantTailToKeepUp(t)
	wantEvent(t, w, watch.Added, p.mustCreate(t, "second"))
}

// exerciseTailFarBehind: who has more to read than one page knows how much, and is behind until the
// last of it is read.
func exerciseTailFarBehind(t *testing.T, h Harness) {
	p := startProcess(t, h.New(t)(t), following)
	p.wantTailToKeepUp(t)
	hang := func(ctx context.Context, _ int64, _ string, _ int) ([]driver.Change, int64, error) {
		<-ctx.Done()
		return nil, 0, ctx.Err()
	}
	var pages atomic.Int64
	page := func(ctx context.Context, after int64, prefix string, limit int) ([]driver.Change, int64, error) {
		if pages.Add(1) > 1 {
			return hang(ctx, after, prefix, limit)
		}
		return p.backend.Backend.Log(ctx, after, prefix, limit)
	}
	p.backend.failWith(errAway)
	eventually(t, "the check fails", func() bool { return p.CheckTail() != nil })
	var writes []driver.Write
	for i := range 2500 {
		writes = append(writes, create(fmt.Sprintf("/elsewhere/%d", i), `{}`))
	}
	p.commitAsOther(t, writes...)
	p.backend.log.Store(&page)
	p.backend.failWith(nil)
	eventually(t, "a page of 1000 changes is read, and the 1500 after it are known of", func() bool {
		return p.metric(t, "generic_storage_tail_lag_revisions") == 1500
	})
	lag := p.metric(t, "generic_storage_tail_lag_seconds")
	eventually(t, "the lag grows", func() bool { return p.metric(t, "generic_storage_tail_lag_seconds") > lag })
	if err := p.CheckTail(); err == nil {
		t.Error("the check succeeds although the log was not read to its end")
	}
}

// wantTailToKeepUp waits until nothing is left to hear of.
func (p *process) wantTailToKeepUp(t *testing.T) {
	t.Helper()
	eventually(t, "watchers hear of everything", func() bool {
		return p.metric(t, "generic_storage_tail_lag_revisions") == 0 && p.metric(t, "generic_storage_tail_lag_seconds") == 0 && p.CheckTail() == nil
	})
}

// commitAsOther commits as another process would.
func (p *process) commitAsOther(t *testing.T, writes ...driver.Write) {
	t.Helper()
	commit(t, p.backend.Backend, writes...)
}
