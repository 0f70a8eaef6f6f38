package postgresql

import (
	"context"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage"
)

// state is where the database is at a snapshot.
type state struct {
	current   int64
	compacted int64
}

// check tells whether the states or changes from revision on can be read.
func (s state) check(revision int64) error {
	switch {
	case revision > s.current:
		return storage.ErrFutureRevision
	case revision < s.compacted:
		return storage.ErrCompacted
	default:
		return nil
	}
}

// snapshot runs the statements that queue adds in one round trip, and reads the state of the same snapshot. queue is
// called again for another attempt: it must start its result afresh.
func (b *Backend) snapshot(ctx context.Context, queue func(*pgx.Batch)) (s state, err error) {
	err = b.retry(ctx, func() error {
		conn, err := b.reader.Acquire(ctx)
		if err != nil {
			return err
		}
		defer conn.Release()
		batch := &pgx.Batch{}
		batch.Queue(sqlBeginRead)
		batch.Queue(sqlPlanner)
		batch.Queue(b.sql(sqlState)).QueryRow(func(row pgx.Row) error { return row.Scan(&s.current, &s.compacted) })
		queue(batch)
		batch.Queue(sqlCommit)
		err = conn.SendBatch(ctx, batch).Close()
		if conn.Conn().PgConn().TxStatus() == 'E' {
			rollback(ctx, conn.Conn())
		}
		return err
	})
	return s, err
}

// retry gives a read another attempt if the pool's connection was broken, as all are after a restart of the server,
// or if named statements turn out not to work.
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
