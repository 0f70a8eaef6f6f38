package postgresql

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
)

// compactPortion is how many log entries a transaction of Compact looks at: a few milliseconds'
// work.
const compactPortion = 1000

// Compact implements driver.Backend. It takes no lock that a commit takes. What it leaves undone
// when it fails, the next call of any process does.
func (b *Backend) Compact(ctx context.Context, revision int64) error {
	if b.readOnly {
		return driver.ErrReadOnly
	}
	doing := fmt.Sprintf("compact to revision %d", revision)
	// Readers must see the new revision before anything is missing, so it has a transaction of its
	// own.
	_, err := b.compaction(ctx, func(tx pgx.Tx) (bool, error) {
		_, err := tx.Exec(ctx, b.sql(sqlRaiseCompaction), revision)
		return false, err
	})
	for more := err == nil; more; {
		more, err = b.compaction(ctx, func(tx pgx.Tx) (more bool, err error) {
			rows, err := tx.Query(ctx, b.sql(sqlSweep), compactPortion)
			if err != nil {
				return false, err
			}
			portions, err := pgx.CollectRows(rows, pgx.RowTo[bool])
			return len(portions) == 1 && portions[0], err
		})
	}
	return translate(doing, err)
}

// compaction runs a step with the row of compaction locked, and reports whether it is worth another
// one: not if another process holds the lock.
func (b *Backend) compaction(ctx context.Context, step func(pgx.Tx) (more bool, err error)) (more bool, err error) {
	err = b.retry(ctx, func() error {
		more = false
		return pgx.BeginTxFunc(ctx, b.reader, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, sqlSettings); err != nil {
				return err
			}
			locked, err := tx.Exec(ctx, b.sql(sqlLockCompaction))
			if err != nil || locked.RowsAffected() == 0 {
				return err
			}
			more, err = step(tx)
			return err
		})
	})
	return more, err
}
