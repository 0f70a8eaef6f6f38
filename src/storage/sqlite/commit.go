package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"
	"unicode/utf8"

	sqlite3 "modernc.org/sqlite/lib"

	"ark.ai/apiserver/src/storage/driver"
)

// writer is the one connection that writes, with its statements prepared.
type writer struct {
	conn *sql.Conn
	begin, commit, rollback,
	state, pageCount, insertObject, updateObject, deleteObject, insertLog *sql.Stmt
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn}
	for statement, text := range map[**sql.Stmt]string{
		&w.begin:        "BEGIN IMMEDIATE",
		&w.commit:       "COMMIT",
		&w.rollback:     "ROLLBACK",
		&w.state:        sqlSelectState,
		&w.pageCount:    "PRAGMA page_count",
		&w.insertObject: sqlInsertObject,
		&w.updateObject: sqlUpdateObject,
		&w.deleteObject: sqlDeleteObject,
		&w.insertLog:    sqlInsertLog,
	} {
		if *statement, err = conn.PrepareContext(ctx, text); err != nil { //nolint:sqlclosecheck // close does
			return nil, errors.Join(err, conn.Close())
		}
	}
	return w, nil
}

func (w *writer) close() error {
	var errs []error
	for _, statement := range []*sql.Stmt{
		w.begin, w.commit, w.rollback, w.state, w.pageCount, w.insertObject, w.updateObject, w.deleteObject, w.insertLog,
	} {
		errs = append(errs, statement.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

// Commit implements driver.Backend. Once begun it goes on to its end: it takes milliseconds, and an
// interrupted statement would cost more than it saves.
func (b *Backend) Commit(ctx context.Context, batch []driver.Write) ([]int64, error) {
	if b.options.ReadOnly {
		return nil, driver.ErrReadOnly
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := b.CheckWrites(); err != nil {
		b.wantCheckpoint() // it may give space back
		return nil, err
	}
	done, err := b.writer.write(batch, b.newest.Entry())
	if err != nil {
		return nil, err
	}
	b.newest.See(done.newest)
	b.pages.Store(done.pages)
	b.wantCheckpoint()
	if err := b.files.check(); err != nil {
		// It may be saved with the rest, or not.
		return nil, fmt.Errorf("%w: %v", driver.ErrUnknownOutcome, err) //nolint:errorlint // it must not pass for one that changed nothing
	}
	return done.revisions, nil
}

// background is without Done, which spares the driver a goroutine per statement.
var background = context.Background()

// written is the outcome of a batch.
type written struct {
	revisions []int64
	newest    driver.Entry
	// pages is how many the database has then.
	pages int64
}

func (w *writer) write(batch []driver.Write, seen driver.Entry) (written, error) {
	now := time.Now().Truncate(time.Millisecond) // as it is stored
	done := written{revisions: make([]int64, len(batch))}
	err := w.transaction(func() error {
		s, err := w.readState(seen)
		if err != nil {
			return translate("read revision", err)
		}
		if s.Diverged {
			return driver.ErrDiverged
		}
		done.newest = s.Current
		for i := range batch {
			applied, err := w.apply(&batch[i], done.newest.Revision+1, now.UnixMilli())
			if err != nil {
				return translate("write", err)
			}
			if applied {
				done.newest = driver.Entry{Revision: done.newest.Revision + 1, CommittedAt: now}
				done.revisions[i] = done.newest.Revision
			}
		}
		return translate("count pages", w.pageCount.QueryRowContext(background).Scan(&done.pages))
	})
	return done, err
}

// transaction commits what steps do, unless they fail.
func (w *writer) transaction(steps func() error) (err error) {
	if _, err := w.begin.ExecContext(background); err != nil {
		return translate("begin", err)
	}
	defer func() {
		if err != nil {
			// A failed commit may have rolled back already.
			_, _ = w.rollback.ExecContext(background)
		}
	}()
	if err := steps(); err != nil {
		return err
	}
	if _, err := w.commit.ExecContext(background); err != nil {
		if code(err) == sqlite3.SQLITE_FULL {
			return translate("commit", err) // before the end was written: it is rolled back
		}
		return fmt.Errorf("commit: %w: %w", driver.ErrUnknownOutcome, err)
	}
	return nil
}

// readState tells where the database is, in the transaction of the writer if there is one.
func (w *writer) readState(seen driver.Entry) (driver.State, error) {
	return scanState(w.state.QueryRowContext(background, seen.Revision, seen.CommittedAt.UnixMilli()))
}

// apply makes a write the one of revision, if its precondition holds.
func (w *writer) apply(write *driver.Write, revision, now int64) (bool, error) {
	var result sql.Result
	var err error
	switch {
	case write.Delete:
		result, err = w.deleteObject.ExecContext(background, write.Key, write.Expected)
	case write.Expected == 0:
		result, err = w.insertObject.ExecContext(background, write.Key, revision, len(write.Value), expiry(write))
	default:
		result, err = w.updateObject.ExecContext(background, revision, len(write.Value), expiry(write), write.Key, write.Expected)
	}
	if err != nil {
		return false, err
	}
	if changed, err := result.RowsAffected(); err != nil || changed == 0 {
		return false, err
	}
	if write.Delete {
		_, err = w.insertLog.ExecContext(background, revision, write.Key, write.Expected, 1, now, nil, nil, nil, nil)
		return true, err
	}
	labels, err := attributes(write.Labels)
	if err != nil {
		return false, err
	}
	fields, err := attributes(write.Fields)
	if err != nil {
		return false, err
	}
	_, err = w.insertLog.ExecContext(background, revision, write.Key, write.Expected, 0, now, labels, fields, column(write.Value),
		int64(driver.NewChecksum(write.Key, write.Value)))
	return true, err
}

func expiry(write *driver.Write) any {
	if write.ExpiresAt.IsZero() {
		return nil
	}
	return write.ExpiresAt.UnixMilli()
}

// attributes is a JSON object, or NULL if there are none. What JSON can't hold is left out: only
// free text in a field may be so, which is then unknown.
func attributes(a map[string]string) (any, error) {
	if len(a) == 0 {
		return nil, nil
	}
	for _, value := range a {
		if !utf8.ValidString(value) {
			a = maps.Clone(a)
			maps.DeleteFunc(a, func(_, value string) bool { return !utf8.ValidString(value) })
			break
		}
	}
	text, err := json.Marshal(a)
	return string(text), err
}

// column is a value as TEXT if SQL users can read it with SQLite's JSON functions, else as BLOB.
// Either gives the bytes back as they are.
func column(value []byte) any {
	if len(value) > 0 && value[0] == '{' && utf8.Valid(value) && !driver.IsDeep(value) {
		return string(value)
	}
	return value
}
