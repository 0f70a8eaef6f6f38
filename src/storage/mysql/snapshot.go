package mysql

import (
	"context"
	"database/sql"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// stateArgs are the arguments of sqlState.
func stateArgs(seen driver.Entry) []any {
	return []any{seen.Revision, seen.Revision, microseconds(seen.CommittedAt)}
}

// scanState reads a row that begins with the columns of sqlState; more are those that follow.
func scanState(s *driver.State, row *sql.Rows, more ...any) error {
	var committedAt int64
	err := row.Scan(append([]any{&s.Current.Revision, &committedAt, &s.Compacted, &s.Diverged}, more...)...)
	s.Current.CommittedAt = time.UnixMicro(committedAt)
	return err
}

// microseconds is a moment as it is stored.
func microseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// snapshot runs the statements that add adds in one round trip, and reads the state of the same
// snapshot. add returns what takes their rows. It is called again for another attempt: it must
// start its result afresh.
func (b *Backend) snapshot(ctx context.Context, add func(*message) []func(*sql.Rows) error) (s driver.State, err error) {
	err = b.retry(ctx, func() error {
		s = driver.State{Seen: b.newest.Entry()}
		m := &message{}
		m.add(sqlBeginRead)
		m.add(sqlState, stateArgs(s.Seen)...)
		results := append([]func(*sql.Rows) error{func(row *sql.Rows) error { return scanState(&s, row) }}, add(m)...)
		m.add(sqlCommit)
		return b.read(ctx, m, results...)
	})
	if err == nil {
		err = b.newest.Note(s)
	}
	return s, err
}

// one reads the state, and what else a statement has in its one row, which is a snapshot by itself.
// The statement's first arguments are those of sqlState.
func (b *Backend) one(ctx context.Context, statement string, args []any, more ...any) (s driver.State, err error) {
	err = b.retry(ctx, func() error {
		s = driver.State{Seen: b.newest.Entry()}
		m := &message{}
		m.add(statement, append(stateArgs(s.Seen), args...)...)
		return b.read(ctx, m, func(row *sql.Rows) error { return scanState(&s, row, more...) })
	})
	switch {
	case err != nil:
	case s.Current.Revision == 0:
		err = sql.ErrNoRows
	default:
		err = b.newest.Note(s)
	}
	return s, err
}

func (b *Backend) read(ctx context.Context, m *message, results ...func(*sql.Rows) error) error {
	conn, err := b.reader.Conn(ctx)
	if err != nil {
		return err
	}
	err = m.query(ctx, conn, results...)
	release(conn, err)
	return err
}

// retry gives a read another attempt if the pool's connection was broken, as all are after a
// restart of the server.
func (b *Backend) retry(ctx context.Context, read func() error) error {
	err := read()
	for range b.readers {
		if err == nil || ctx.Err() != nil || !lostConnection(err) {
			break
		}
		err = read()
	}
	return err
}
