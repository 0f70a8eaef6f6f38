package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// logState is where the database is at a moment.
type logState struct {
	current   driver.Entry
	compacted int64
	// diverged means that the log lacks what this process has seen.
	diverged bool
}

// scanLogState reads a row that begins with the columns of selectState; more are those that follow.
func scanLogState(row *sql.Row, more ...any) (s logState, err error) {
	var milliseconds int64
	if err := row.Scan(append([]any{&s.current.Revision, &milliseconds, &s.compacted, &s.diverged}, more...)...); err != nil {
		return logState{}, err
	}
	s.current.CommittedAt = time.UnixMilli(milliseconds)
	return s, nil
}

// look reads a row that begins with the columns of selectState, takes note of how far the log goes, and fails if it lacks
// what this process has seen. query gets the first arguments of selectState.
func (b *Backend) look(query func(seen ...any) *sql.Row, more ...any) (logState, error) {
	seen := b.newest.Entry()
	s, err := scanLogState(query(seen.Revision, seen.CommittedAt.UnixMilli()), more...)
	switch {
	case err != nil:
		return logState{}, err
	case s.diverged:
		return logState{}, driver.ErrDiverged
	}
	b.newest.SeeAfter(seen, s.current)
	return s, nil
}

// check reports whether the states or changes from revision on can be read; 0 is now.
func (s logState) check(revision int64) error {
	switch {
	case revision > s.current.Revision:
		return fmt.Errorf("%w: %d is above %d", driver.ErrFutureRevision, revision, s.current.Revision)
	case revision != 0 && revision < s.compacted:
		return fmt.Errorf("%w: %d is below %d", driver.ErrCompacted, revision, s.compacted)
	}
	return nil
}

// incarnationGap is more than a database can have committed that was lost.
const incarnationGap = 1_000_000_000

// StartIncarnation implements driver.Backend.
func (b *Backend) StartIncarnation(context.Context) (driver.Incarnation, error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	seen := b.newest.Entry()
	incarnation := driver.Incarnation{Seen: seen.Revision}
	began := driver.Entry{CommittedAt: time.Now().Truncate(time.Millisecond)}
	err := b.writer.transaction(func() error {
		s, err := b.writer.readState(seen)
		if err != nil || !s.diverged {
			return failed("read revision", err)
		}
		incarnation.Found = s.current.Revision
		began.Revision = max(incarnation.Found, incarnation.Seen) + incarnationGap
		// A mark like that of an empty database.
		if _, err := b.writer.insertLog.ExecContext(background, began.Revision, "", 0, 1, began.CommittedAt.UnixMilli(), nil, nil, nil, nil); err != nil {
			return failed("begin an incarnation", err)
		}
		_, err = b.writer.conn.ExecContext(background, setCompaction, began.Revision)
		return failed("set compacted revision", err)
	})
	if err != nil {
		return driver.Incarnation{}, err
	}
	if began.Revision == 0 {
		return incarnation, nil
	}
	incarnation.Began, incarnation.Lost = began.Revision, !seen.CommittedAt.IsZero()
	b.newest.See(began)
	b.files.changing.Lock()
	defer b.files.changing.Unlock()
	return incarnation, b.files.record()
}
