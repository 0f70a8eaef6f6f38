package sqlite

import (
	"context"
	"database/sql"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// scanState reads a row that begins with the columns of sqlSelectState; more are those that follow.
func scanState(row *sql.Row, more ...any) (s driver.State, err error) {
	var milliseconds int64
	if err := row.Scan(append([]any{&s.Current.Revision, &milliseconds, &s.Compacted, &s.Diverged}, more...)...); err != nil {
		return driver.State{}, err
	}
	s.Current.CommittedAt = time.UnixMilli(milliseconds)
	return s, nil
}

// look reads a row that begins with the columns of sqlSelectState, takes note of how far the log
// goes, and fails if it lacks what this process has seen. query gets the first arguments of
// sqlSelectState.
func (b *Backend) look(query func(seen ...any) *sql.Row, more ...any) (driver.State, error) {
	seen := b.newest.Entry()
	s, err := scanState(query(seen.Revision, seen.CommittedAt.UnixMilli()), more...)
	if err != nil {
		return driver.State{}, err
	}
	s.Seen = seen
	if err := b.newest.Note(s); err != nil {
		return driver.State{}, err
	}
	return s, nil
}

// StartIncarnation implements driver.Backend.
func (b *Backend) StartIncarnation(context.Context) (driver.Incarnation, error) {
	if b.options.ReadOnly {
		return driver.Incarnation{}, driver.ErrReadOnly
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	seen := b.newest.Entry()
	incarnation := driver.Incarnation{Seen: seen.Revision}
	began := driver.Entry{CommittedAt: time.Now().Truncate(time.Millisecond)}
	err := b.writer.transaction(func() error {
		s, err := b.writer.readState(seen)
		if err != nil || !s.Diverged {
			return translate("read revision", err)
		}
		var role driver.Role
		var floor int64
		if err := b.writer.conn.QueryRowContext(background, sqlSelectRole).Scan(&role, &floor); err != nil {
			return translate("read the role", err)
		}
		if err := role.Startable(); err != nil {
			return err
		}
		incarnation.Found = s.Current.Revision
		incarnation.Lost = role == driver.Original && !seen.CommittedAt.IsZero()
		began.Revision = max(incarnation.Found, incarnation.Seen, floor) + driver.IncarnationGap
		// A mark like that of an empty database.
		if _, err := b.writer.insertLog.ExecContext(background, began.Revision, "", 0, 1, began.CommittedAt.UnixMilli(), nil, nil, nil, nil); err != nil {
			return translate("begin an incarnation", err)
		}
		if _, err = b.writer.conn.ExecContext(background, sqlSetCompaction, began.Revision); err != nil {
			return translate("set compacted revision", err)
		}
		if _, err := b.writer.conn.ExecContext(background, sqlDeleteSeal); err != nil {
			return translate("break the seal", err)
		}
		_, err = b.writer.conn.ExecContext(background, sqlEndRole)
		return translate("set the role", err)
	})
	if err != nil {
		return driver.Incarnation{}, err
	}
	if began.Revision == 0 {
		return incarnation, nil
	}
	incarnation.Began = began.Revision
	b.newest.See(began)
	b.files.changing.Lock()
	defer b.files.changing.Unlock()
	return incarnation, b.files.record()
}
