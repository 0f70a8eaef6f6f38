package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// compactPortion is how many log entries one transaction of a compaction goes through: writers wait
// for that long.
const compactPortion = 100

// recentCommit is how long ago the last commit was at most while there are writers.
const recentCommit = time.Second

// Compact implements driver.Backend.
func (b *Backend) Compact(ctx context.Context, revision int64) error {
	if b.options.ReadOnly {
		return driver.ErrReadOnly
	}
	compacted, swept, head, err := b.beginCompaction(ctx, revision)
	if err != nil {
		return err
	}
	for swept < compacted {
		began := time.Now()
		if swept, err = b.sweep(ctx, swept, compacted, head); err != nil {
			return err
		}
		b.makeWay(ctx, time.Since(began))
	}
	return b.shrink(ctx)
}

// beginCompaction refuses reads below revision from now on, so that nobody sees half of what was
// there.
func (b *Backend) beginCompaction(ctx context.Context, revision int64) (compacted, swept, head int64, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.files.check(); err != nil {
		return 0, 0, 0, err
	}
	s, err := b.writer.readState(driver.Entry{})
	if err != nil {
		return 0, 0, 0, translate("read revision", err)
	}
	head = s.Current.Revision
	if _, err := b.writer.conn.ExecContext(ctx, sqlSetCompaction, min(revision, head)); err != nil {
		return 0, 0, 0, translate("set compacted revision", err)
	}
	if err := b.writer.conn.QueryRowContext(ctx, sqlSelectCompaction).Scan(&compacted, &swept); err != nil {
		return 0, 0, 0, translate("read compacted revision", err)
	}
	return compacted, swept, head, nil
}

// sweep deletes what the first writes in (from, to] superseded, and the tombstones among them;
// swept is how far it went. The newest entry, of revision head or later, stays: it holds the
// current revision.
func (b *Backend) sweep(ctx context.Context, from, to, head int64) (swept int64, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.files.check(); err != nil {
		return 0, err
	}
	tx, err := b.writer.conn.BeginTx(ctx, nil)
	if err != nil {
		return 0, translate("begin to compact", err)
	}
	defer tx.Rollback()
	// Steps are counted in entries, because an incarnation leaves a gap.
	switch err := tx.QueryRowContext(ctx, sqlSelectStep, from, to, compactPortion).Scan(&swept); {
	case errors.Is(err, sql.ErrNoRows):
		swept = to
	case err != nil:
		return 0, translate("look for superseded versions", err)
	}
	if _, err := tx.ExecContext(ctx, sqlDeleteSuperseded, from, swept); err != nil {
		return 0, translate("delete superseded versions", err)
	}
	if _, err := tx.ExecContext(ctx, sqlDeleteTombstones, from, swept, head); err != nil {
		return 0, translate("delete tombstones", err)
	}
	if _, err := tx.ExecContext(ctx, sqlSetSwept, swept); err != nil {
		return 0, translate("set swept revision", err)
	}
	if err := tx.Commit(); err != nil {
		return 0, translate(fmt.Sprintf("commit compaction up to revision %d", swept), err)
	}
	b.wantCheckpoint()
	return swept, nil
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
