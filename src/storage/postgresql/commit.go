package postgresql

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"ark.ai/apiserver/src/storage/driver"
)

// Commit implements driver.Backend: one transaction, one statement, one round trip.
func (b *Backend) Commit(ctx context.Context, batch []driver.Write) ([]int64, error) {
	if b.readOnly {
		return nil, driver.ErrReadOnly
	}
	if len(batch) == 0 {
		return nil, nil
	}
	revisions, err := b.commit(ctx, newColumns(batch, false))
	if len(batch) == 1 && isUnstorable(err) {
		revisions, err = b.commit(ctx, newColumns(batch, true))
	}
	switch {
	case errors.Is(err, driver.ErrUnknownOutcome):
		// The log will tell. Its notification may have been taken for one of our own.
		select {
		case b.doubt <- struct{}{}:
		default:
		}
		return nil, fmt.Errorf("commit %d writes: %w", len(batch), err)
	case err != nil:
		b.leaveStandby(err)
		return nil, translate(fmt.Sprintf("commit %d writes", len(batch)), err)
	}
	return revisions, nil
}

// commit's errors mean that nothing was committed, except ErrUnknownOutcome.
func (b *Backend) commit(ctx context.Context, c columns) ([]int64, error) {
	revisions, err := b.tryCommit(ctx, c)
	if b.giveUpNames(err) {
		revisions, err = b.tryCommit(ctx, c)
	}
	return revisions, err
}

func (b *Backend) tryCommit(ctx context.Context, c columns) ([]int64, error) {
	conn, err := b.writer.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	params, err := b.encode(conn.Conn().TypeMap(), c)
	if err != nil {
		return nil, err
	}
	result, err := b.call(ctx, conn.Conn(), params)
	if err != nil {
		return nil, err
	}
	revisions, err := b.committed(conn.Conn(), result, len(c.keys))
	if err == nil {
		return revisions, nil
	}
	server := conn.Conn().PgConn()
	// A connection that is still open although the caller's context ended has sent nothing. (Of a
	// closed one pgx says that it is safe to retry too, whenever it was closed.)
	if pgconn.SafeToRetry(err) && !server.IsClosed() || !mayBeCommitted(err) {
		return nil, err
	}
	b.own.Delete(server.PID())
	return nil, fmt.Errorf("%w: %w", driver.ErrUnknownOutcome, err)
}

// call calls commit_writes. An error means that the server has not seen it; what the server answers
// is in the result.
func (b *Backend) call(ctx context.Context, conn *pgx.Conn, params [][]byte) (*pgconn.Result, error) {
	sql := b.sql(sqlCommitWrites)
	if b.unnamed.Load() {
		return conn.PgConn().ExecParams(ctx, sql, params, commitParams, binaryFormat, binaryFormat).Read(), nil
	}
	// pgx derives the name from the text, so that schemas behind one proxy can't mix up their
	// statements.
	statement, err := conn.Prepare(ctx, sql, sql)
	if err != nil {
		return nil, err
	}
	if conn.IsClosed() {
		return nil, pgconn.ErrConnClosed
	}
	return conn.PgConn().ExecPrepared(ctx, statement.Name, params, binaryFormat, binaryFormat).Read(), nil
}

// errAlone means that PostgreSQL has committed, but something ended its wait for a standby: a
// timeout, or somebody who cancelled the statement. It calls that a success, and only warns.
var errAlone = errors.New("no standby has acknowledged the commit")

// noteAlone takes note of that warning, which client_min_messages lets through: see session.go and
// the procedure commit_writes.
// https://github.com/postgres/postgres/blob/master/src/backend/replication/syncrep.c
func (b *Backend) noteAlone(conn *pgconn.PgConn, notice *pgconn.Notice) {
	if notice.Routine == "SyncRepWaitForLSN" {
		b.alone.Store(conn, nil)
	}
}

// mayBeCommitted judges the error of a call that was sent.
func mayBeCommitted(err error) bool {
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		return true // The answer is missing.
	}
	// A server that is told to end the call while it waits for the standby's acknowledgement has
	// already committed, and a proxy that lost its connection to the server does not know.
	return isFatal(server) || server.Code == queryCanceled
}

var binaryFormat = []int16{pgtype.BinaryFormatCode}

// commitParams are the types of commit_writes' parameters.
var commitParams = []uint32{
	pgtype.Int8OID, pgtype.TextOID, pgtype.Int8OID, pgtype.TimestamptzOID, pgtype.TextArrayOID, pgtype.Int8ArrayOID, pgtype.BoolArrayOID, pgtype.JSONArrayOID,
	pgtype.ByteaArrayOID, pgtype.Int4ArrayOID, pgtype.JSONBArrayOID, pgtype.JSONBArrayOID, pgtype.TimestamptzArrayOID,
	pgtype.Int8ArrayOID,
}

func (b *Backend) encode(types *pgtype.Map, c columns) ([][]byte, error) {
	seen := b.newest.Entry()
	values := []any{
		b.commitLock, b.channel, seen.Revision, seen.CommittedAt, c.keys, c.expectations, c.deletions, c.documents,
		c.binaries, c.sizes, c.labels, c.fields, c.expiries, c.checksums,
	}
	params := make([][]byte, len(values))
	for i, value := range values {
		var err error
		if params[i], err = types.Encode(commitParams[i], pgtype.BinaryFormatCode, value, nil); err != nil {
			return nil, fmt.Errorf("encode parameter %d: %w", i+1, err)
		}
	}
	return params, nil
}

// committed takes the result of commit_writes for a number of writes.
func (b *Backend) committed(conn *pgx.Conn, result *pgconn.Result, writes int) (revisions []int64, err error) {
	_, alone := b.alone.LoadAndDelete(conn.PgConn())
	switch {
	case result.Err != nil:
		return nil, result.Err
	case alone:
		return nil, errAlone
	}
	if len(result.Rows) != 1 || len(result.Rows[0]) != 2 {
		return nil, errors.New("commit_writes did not return two values")
	}
	row, types := result.Rows[0], conn.TypeMap()
	if err := types.Scan(pgtype.Int8ArrayOID, pgtype.BinaryFormatCode, row[0], &revisions); err != nil {
		return nil, err
	}
	if len(revisions) != writes {
		return nil, fmt.Errorf("commit_writes returned %d revisions for %d writes", len(revisions), writes)
	}
	var entry driver.Entry
	entry.Revision = slices.Max(revisions)
	if err := types.Scan(pgtype.TimestamptzOID, pgtype.BinaryFormatCode, row[1], &entry.CommittedAt); err != nil {
		return nil, err
	}
	b.newest.See(entry)
	return revisions, nil
}
