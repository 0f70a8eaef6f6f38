package mysql

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/go-sql-driver/mysql"

	"ark.ai/apiserver/src/storage/driver"
)

// maxAttempts bounds how often a batch is tried that is not to blame for its failure.
const maxAttempts = 3

// Commit implements driver.Backend: one transaction, one message, one round trip.
func (b *Backend) Commit(ctx context.Context, batch []driver.Write) ([]int64, error) {
	if b.readOnly {
		return nil, driver.ErrReadOnly
	}
	if len(batch) == 0 {
		return nil, nil
	}
	m := b.commitMessage(batch)
	b.process.begin()
	defer b.process.end()
	var revisions []int64
	var err error
	for range maxAttempts {
		revisions, err = b.commit(ctx, m, len(batch))
		if !isConflict(err) && !errors.Is(err, sqldriver.ErrBadConn) || errors.Is(err, driver.ErrUnknownOutcome) {
			break
		}
	}
	switch {
	case errors.Is(err, driver.ErrUnknownOutcome):
		return nil, fmt.Errorf("commit %d writes: %w", len(batch), err)
	case err != nil:
		if isReadOnly(err) {
			b.reset()
		}
		return nil, translate(fmt.Sprintf("commit %d writes", len(batch)), err)
	}
	return revisions, nil
}

// commitMessage has all of a commit. Statements after one that fails are not executed, so that
// nothing is committed then.
func (b *Backend) commitMessage(batch []driver.Write) *message {
	m := &message{}
	m.add(sqlBeginWrite)
	m.add(sqlTakeTurn, stateArgs(b.newest.Entry())...)
	m.add(sqlHolds)
	for i := range batch {
		m.add(sqlHoldsOne, []byte(batch[i].Key), batch[i].Expected)
	}
	m.add(fmt.Sprintf(sqlHoldsEnd, len(batch)))

	keeps, removes := false, false
	m.add(sqlLogWrites)
	for i := range batch {
		if i > 0 {
			m.add(", ")
		}
		m.add(fmt.Sprintf(sqlLogWritesOne, i+1), row(&batch[i])...)
		keeps, removes = keeps || !batch[i].Delete, removes || batch[i].Delete
	}
	m.add(sqlLogWritesEnd)
	if keeps {
		m.add(sqlKeep)
	}
	if removes {
		m.add(sqlRemove)
	}
	if b.process.shouldBeat(time.Now()) {
		m.add(sqlBeat+"; ", b.process.id[:])
	}
	m.add(sqlOutcome + sqlCommit)
	return m
}

// Where row has these.
const (
	checksumColumn = 6
	labelsColumn   = 7
)

// row has a write's columns as sqlLogWrites takes them.
func row(write *driver.Write) []any {
	key := []byte(write.Key)
	if write.Delete {
		return []any{key, write.Expected, true, key, nil, 0, nil, nil, nil, nil}
	}
	value := write.Value
	if value == nil {
		value = []byte{}
	}
	var expiresAt any
	if !write.ExpiresAt.IsZero() {
		expiresAt = microseconds(write.ExpiresAt)
	}
	labels, fields := encode(write.Attributes)
	return []any{key, write.Expected, false, nil, expiresAt, len(value), int64(driver.NewChecksum(write.Key, value)), labels, fields, value}
}

// outcome is what a commit's message returns.
type outcome struct {
	turn, lacks, newest, moment sql.NullInt64
	holds                       string
}

// commit's errors mean that nothing was committed, except ErrUnknownOutcome.
func (b *Backend) commit(ctx context.Context, m *message, writes int) ([]int64, error) {
	conn, err := b.writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		release(conn, nil)
		return nil, err
	}
	var o outcome
	answered := false
	err = m.query(ctx, conn, func(row *sql.Rows) error {
		answered = true // All that is left is COMMIT.
		return row.Scan(&o.turn, &o.lacks, &o.newest, &o.moment, &o.holds)
	})
	release(conn, err)
	switch {
	case err != nil && (answered || mayBeCommitted(err)):
		return nil, fmt.Errorf("%w: %w", driver.ErrUnknownOutcome, err)
	case err != nil:
		return nil, err
	case !o.turn.Valid:
		return nil, errReadOnly
	case o.lacks.Int64 != 0:
		return nil, driver.ErrDiverged
	case len(o.holds) != writes:
		return nil, fmt.Errorf("the server decided about %d of %d writes", len(o.holds), writes)
	}
	return b.committed(o), nil
}

// mayBeCommitted judges the error of a message whose last result did not arrive.
func mayBeCommitted(err error) bool {
	var server *mysql.MySQLError
	switch {
	case errors.As(err, &server):
		// A proxy that lost its connection to the server does not know.
		return ofProxy(err) || server.Number == connectionKilled
	case errors.Is(err, sqldriver.ErrBadConn), errors.Is(err, mysql.ErrPktTooLarge), errors.Is(err, sqldriver.ErrSkip):
		return false // The server has seen nothing of it.
	default:
		return true // The answer is missing.
	}
}

// committed gives the writes that were committed their revisions.
func (b *Backend) committed(o outcome) []int64 {
	revisions := make([]int64, len(o.holds))
	revision := o.newest.Int64
	for i, holds := range o.holds {
		if holds == '1' {
			revision++
			revisions[i] = revision
		}
	}
	if revision > o.newest.Int64 {
		b.newest.See(driver.Entry{Revision: revision, CommittedAt: time.UnixMicro(o.moment.Int64)})
		b.process.committed(o.newest.Int64, revision)
	}
	return revisions
}
