// Package sqlite keeps an API server's objects in one SQLite file. One process has the file at a time;
// others may read it with SQL.
//
// One connection writes, several read. The journal is a write-ahead log, synchronous is FULL: what
// was acknowledged survives a crash of the process and of the machine.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/migration"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks our files in SQLite's header: "ark1".
const applicationID = 0x61726b31

// Options of a Backend.
type Options struct {
	// Path of the database file. It is made if it doesn't exist, with mode 0600; its folder must exist.
	Path string
}

// Backend is a storage.Backend on a SQLite file.
type Backend struct {
	path    string
	lock    *os.File
	writers *sql.DB
	readers *sql.DB
	// checkpoints has the connection that copies the write-ahead log. It never waits for a lock of SQLite's.
	checkpoints *sql.DB
	// The hottest reads are prepared, on each connection once.
	selectState, selectCurrent *sql.Stmt

	// newest is the end of the log as this process has seen it.
	newest storage.Newest

	// writing is held by whoever uses the writer.
	writing sync.Mutex
	writer  *writer

	// reading is held for reading by every reader, and for writing by a checkpoint that has to come to its
	// end: the write-ahead log can only start again when nobody reads it.
	reading    sync.RWMutex
	checkpoint chan struct{}
	closing    chan struct{}
	running    sync.WaitGroup

	pageSize int64
	// pages is how many the database has, those that are only in the write-ahead log included.
	pages atomic.Int64
	// reserve is how many bytes of the disk writes leave free.
	reserve atomic.Int64
}

var _ storage.DiskBackend = (*Backend)(nil)

// Open opens the database, makes it if need be, and brings its schema up to date. Its errors say what the
// operator can do.
func Open(ctx context.Context, options Options) (*Backend, error) {
	b := &Backend{path: options.Path, checkpoint: make(chan struct{}, 1), closing: make(chan struct{})}
	b.reserve.Store(diskReserve)
	if err := b.open(ctx); err != nil {
		_ = b.release()
		return nil, fmt.Errorf("open SQLite database %s: %w", options.Path, err)
	}
	b.running.Go(b.checkpointWhenNeeded)
	return b, nil
}

func (b *Backend) open(ctx context.Context) error {
	if b.path == "" {
		return errors.New("no path given")
	}
	if _, err := os.Stat(filepath.Dir(b.path)); err != nil {
		return fmt.Errorf("its folder can't be used: %w", err)
	}
	var err error
	if b.lock, err = lockFile(b.path + ".lock"); err != nil {
		return err
	}
	file, err := os.OpenFile(b.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if b.writers, err = sql.Open("sqlite", b.dsn(busyTimeout, "wal_autocheckpoint(0)", "cache_size(-16384)")); err != nil {
		return explain(err)
	}
	b.writers.SetMaxOpenConns(1)
	if err := b.migrate(ctx); err != nil {
		return explain(err)
	}
	if b.writer, err = newWriter(ctx, b.writers); err != nil {
		return explain(err)
	}
	if b.readers, err = sql.Open("sqlite", b.dsn(busyTimeout, "query_only(1)", "cache_size(-4096)")); err != nil {
		return explain(err)
	}
	if b.checkpoints, err = sql.Open("sqlite", b.dsn(0)); err != nil {
		return explain(err)
	}
	b.checkpoints.SetMaxOpenConns(1)
	if err := b.measurePages(ctx); err != nil {
		return explain(err)
	}
	connections := max(4, 2*runtime.GOMAXPROCS(0))
	b.readers.SetMaxOpenConns(connections)
	b.readers.SetMaxIdleConns(connections)
	if b.selectState, err = b.readers.PrepareContext(ctx, selectState); err != nil {
		return explain(err)
	}
	if b.selectCurrent, err = b.readers.PrepareContext(ctx, selectCurrent); err != nil {
		return explain(err)
	}
	// A damaged file shows itself here rather than to the first client.
	if _, err := b.CurrentRevision(ctx); err != nil {
		return explain(err)
	}
	_, err = b.CompactRevision(ctx)
	return explain(err)
}

// busyTimeout is how long a lock of another program is waited for.
const busyTimeout = 5 * time.Second

func (b *Backend) dsn(wait time.Duration, pragmas ...string) string {
	query := url.Values{"_pragma": append([]string{
		// It has to be set before anything is written, and counts for new files only: see shrink.
		"auto_vacuum(INCREMENTAL)",
		fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)", "temp_store(MEMORY)",
	}, pragmas...)}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: b.path, RawQuery: query.Encode()}).String()
}

func (b *Backend) measurePages(ctx context.Context) error {
	var pages int64
	if err := b.checkpoints.QueryRowContext(ctx, "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size").Scan(&pages, &b.pageSize); err != nil {
		return err
	}
	b.pages.Store(pages)
	return nil
}

// migrate brings the schema up to date in one transaction.
func (b *Backend) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	all, err := migration.Load(files)
	if err != nil {
		return err
	}
	tx, err := b.writers.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var application, version, tables int
	if err := tx.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).
		Scan(&application, &version, &tables); err != nil {
		return err
	}
	if application != applicationID && tables > 0 {
		return errors.New("the file is a database of another program: choose another path")
	}
	pending, err := migration.Pending(all, version)
	if err != nil {
		return err
	}
	for _, m := range pending {
		if _, err := tx.ExecContext(ctx, m.SQL); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", m.Version, m.Name, err)
		}
		version = m.Version
	}
	if len(pending) > 0 {
		// Pragmas take no parameters.
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Name implements storage.Backend.
func (b *Backend) Name() string { return "sqlite" }

// Listen implements storage.Backend. No other process writes to the file.
func (b *Backend) Listen(context.Context, func()) {}

// Ping implements storage.Backend.
func (b *Backend) Ping(ctx context.Context) error {
	_, err := b.CurrentRevision(ctx)
	return err
}

// Close implements storage.Backend. It leaves the database in a single file, unless another program reads it.
func (b *Backend) Close() error {
	close(b.closing)
	b.running.Wait()
	emptied, err := b.emptyLog()
	if err != nil {
		_ = b.release()
		return fmt.Errorf("checkpoint SQLite database %s: %w", b.path, err)
	}
	if !emptied {
		klog.Warningf("Another program is reading %s: a part of what is stored stays in the write-ahead log beside it", b.path)
	}
	return b.release()
}

func (b *Backend) release() error {
	var errs []error
	for _, db := range []*sql.DB{b.checkpoints, b.readers} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if b.writer != nil {
		errs = append(errs, b.writer.close())
	}
	if b.writers != nil {
		errs = append(errs, b.writers.Close())
	}
	if b.lock != nil {
		errs = append(errs, b.lock.Close())
	}
	return errors.Join(errs...)
}
