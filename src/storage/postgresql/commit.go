package postgresql

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"ark.ai/apiserver/src/storage"
)

// rollbackTimeout bounds the attempt to keep a connection after a failed transaction.
const rollbackTimeout = time.Second

// The results of a commit's pipeline, in order.
const (
	beginDone = 1 + iota
	batchDone
	commitDone
)

// Commit implements storage.Backend: one transaction, one round trip.
func (b *Backend) Commit(ctx context.Context, batch []storage.Write) ([]int64, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	revisions, err := b.commit(ctx, newColumns(batch, false))
	if b.giveUpNames(err) {
		revisions, err = b.commit(ctx, newColumns(batch, false))
	}
	if len(batch) == 1 && isUnstorable(err) {
		revisions, err = b.commit(ctx, newColumns(batch, true))
	}
	switch {
	case errors.Is(err, storage.ErrUnknownOutcome):
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
	conn, err := b.writer.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	pipeline, err := b.pipeline(ctx, conn.Conn(), c)
	if err != nil {
		return nil, err
	}

	server := conn.Conn().PgConn()
	if server.IsClosed() {
		return nil, pgconn.ErrConnClosed
	}
	results := server.ExecBatch(ctx, pipeline)
	done := 0
	var revisions []int64
	for err == nil && results.NextResult() {
		result := results.ResultReader().Read()
		if err = result.Err; err == nil {
			done++
		}
		if err == nil && done == batchDone {
			revisions, err = decodeRevisions(conn.Conn().TypeMap(), result)
		}
	}
	if closeErr := results.Close(); err == nil {
		err = closeErr
	}
	switch {
	case err == nil && done == commitDone && len(revisions) == len(c.keys):
		return revisions, nil
	case err == nil:
		err = fmt.Errorf("unexpected answer to a commit: %d results, %d revisions", done, len(revisions))
	case server.TxStatus() == 'E':
		rollback(ctx, conn.Conn())
	}
	// A connection that is still open although the caller's context ended has sent nothing. (Of a closed one pgx says that it
	// is safe to retry too, whenever it was closed.)
	if pgconn.SafeToRetry(err) && !server.IsClosed() || !mayBeCommitted(done, err) {
		return nil, err
	}
	b.own.Delete(server.PID())
	return nil, fmt.Errorf("%w: %w", storage.ErrUnknownOutcome, err)
}

// mayBeCommitted judges a pipeline that was sent, and failed with err after done results.
func mayBeCommitted(done int, err error) bool {
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		return true // Some answer is missing.
	}
	if !isFatal(server) {
		return false // An error makes the server skip the rest, or roll back.
	}
	// A server that is told to shut down while it waits for the standby's acknowledgement has already committed. Before that
	// point it has not; but a proxy that lost its connection to the server does not know.
	return done >= batchDone || server.Code == protocolViolation
}

func rollback(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	// If it fails, the pool closes the connection.
	_ = conn.PgConn().Exec(ctx, sqlRollback).Close()
}

// pipeline is the transaction as it is sent.
func (b *Backend) pipeline(ctx context.Context, conn *pgx.Conn, c columns) (*pgconn.Batch, error) {
	params, err := b.encode(conn.TypeMap(), c)
	if err != nil {
		return nil, err
	}
	sql := b.sql(sqlCommitBatch)
	pipeline := &pgconn.Batch{}
	pipeline.ExecParams(sqlBeginWrite, nil, nil, nil, nil)
	if b.unnamed.Load() {
		pipeline.ExecParams(sql, params, commitParams, binaryFormat, binaryFormat)
	} else {
		// pgx derives the name from the text, so that schemas behind one proxy can't mix up their statements.
		statement, err := conn.Prepare(ctx, sql, sql)
		if err != nil {
			return nil, err
		}
		pipeline.ExecPrepared(statement.Name, params, binaryFormat, binaryFormat)
	}
	pipeline.ExecParams(sqlCommit, nil, nil, nil, nil)
	return pipeline, nil
}

var binaryFormat = []int16{pgtype.BinaryFormatCode}

// commitParams are the types of commit_batch's parameters.
var commitParams = []uint32{
	pgtype.Int8OID, pgtype.TextOID, pgtype.TextArrayOID, pgtype.Int8ArrayOID, pgtype.BoolArrayOID, pgtype.JSONArrayOID,
	pgtype.ByteaArrayOID, pgtype.Int4ArrayOID, pgtype.JSONBArrayOID, pgtype.JSONBArrayOID, pgtype.TimestamptzArrayOID,
}

func (b *Backend) encode(types *pgtype.Map, c columns) ([][]byte, error) {
	values := []any{
		b.commitLock, b.channel, c.keys, c.expectations, c.deletions, c.documents,
		c.binaries, c.sizes, c.labels, c.fields, c.expiries,
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

func decodeRevisions(types *pgtype.Map, result *pgconn.Result) (revisions []int64, err error) {
	if len(result.Rows) != 1 || len(result.Rows[0]) != 1 {
		return nil, errors.New("commit_batch did not return one value")
	}
	err = types.Scan(pgtype.Int8ArrayOID, pgtype.BinaryFormatCode, result.Rows[0][0], &revisions)
	return revisions, err
}
