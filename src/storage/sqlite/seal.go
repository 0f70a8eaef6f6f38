package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Seal says what a backup has, so that it can be told from one that was altered.
type Seal struct {
	// Rows are those of the log, Objects the living keys.
	Rows, Objects int64
	// Digest of all rows.
	Digest []byte
	MadeAt time.Time
	// MadeBy is the version of the program.
	MadeBy string
}

// Seal puts a seal on a database, which the next change breaks.
func (b *Backend) Seal(ctx context.Context, s Seal) error {
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := b.CheckWrites(); err != nil {
		return err
	}
	_, err := b.writer.conn.ExecContext(ctx, sqlDeleteSeal)
	if err == nil {
		_, err = b.writer.conn.ExecContext(ctx, sqlInsertSeal, s.Rows, s.Objects, s.Digest, s.MadeAt.UnixMilli(), s.MadeBy)
	}
	return translate("seal", err)
}

// ReadSeal is nil if there is no seal.
func (b *Backend) ReadSeal(ctx context.Context) (*Seal, error) {
	var s Seal
	var madeAt int64
	err := b.readers.QueryRowContext(ctx, sqlSelectSeal).Scan(&s.Rows, &s.Objects, &s.Digest, &madeAt, &s.MadeBy)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	s.MadeAt = time.UnixMilli(madeAt)
	return &s, translate("read the seal", err)
}

// Pack gives a file that nobody has open another path: as a single file, that can be read where
// nothing may be written. Nothing may be at that path.
func Pack(ctx context.Context, path, as string) error {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "mode=rw"}).String())
	if err != nil {
		return err
	}
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	if err = errors.Join(err, db.Close()); err == nil && mode != "delete" {
		err = errors.New("another process has it open")
	}
	if _, exists := os.Lstat(as); err == nil && exists == nil {
		err = os.ErrExist
	}
	if err == nil {
		err = os.Rename(path, as)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(as))
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", as, err)
	}
	return Remove(path)
}

// Remove removes a database, which nobody has open, with the files beside it.
func Remove(path string) error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm", "-journal", ".lock"} {
		if err := os.Remove(path + suffix); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
