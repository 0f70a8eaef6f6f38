package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// cleanStep is how many entries one transaction of a compaction goes through: writers wait for that
// long.
const cleanStep = 100

// recentCommit is how long ago the last commit was at most while there are writers.
const recentCommit = time.Second

// Compact implements driver.Backend.
func (b *Backend) Compact(ctx context.Context, revision int64) error {
	if b.options.ReadOnly {
		return driver.ErrReadOnly
	}
	compacted, cleaned, head, err := b.beginCompaction(ctx, revision)
	if err != nil {
		return err
	}
	for cleaned < compacted {
		began := time.Now()
		if cleaned, err = b.clean(ctx, cleaned, compacted, head); err != nil {
			return err
		}
		b.makeWay(ctx, time.Since(began))
	}
	return b.shrink(ctx)
}

// beginCompaction refuses reads below revision from now on, so that nobody sees half of what was
// there.
func (b *Backend) beginCompaction(ctx context.Context, revision int64) (compacted, cleaned, head int64, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.files.check(); err != nil {
		return 0, 0, 0, err
	}
	s, err := b.writer.readState(driver.Entry{})
	if err != nil {
		return 0, 0, 0, failed("read revision", err)
	}
	head = s.Current.Revision
	if _, err := b.writer.conn.ExecContext(ctx, setCompaction, min(revision, head)); err != nil {
		return 0, 0, 0, failed("set compacted revision", err)
	}
	if err := b.writer.conn.QueryRowContext(ctx, selectCompaction).Scan(&compacted, &cleaned); err != nil {
		return 0, 0, 0, failed("read compacted revision", err)
	}
	return compacted, cleaned, head, nil
}

// clean deletes what the first writes in (from, to] superseded, and the tombstones among them;
// cleaned is how far it went. The newest entry, of revision head or later, stays: it holds the
// current revision.
func (b *Backend) clean(ctx context.Context, from, to, head int64) (cleaned int64, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.files.check(); err != nil {
		return 0, err
	}
	tx, err := b.writer.conn.BeginTx(ctx, nil)
	if err != nil {
		return 0, failed("begin to compact", err)
	}
	defer tx.Rollback()
	// Steps are counted in entries, because an incarnation leaves a gap.
	switch err := tx.QueryRowContext(ctx, selectStep, from, to, cleanStep).Scan(&cleaned); {
	case errors.Is(err, sql.ErrNoRows):
		cleaned = to
	case err != nil:
		return 0, failed("look for superseded versions", err)
	}
	if _, err := tx.ExecContext(ctx, deleteSuperseded, from, cleaned); err != nil {
		return 0, failed("delete superseded versions", err)
	}
	if _, err := tx.ExecContext(ctx, deleteTombstones, from, cleaned, head); err != nil {
		return 0, failed("delete tombstones", err)
	}
	if _, err := tx.ExecContext(ctx, setCleaned, cleaned); err != nil {
		return 0, failed("set cleaned revision", err)
	}
	if err := tx.Commit(); err != nil {
		return 0, failed(fmt.Sprintf("commit compaction up to revision %d", cleaned), err)
	}
	b.wantCheckpoint()
	return cleaned, nil
}

// makeWay lets writers, if there are any, have the lock and the disk after a compaction has had
// them for a while.
func (b *Backend) makeWay(ctx context.Context, worked time.Duration) {
	if time.Since(b.newest.Entry().CommittedAt) > recentCommit {
		return
	}
	select {
	case <-time.After(3 * worked):
	case <-ctx.Done():
	case <-b.closing:
	}
}
