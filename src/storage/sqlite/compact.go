package sqlite

import (
	"context"
	"fmt"
)

// cleanStep is how many revisions one transaction of a compaction goes through: writers wait for that long.
const cleanStep = 500

// Compact implements storage.Backend.
func (b *Backend) Compact(ctx context.Context, revision int64) error {
	compacted, cleaned, head, err := b.beginCompaction(ctx, revision)
	if err != nil {
		return err
	}
	for cleaned < compacted {
		next := min(cleaned+cleanStep, compacted)
		if err := b.clean(ctx, cleaned, next, head); err != nil {
			return err
		}
		cleaned = next
	}
	return nil
}

// beginCompaction refuses reads below revision from now on, so that nobody sees half of what was there.
func (b *Backend) beginCompaction(ctx context.Context, revision int64) (compacted, cleaned, head int64, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.writer.revision.QueryRowContext(ctx).Scan(&head); err != nil {
		return 0, 0, 0, failed("read revision", err)
	}
	if _, err := b.writer.conn.ExecContext(ctx, setCompaction, min(revision, head)); err != nil {
		return 0, 0, 0, failed("set compacted revision", err)
	}
	if err := b.writer.conn.QueryRowContext(ctx, selectCompaction).Scan(&compacted, &cleaned); err != nil {
		return 0, 0, 0, failed("read compacted revision", err)
	}
	return compacted, cleaned, head, nil
}

// clean deletes what the writes in (from, to] superseded, and the tombstones among them. The newest entry, of
// revision head or later, stays: it holds the current revision.
func (b *Backend) clean(ctx context.Context, from, to, head int64) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	tx, err := b.writer.conn.BeginTx(ctx, nil)
	if err != nil {
		return failed("begin to compact", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, deleteSuperseded, from, to); err != nil {
		return failed("delete superseded versions", err)
	}
	if _, err := tx.ExecContext(ctx, deleteTombstones, from, to, head); err != nil {
		return failed("delete tombstones", err)
	}
	if _, err := tx.ExecContext(ctx, setCleaned, to); err != nil {
		return failed("set cleaned revision", err)
	}
	if err := tx.Commit(); err != nil {
		return failed(fmt.Sprintf("commit compaction up to revision %d", to), err)
	}
	b.wantCheckpoint()
	return nil
}
