package mysql

import (
	"context"
	"database/sql"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// logState is where the database is at a snapshot.
type logState struct {
	// seen is the newest entry that this process had seen before.
	seen      driver.Entry
	current   driver.Entry
	compacted int64
	// diverged means that the log lacks what this process has seen.
	diverged bool
}

// stateArgs are the arguments of sqlState.
func stateArgs(seen driver.Entry) []any {
	return []any{seen.Revision, seen.Revision, microseconds(seen.CommittedAt)}
}

// scan reads a row that begins with the columns of sqlState; more are those that follow.
func (s *logState) scan(row *sql.Rows, more ...any) error {
	var committedAt int64
	err := row.Scan(append([]any{&s.current.Revision, &committedAt, &s.compacted, &s.diverged}, more...)...)
	s.current.CommittedAt = time.UnixMicro(committedAt)
	return err
}

// microseconds is a moment as it is stored.
func microseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// see takes note of a state that was read.
func (b *Backend) see(s logState) error {
	if s.diverged {
		return driver.ErrDiverged
	}
	b.newest.SeeAfter(s.seen, s.current)
	return nil
}

// check reports whether the states or changes from revision on can be read.
func (s logState) check(revision int64) error {
	switch {
	case revision > s.current.Revision:
		return driver.ErrFutureRevision
	case revision < s.compacted:
		return driver.ErrCompacted
	default:
		return nil
	}
}

// snapshot runs the statements that add adds in one round trip, and reads the state of the same snapshot. add returns what takes
// their rows. It is called again for another attempt: it must start its result afresh.
func (b *Backend) snapshot(ctx context.Context, add func(*message) []func(*sql.Rows) error) (s logState, err error) {
	err = b.retry(ctx, func() error {
		s = logState{seen: b.newest.Entry()}
		m := &message{}
		m.add(sqlBeginRead)
		m.add(sqlState, stateArgs(s.seen)...)
		results := append([]func(*sql.Rows) error{func(row *sql.Rows) error { return s.scan(row) }}, add(m)...)
		m.add(sqlCommit)
		return b.read(ctx, m, results...)
	})
	if err == nil {
		err = b.see(s)
	}
	return s, err
}

// one reads the state, and what else a statement has in its one row, which is a snapshot by itself. The statement's first arguments are those
// of sqlState.
func (b *Backend) one(ctx context.Context, statement string, args []any, more ...any) (s logState, err error) {
	err = b.retry(ctx, func() error {
		s = logState{seen: b.newest.Entry()}
		m := &message{}
		m.add(statement, append(stateArgs(s.seen), args...)...)
		return b.read(ctx, m, func(row *sql.Rows) error { return s.scan(row, more...) })
	})
	switch {
	case err != nil:
	case s.current.Revision == 0:
		err = sql.ErrNoRows
	default:
		err = b.see(s)
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

// retry gives a read another attempt if the pool's connection was broken, as all are after a restart of the server.
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
