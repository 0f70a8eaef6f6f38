package postgresql

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
)

// stateColumns are the places of the columns of sqlState.
func stateColumns(s *driver.State) []any {
	return []any{&s.Current.Revision, &s.Current.CommittedAt, &s.Compacted, &s.Diverged}
}

// snapshot runs the statements that queue adds in one round trip, and reads the state of the same
// snapshot. queue is called again for another attempt: it must start its result afresh.
func (b *Backend) snapshot(ctx context.Context, queue func(*pgx.Batch)) (s driver.State, err error) {
	err = b.retry(ctx, func() error {
		conn, err := b.reader.Acquire(ctx)
		if err != nil {
			return err
		}
		defer conn.Release()
		batch := &pgx.Batch{}
		batch.Queue(sqlBeginRead)
		batch.Queue(sqlSettings)
		s.Seen = b.newest.Entry()
		batch.Queue(b.sql(sqlState), s.Seen.Revision, s.Seen.CommittedAt).QueryRow(func(row pgx.Row) error { return row.Scan(stateColumns(&s)...) })
		queue(batch)
		batch.Queue(sqlCommit)
		err = conn.SendBatch(ctx, batch).Close()
		if conn.Conn().PgConn().TxStatus() == 'E' {
			rollback(ctx, conn.Conn())
		}
		return err
	})
	if err == nil {
		err = b.newest.Note(s)
	}
	return s, err
}

// retry gives a read another attempt if the pool's connection was broken, as all are after a
// restart of the server, or if named statements turn out not to work.
func (b *Backend) retry(ctx context.Context, read func() error) error {
	err := read()
	for range b.reader.Config().MaxConns {
		if err == nil || ctx.Err() != nil || !lostConnection(err) && !b.giveUpNames(err) {
			break
		}
		err = read()
	}
	return err
}

// rollbackTimeout bounds the attempt to keep a connection after a failed transaction.
const rollbackTimeout = time.Second

func rollback(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	// If it fails, the pool closes the connection.
	_ = conn.PgConn().Exec(ctx, sqlRollback).Close()
}
