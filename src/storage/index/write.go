package index

import (
	"context"
	"database/sql"
	"errors"
	"os"
)

// Entry is what is to be kept of a key.
type Entry struct {
	Key string
	// Document is nil if there is no object any more.
	Document *Document
	// Unknown says that there is an object of which nothing else is known.
	Unknown bool
}

const (
	selectDocument = `SELECT number, terms, words FROM documents WHERE key = ?`
	insertDocument = `INSERT INTO documents (key, terms, words) VALUES (?, ?, ?)`
	updateDocument = `UPDATE documents SET terms = ?, words = ? WHERE number = ?`
	deleteDocument = `DELETE FROM documents WHERE number = ?`
	insertTerm     = `INSERT INTO terms (name, value, number) VALUES (?, ?, ?)`
	deleteTerm     = `DELETE FROM terms WHERE name = ? AND value = ? AND number = ?`
	insertWords    = `INSERT INTO words (rowid, text) VALUES (?, ?)`
	deleteWords    = `DELETE FROM words WHERE rowid = ?`
	insertUnknown  = `INSERT OR IGNORE INTO unknown (key) VALUES (?)`
	deleteUnknown  = `DELETE FROM unknown WHERE key = ?`
)

// Apply moves the index to a revision, as of which keys have these entries. The order of entries
// with the same key is that of their revisions. Between entries it calls pause.
func (x *Index) Apply(ctx context.Context, entries []Entry, revision int64, pause func(context.Context) error) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	if err := x.checkDisk(); err != nil {
		return err
	}
	tx, err := x.writes.BeginTx(ctx, nil)
	if err != nil {
		return failed(err)
	}
	defer tx.Rollback()
	w := &writer{index: x, tx: tx, prepared: make(map[string]*sql.Stmt)}
	for i := range entries {
		if err := pause(ctx); err != nil {
			return err
		}
		if err := w.apply(ctx, &entries[i]); err != nil {
			return failed(err)
		}
	}
	if _, err := w.exec(ctx, `UPDATE state SET revision = ?`, revision); err != nil {
		return failed(err)
	}
	if err := tx.Commit(); err != nil {
		return failed(err)
	}
	if info, err := os.Stat(x.path() + "-wal"); err == nil && info.Size() > maxLog {
		_, err := x.writes.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
		return failed(err)
	}
	return nil
}

// writer is a transaction that writes.
type writer struct {
	index    *Index
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
}

// prepare prepares a statement, the first time. The end of the transaction closes it.
func (w *writer) prepare(ctx context.Context, text string) (err error) {
	if w.prepared[text] == nil {
		w.prepared[text], err = w.tx.PrepareContext(ctx, text) //nolint:sqlclosecheck // the transaction closes it
	}
	return err
}

func (w *writer) exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if err := w.prepare(ctx, text); err != nil {
		return nil, err
	}
	return w.prepared[text].ExecContext(ctx, args...)
}

func (w *writer) apply(ctx context.Context, entry *Entry) error {
	known := deleteUnknown
	if entry.Unknown {
		known = insertUnknown
	}
	if _, err := w.exec(ctx, known, entry.Key); err != nil {
		return err
	}
	if err := w.prepare(ctx, selectDocument); err != nil {
		return err
	}
	var number, hash int64
	var encoded []byte
	err := w.prepared[selectDocument].QueryRowContext(ctx, entry.Key).Scan(&number, &encoded, &hash)
	exists := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var before, after []term
	eachTerm(encoded, func(name int64, value []byte) bool {
		before = append(before, term{name, string(value)})
		return true
	})
	words := ""
	if entry.Document != nil {
		after, words = w.index.terms(entry.Document), text(entry.Document.Words)
	}
	newHash := w.index.hashOf(words)
	switch {
	case entry.Document != nil && !exists:
		var result sql.Result
		if result, err = w.exec(ctx, insertDocument, entry.Key, encodeTerms(after), newHash); err == nil {
			number, err = result.LastInsertId()
		}
	case entry.Document != nil:
		_, err = w.exec(ctx, updateDocument, encodeTerms(after), newHash, number)
	case exists:
		_, err = w.exec(ctx, deleteDocument, number)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if err := w.change(ctx, number, before, after); err != nil {
		return err
	}
	return w.changeWords(ctx, number, words, exists && hash != newHash, entry.Document != nil && (!exists || hash != newHash))
}

// change writes the difference between two sorted lists of terms.
func (w *writer) change(ctx context.Context, number int64, before, after []term) error {
	for len(before) > 0 || len(after) > 0 {
		var err error
		switch {
		case len(before) > 0 && len(after) > 0 && before[0] == after[0]:
			before, after = before[1:], after[1:]
		case len(after) == 0 || len(before) > 0 && before[0].name <= after[0].name:
			_, err = w.exec(ctx, deleteTerm, before[0].name, []byte(before[0].value), number)
			before = before[1:]
		default:
			_, err = w.exec(ctx, insertTerm, after[0].name, []byte(after[0].value), number)
			after = after[1:]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) changeWords(ctx context.Context, number int64, words string, forget, learn bool) error {
	if forget {
		if _, err := w.exec(ctx, deleteWords, number); err != nil {
			return err
		}
	}
	if !learn {
		return nil
	}
	_, err := w.exec(ctx, insertWords, number, words)
	return err
}
