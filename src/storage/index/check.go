package index

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrWrong means that the index does not have what it is to have.
var ErrWrong = errors.New("index is wrong")

// RandomKey is one of those that have a document; "" if none has.
func (v *View) RandomKey(ctx context.Context) (key string, err error) {
	err = v.tx.QueryRowContext(ctx, `SELECT key FROM documents WHERE number >= (SELECT abs(random()) % max(number) + 1 FROM documents) ORDER BY number LIMIT 1`).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return key, failed(err)
}

// Check fails with ErrWrong if an entry would not be found by all that it has.
func (v *View) Check(ctx context.Context, entry Entry) error {
	if entry.Document == nil {
		return v.find(ctx, entry.Key, "as unknown", `SELECT key FROM unknown WHERE key = ?`, entry.Key)
	}
	var number int64
	var encoded []byte
	err := v.tx.QueryRowContext(ctx, `SELECT number, terms FROM documents WHERE key = ?`, entry.Key).Scan(&number, &encoded)
	terms := v.index.terms(entry.Document)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return wrong(entry.Key, "by its key")
	case err != nil:
		return failed(err)
	case !bytes.Equal(encoded, encodeTerms(terms)):
		return wrong(entry.Key, "with its values")
	}
	for _, t := range terms {
		if err := v.find(ctx, entry.Key, "by a value", `SELECT number FROM terms WHERE name = ? AND value = ? AND number = ?`, t.name, []byte(t.value), number); err != nil {
			return err
		}
	}
	words := entry.Document.Words
	for len(words) > 0 {
		some := words[:min(len(words), maxWays)]
		if err := v.find(ctx, entry.Key, "by its words", `SELECT rowid FROM words WHERE words MATCH ? AND rowid = ?`, match(some), number); err != nil {
			return err
		}
		words = words[len(some):]
	}
	return nil
}

// find fails with ErrWrong if there is no row.
func (v *View) find(ctx context.Context, key, how, statement string, args ...any) error {
	var found any
	err := v.tx.QueryRowContext(ctx, statement, args...).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return wrong(key, how)
	}
	return failed(err)
}

func wrong(key, how string) error {
	return fmt.Errorf("%w: it does not find %s %s", ErrWrong, key, how)
}
