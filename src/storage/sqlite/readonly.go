package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"

	"modernc.org/sqlite"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/migration"
)

// openReadOnly opens a database beside the server that has it, or a backup.
func (b *Backend) openReadOnly(ctx context.Context) error {
	b.newest.AsItIs = true
	if _, err := os.Stat(b.path); errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no such file")
	} else if err != nil {
		return err
	}
	var err error
	if b.path, err = resolve(b.path); err != nil {
		return err
	}
	mode := "ro"
	if _, err := os.Stat(b.path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		// No server has it. SQLite makes the files of a write-ahead log all the same if the format
		// wants one, and only who may write removes them again.
		mode = "rw"
	}
	if err := b.connectReaders(ctx, mode); err != nil {
		return explain(err)
	}
	var application int32
	var version, tables int
	if err := b.readers.QueryRowContext(ctx, sqlSelectVersion).Scan(&application, &version); err != nil {
		return explain(err)
	}
	if err := b.readers.QueryRowContext(ctx, sqlSelectTables).Scan(&tables); err != nil {
		return explain(err)
	}
	if tables > 0 && application != b.options.ApplicationID {
		return errors.New("the file is a database of another program")
	}
	all, err := migrations()
	if err != nil {
		return err
	}
	if err := migration.Check(all, version); err != nil {
		return err
	}
	return b.prepareReaders(ctx)
}

func (b *Backend) connectReaders(ctx context.Context, mode string) error {
	query := url.Values{"mode": {mode}, "_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()), "query_only(1)", "cache_size(-4096)", "temp_store(MEMORY)"}}
	connector, err := sqlite.NewConnector((&url.URL{Scheme: "file", OmitHost: true, Path: b.path, RawQuery: query.Encode()}).String())
	if err != nil {
		return err
	}
	b.readers = sql.OpenDB(connector)
	// Reads something, which is when SQLite opens the file.
	var pages, schema int64
	if err := b.readers.QueryRowContext(ctx, sqlSelectFormat).Scan(&pages, &b.pageSize, &schema); err != nil || mode == "ro" {
		return err
	}
	// Without a write-ahead log the file is all there is. SQLite takes the rest of its last page
	// for zeros.
	info, err := os.Stat(b.path)
	if err == nil && info.Size() < pages*b.pageSize {
		err = fmt.Errorf("the file is damaged: it has %d bytes of %d", info.Size(), pages*b.pageSize)
	}
	return err
}

// prepareReaders gets the connections ready that read.
func (b *Backend) prepareReaders(ctx context.Context) (err error) {
	connections := max(4, 2*runtime.GOMAXPROCS(0))
	b.readers.SetMaxOpenConns(connections)
	b.readers.SetMaxIdleConns(connections)
	b.lists = make(chan struct{}, connections/2)
	if b.selectState, err = b.readers.PrepareContext(ctx, sqlSelectState); err != nil {
		return explain(err)
	}
	if b.selectCurrent, err = b.readers.PrepareContext(ctx, sqlSelectCurrent); err != nil {
		return explain(err)
	}
	// A damaged file shows itself here rather than to the first client.
	found, err := scanState(b.selectState.QueryRowContext(ctx, 0, 0))
	if err != nil {
		return explain(err)
	}
	if b.files != nil {
		seen, err := b.seenBefore(ctx, found.Current)
		if err != nil {
			return explain(err)
		}
		// If the log lacks it, the first read fails with ErrDiverged.
		b.newest.See(seen)
	}
	_, err = b.CompactRevision(ctx)
	return explain(err)
}

// seenBefore is the newest entry of the log that clients of earlier servers have seen, given the
// newest there is. What another program has copied, and that came without the lock's file, as to
// another machine, may lack what they saw.
func (b *Backend) seenBefore(ctx context.Context, newest driver.Entry) (driver.Entry, error) {
	left := b.files.left
	if b.files.lock.made {
		var shared bool
		if err := b.readers.QueryRowContext(ctx, sqlSelectShared).Scan(&shared); err != nil {
			return driver.Entry{}, err
		}
		if shared {
			left = &state{Revision: newest.Revision, Lost: true}
		}
	}
	return left.seen(newest), nil
}
