package sqlite

import (
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"ark.ai/apiserver/src/storage/driver"
)

// explain adds to an error of opening the database what the operator can do.
func explain(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the file is damaged or is not a SQLite database: restore it from a backup, or choose another path (%w)", err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("the file or its folder can't be written: check owner, mode and mount (%w)", err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("no space left on the disk (%w)", err)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("no permission: check owner and mode (%w)", err)
	}
	return err
}

// translate wraps an error of an operation that changed nothing. Conditions that pass, or that an
// operator can end without a restart, become driver.ErrUnavailable.
func translate(doing string, err error) error {
	if err == nil {
		return nil
	}
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
		return fmt.Errorf("%s: %w: %w", doing, driver.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// code is SQLite's primary result code of an error, or 0.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}
