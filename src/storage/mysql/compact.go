package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	// compactPortion is how many log entries a transaction of Compact looks at: a few milliseconds'
	// work.
	compactPortion = 1000
	// forgetAfter is how long a process is remembered that is not there any more.
	forgetAfter = time.Hour
)

// Compact implements driver.Backend. It takes no lock that a commit takes. What it leaves undone
// when it fails, the next call of any process does.
func (b *Backend) Compact(ctx context.Context, revision int64) error {
	if b.readOnly {
		return driver.ErrReadOnly
	}
	// Readers must see the new revision before anything is missing, so it has a transaction of its
	// own.
	_, err := b.compaction(ctx, func(tx *sql.Tx, _, _ int64) (bool, error) {
		if _, err := tx.ExecContext(ctx, sqlForget, forgetAfter.Microseconds()); err != nil {
			return false, err
		}
		_, err := tx.ExecContext(ctx, sqlRaiseCompaction, revision, revision)
		return false, err
	})
	for more := err == nil; more; {
		more, err = b.compaction(ctx, func(tx *sql.Tx, swept, compacted int64) (bool, error) { return sweep(ctx, tx, swept, compacted) })
	}
	return translate(fmt.Sprintf("compact to revision %d", revision), err)
}

// compaction runs a step with the row of compaction locked, and reports whether it is worth another
// one: not if another process holds the lock.
func (b *Backend) compaction(ctx context.Context, step func(tx *sql.Tx, swept, compacted int64) (more bool, err error)) (more bool, err error) {
	err = b.retry(ctx, func() error {
		tx, err := b.reader.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
		if err != nil {
			return err
		}
		defer tx.Rollback()
		var swept, compacted int64
		switch err := tx.QueryRowContext(ctx, sqlLockCompaction).Scan(&swept, &compacted); {
		case errors.Is(err, sql.ErrNoRows):
			more = false
			return nil
		case err != nil:
			return err
		}
		if more, err = step(tx, swept, compacted); err != nil {
			return err
		}
		return tx.Commit()
	})
	return more, err
}

// sweep deletes what the next entries up to compacted superseded, and the tombstones among them.
// The last entry of the portion before is looked at again: it may be a tombstone that was kept
// because it was the newest entry. It reports whether something is left to do. Portions are counted
// in entries, because an incarnation leaves a gap.
func sweep(ctx context.Context, tx *sql.Tx, swept, compacted int64) (more bool, err error) {
	if swept >= compacted {
		return false, nil
	}
	entries, through, dropped, err := superseded(ctx, tx, swept, compacted)
	if err != nil {
		return false, err
	}
	if entries <= compactPortion {
		through = compacted
	}
	if len(dropped) > 0 {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(sqlDrop, places(len(dropped))), dropped...); err != nil {
			return false, err
		}
	}
	_, err = tx.ExecContext(ctx, sqlSetSwept, through)
	return through < compacted, err
}

// superseded looks at a portion of entries without a lock, which writers would wait for. The newest
// entry is never dropped.
func superseded(ctx context.Context, tx *sql.Tx, swept, compacted int64) (entries int, through int64, dropped []any, err error) {
	rows, err := tx.QueryContext(ctx, sqlSuperseding, swept, compacted, compactPortion+1)
	if err != nil {
		return 0, 0, nil, err
	}
	defer rows.Close()
	for ; rows.Next(); entries++ {
		var previous, newest int64
		var deleted bool
		if err := rows.Scan(&through, &previous, &deleted, &newest); err != nil {
			return 0, 0, nil, err
		}
		if previous > 0 {
			dropped = append(dropped, previous)
		}
		if deleted && through < newest {
			dropped = append(dropped, through)
		}
	}
	return entries, through, dropped, rows.Err()
}
