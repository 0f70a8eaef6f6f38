package postgresql

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
)

// prepareConnection refuses a new connection to a database that is in another place than its log
// was: a standby that was promoted, or a copy that was restored, may lack commits.
func (b *Backend) prepareConnection(ctx context.Context, conn *pgx.Conn) error {
	if b.readOnly {
		return nil
	}
	var moved bool
	if err := conn.QueryRow(ctx, b.sql(sqlMoved), pgx.QueryExecModeExec).Scan(&moved); err != nil {
		return err
	}
	if moved {
		return driver.ErrDiverged
	}
	return nil
}

// StartIncarnation implements driver.Backend.
func (b *Backend) StartIncarnation(ctx context.Context) (driver.Incarnation, error) {
	const doing = "start an incarnation"
	if b.readOnly {
		return driver.Incarnation{}, driver.ErrReadOnly
	}
	// The pools refuse the database as it is.
	config := b.writer.Config().ConnConfig
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return driver.Incarnation{}, translate(doing, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	seen := b.newest.Entry()
	incarnation := driver.Incarnation{Seen: seen.Revision}
	var began *int64
	var beganAt *time.Time
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, b.sql(sqlStartIncarnation), b.commitLock, b.channel, seen.Revision, seen.CommittedAt).
			Scan(&incarnation.Found, &began, &beganAt, &incarnation.Lost)
	})
	if err != nil {
		return driver.Incarnation{}, translate(doing, err)
	}
	if began != nil {
		incarnation.Began = *began
		b.newest.See(driver.Entry{Revision: *began, CommittedAt: *beganAt})
	}
	// Connections may lead to a standby, which lacks what it is about to get.
	b.writer.Reset()
	b.reader.Reset()
	return incarnation, nil
}
