package mysql

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"strings"
)

// message is several statements that are sent together: no answer is waited for in between, and the
// server has all of them before it begins.
type message struct {
	text strings.Builder
	args []any
}

func (m *message) add(text string, args ...any) {
	m.text.WriteString(text)
	m.args = append(m.args, args...)
}

// errNoResult means that a statement did not return the rows that it should.
var errNoResult = errors.New("the server did not return a result")

// query sends a message. results take the rows of the statements that return some, in order. If it
// fails, a transaction may be open on the connection.
func (m *message) query(ctx context.Context, conn *sql.Conn, results ...func(*sql.Rows) error) (err error) {
	rows, err := conn.QueryContext(ctx, m.text.String(), m.args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for i, row := range results {
		if i > 0 && !rows.NextResultSet() {
			return errors.Join(errNoResult, rows.Err())
		}
		for rows.Next() {
			if err := row(rows); err != nil {
				return err
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	for rows.NextResultSet() {
	}
	return rows.Err()
}

// release gives a connection back to its pool, or ends it if something failed: what was begun on it
// is rolled back then.
func release(conn *sql.Conn, err error) {
	if err != nil {
		_ = conn.Raw(func(any) error { return sqldriver.ErrBadConn })
	}
	_ = conn.Close()
}
