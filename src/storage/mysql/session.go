package mysql

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// settings are those that every connection begins with: a server, a user or init_connect can have
// set others, of which some change what is stored or what a statement means, or end what we do.
// sql_mode comes first, by itself, because the rest is read by it. No lock is waited for longer
// than 10 seconds, which is shorter than changelog.Options.CommitTimeout, so that it is known that
// nothing was committed; a client that is gone has its transaction ended within a minute.
const settings = `SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION';
	SET NAMES utf8mb4 COLLATE utf8mb4_bin;
	SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE;
	SET SESSION completion_type = 0, autocommit = 1, time_zone = '+00:00', timestamp = DEFAULT, sql_auto_is_null = 0, sql_safe_updates = 0, sql_big_selects = 1,
		sql_select_limit = 18446744073709551615, max_sort_length = 1024, foreign_key_checks = 1, unique_checks = 1, low_priority_updates = 0,
		optimizer_switch = 'default', innodb_lock_wait_timeout = 10, lock_wait_timeout = 10, wait_timeout = 60`

// connector makes connections that are ready for use.
type connector struct {
	sqldriver.Connector
	// setup are the statements that a connection begins with.
	setup string
	// moved asks whether the database is in another place than its log was; "": it does not matter.
	moved string
}

// connectError is an attempt to connect that failed. The operation that needed the connection has
// not begun.
type connectError struct{ error }

func (e connectError) Unwrap() error { return e.error }

// Connect implements sqldriver.Connector.
func (c *connector) Connect(ctx context.Context) (sqldriver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, connectError{ended(ctx, err)}
	}
	if err := c.prepare(ctx, conn); err != nil {
		return nil, connectError{errors.Join(ended(ctx, err), conn.Close())}
	}
	return conn, nil
}

// ended is the context's error if that is why something failed: a network operation with its
// deadline fails a moment earlier than the context.
func ended(ctx context.Context, err error) error {
	if deadline, limited := ctx.Deadline(); limited && !time.Now().Before(deadline) {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

// prepare refuses a connection to a database that is in another place than its log was: a replica
// that was promoted, or a copy that was restored, may lack commits.
func (c *connector) prepare(ctx context.Context, conn sqldriver.Conn) error {
	if _, err := conn.(sqldriver.ExecerContext).ExecContext(ctx, c.setup, nil); err != nil {
		return fmt.Errorf("set up the session: %w", err)
	}
	if c.moved == "" {
		return nil
	}
	rows, err := conn.(sqldriver.QueryerContext).QueryContext(ctx, c.moved, nil)
	if err != nil {
		return err
	}
	row := make([]sqldriver.Value, 1)
	if err := errors.Join(rows.Next(row), rows.Close()); err != nil {
		return err
	}
	moved, err := sqldriver.Bool.ConvertValue(row[0])
	if err == nil && moved == true {
		err = driver.ErrDiverged
	}
	return err
}
