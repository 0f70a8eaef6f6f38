package mysql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// StartIncarnation implements driver.Backend. Revisions go on far above all that can have been
// used, and what was before counts as compacted, so that nobody takes a version for another one
// that had its number.
func (b *Backend) StartIncarnation(ctx context.Context) (driver.Incarnation, error) {
	if b.readOnly {
		return driver.Incarnation{}, driver.ErrReadOnly
	}
	incarnation, err := b.startIncarnation(ctx)
	if err != nil {
		return driver.Incarnation{}, translate("start an incarnation", err)
	}
	// Connections may lead to a replica, which lacks what it is about to get.
	b.reset()
	return incarnation, nil
}

func (b *Backend) startIncarnation(ctx context.Context) (driver.Incarnation, error) {
	// The pools refuse the database as it is.
	pool, err := connect(b.config, b.dialect, b.dialect.noTimeout, "")
	if err != nil {
		return driver.Incarnation{}, err
	}
	defer pool.Close()
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return driver.Incarnation{}, err
	}
	defer tx.Rollback()
	var locked bool
	if err := tx.QueryRowContext(ctx, sqlLockLog).Scan(&locked); err != nil {
		return driver.Incarnation{}, err
	}
	seen := b.newest.Entry()
	incarnation := driver.Incarnation{Seen: seen.Revision}
	var moved, readOnly bool
	var moment int64
	if err := tx.QueryRowContext(ctx, b.dialect.sql(sqlIncarnation), stateArgs(seen)...).
		Scan(&incarnation.Found, &incarnation.Lost, &moved, &moment, &readOnly); err != nil {
		return driver.Incarnation{}, err
	}
	if readOnly {
		return driver.Incarnation{}, errReadOnly
	}
	var role driver.Role
	var least int64
	if err := tx.QueryRowContext(ctx, sqlRole).Scan(&role, &least); err != nil {
		return driver.Incarnation{}, err
	}
	if err := role.Startable(); err != nil {
		return driver.Incarnation{}, err
	}
	if incarnation.Lost || moved {
		incarnation.Lost = incarnation.Lost && role == driver.Original
		incarnation.Began = max(incarnation.Found, seen.Revision, least) + driver.IncarnationGap
		_, markErr := tx.ExecContext(ctx, sqlMark, incarnation.Began, moment)
		_, compactErr := tx.ExecContext(ctx, sqlCompactAll, incarnation.Began)
		_, noteErr := tx.ExecContext(ctx, b.dialect.sql(sqlNote))
		_, roleErr := tx.ExecContext(ctx, sqlEndRole)
		if err := errors.Join(markErr, compactErr, noteErr, roleErr); err != nil {
			return driver.Incarnation{}, err
		}
	}
	if err := tx.Commit(); err != nil {
		return driver.Incarnation{}, err
	}
	if incarnation.Began != 0 {
		b.newest.See(driver.Entry{Revision: incarnation.Began, CommittedAt: time.UnixMicro(moment)})
	}
	return incarnation, nil
}
