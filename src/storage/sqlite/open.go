// Package sqlite keeps an API server's objects in one SQLite file. One process has the file at a
// time; others may read it with SQL.
//
// One connection writes, several read. The journal is a write-ahead log, synchronous is FULL: what
// was acknowledged survives a crash of the process and of the machine.
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/migration"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Options of a Backend.
type Options struct {
	// Path of the database file. It is made if it doesn't exist, with mode 0600; its folder must
	// exist.
	Path string
	// ApplicationID marks the file as an API server's in its header; a file with another one is
	// refused. Default: "api1".
	ApplicationID int32
	// ReadOnly takes a file as it is, that a server may have open, or a backup: it is not locked,
	// nor brought up to date, and what would change it fails.
	ReadOnly bool
}

// defaultApplicationID is "api1".
const defaultApplicationID = 0x61706931

// Backend is a driver.Backend on a SQLite file.
type Backend struct {
	path    string
	options Options
	files   *files
	writers *sql.DB
	readers *sql.DB
	// checkpoints has the connection that copies the write-ahead log. It waits for no lock of
	// SQLite's, but to empty the log, and then for no longer than patience.
	checkpoints *sql.DB
	// The hottest reads are prepared, on each connection once.
	selectState, selectCurrent *sql.Stmt

	// newest is the end of the log as this process has seen it.
	newest driver.Newest

	// writing is held by whoever uses the writer.
	writing sync.Mutex
	writer  *writer

	// reads are those in flight: while they need the write-ahead log it can't be emptied.
	reads reads
	// lists has an element for each list in flight. They use no more than half of the connections:
	// other reads don't wait for them.
	lists      chan struct{}
	checkpoint chan struct{}
	closing    chan struct{}
	running    sync.WaitGroup

	pageSize int64
	// pages is how many the database has, those that are only in the write-ahead log included.
	pages atomic.Int64
	// reserve is how many bytes of the disk writes leave free.
	reserve atomic.Int64

	// shared is true once the database says that another program has had it open. Only watchFiles
	// uses it.
	shared bool

	// lost is nil as long as the files are at their paths.
	lost atomic.Pointer[loss]
}

var _ driver.DiskBackend = (*Backend)(nil)

// Open opens the database, makes it if need be, and brings its schema up to date. Its errors say
// what the operator can do.
func Open(ctx context.Context, options Options) (*Backend, error) {
	options.ApplicationID = cmp.Or(options.ApplicationID, defaultApplicationID)
	b := &Backend{path: options.Path, options: options, checkpoint: make(chan struct{}, 1), closing: make(chan struct{})}
	b.reserve.Store(diskReserve)
	open := b.open
	if options.ReadOnly {
		open = b.openReadOnly
	}
	if err := open(ctx); err != nil {
		_ = b.release()
		return nil, fmt.Errorf("open SQLite database %s: %w", options.Path, err)
	}
	if options.ReadOnly {
		return b, nil
	}
	b.running.Go(b.checkpointWhenNeeded)
	b.running.Go(b.watchFiles)
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
	if b.path, err = resolve(b.path); err != nil {
		return err
	}
	if b.files, err = openFiles(b.path, &b.newest); err != nil {
		return err
	}
	// Transactions that read before they write would fail if another program wrote in between.
	if b.writers, err = b.connect(b.dsn(busyTimeout, "wal_autocheckpoint(0)", "cache_size(-16384)") + "&_txlock=immediate"); err != nil {
		return explain(err)
	}
	b.writers.SetMaxOpenConns(1)
	if err := b.claim(ctx); err != nil {
		return explain(err)
	}
	if err := b.migrate(ctx); err != nil {
		return explain(err)
	}
	if b.writer, err = newWriter(ctx, b.writers); err != nil {
		return explain(err)
	}
	if b.readers, err = b.connect(b.dsn(busyTimeout, "query_only(1)", "cache_size(-4096)")); err != nil {
		return explain(err)
	}
	if b.checkpoints, err = b.connect(b.dsn(patience)); err != nil {
		return explain(err)
	}
	b.checkpoints.SetMaxOpenConns(1)
	var pages int64
	var schema uint32
	if err := b.checkpoints.QueryRowContext(ctx, sqlSelectFormat).Scan(&pages, &b.pageSize, &schema); err != nil {
		return explain(err)
	}
	b.pages.Store(pages)
	if err := b.prepareReaders(ctx); err != nil {
		return err
	}
	return b.files.note(schema)
}

// resolve follows symbolic links, as SQLite does: its other files are beside the real one.
func resolve(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return real, err
	}
	if _, err := os.Lstat(path); err == nil {
		return "", errors.New("it is a symbolic link to a file that does not exist")
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	return filepath.Join(folder, filepath.Base(path)), err
}

func (b *Backend) connect(dsn string) (*sql.DB, error) {
	connector, err := newConnector(dsn, b.files)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// busyTimeout is how long a lock of another program is waited for.
const busyTimeout = 5 * time.Second

// dsn has pragmas come before those that every connection has.
func (b *Backend) dsn(wait time.Duration, pragmas ...string) string {
	query := url.Values{"_pragma": append(pragmas,
		fmt.Sprintf("busy_timeout(%d)", wait.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)", "temp_store(MEMORY)")}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: b.path, RawQuery: query.Encode()}).String()
}

func migrations() ([]migration.Migration, error) {
	return migration.LoadFolder(migrationFiles, "migrations")
}

// Schema implements driver.Backend.
func (b *Backend) Schema(ctx context.Context) (schema driver.Schema, err error) {
	all, err := migrations()
	if err != nil {
		return schema, err
	}
	schema.Newest = len(all)
	var application int32
	err = b.readers.QueryRowContext(ctx, sqlSelectVersion).Scan(&application, &schema.Version)
	return schema, translate("read the schema's version", err)
}

// claim rewrites a file that is new, or in which Litestream was first, so that it can shrink: see
// shrink.
func (b *Backend) claim(ctx context.Context) error {
	var mode, tables int
	if err := b.writers.QueryRowContext(ctx, sqlSelectBegun).Scan(&mode, &tables); err != nil || mode != 0 || tables > 0 {
		return err
	}
	_, err := b.writers.ExecContext(ctx, "PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
	return err
}

// migrate brings the schema up to date in one transaction.
func (b *Backend) migrate(ctx context.Context) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	tx, err := b.writers.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var application int32
	var version, tables int
	if err := tx.QueryRowContext(ctx, sqlSelectVersion).Scan(&application, &version); err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, sqlSelectTables).Scan(&tables); err != nil {
		return err
	}
	if application != b.options.ApplicationID && tables > 0 {
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
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", b.options.ApplicationID, version)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Replication implements driver.Backend. SQLite has none.
func (b *Backend) Replication(context.Context) (driver.Replication, error) {
	return driver.Replication{}, nil
}

// Name implements driver.Backend.
func (b *Backend) Name() string { return "sqlite" }

// Listen implements driver.Backend. No other process writes to the file.
func (b *Backend) Listen(context.Context, func()) {}

// Ping implements driver.Backend.
func (b *Backend) Ping(ctx context.Context) error {
	_, err := b.CurrentRevision(ctx)
	return err
}

// Close implements driver.Backend. It leaves the database in a single file, unless another program
// reads it.
func (b *Backend) Close() error {
	if b.options.ReadOnly {
		return b.release()
	}
	close(b.closing)
	b.running.Wait()
	if lost := b.files.check(); lost != nil {
		b.inspect()
		// SQLite would delete the write-ahead log at its path, which may be that of another process
		// by now. The end of this process closes what is open.
		return errors.Join(b.CheckWrites(), b.files.lock.close())
	}
	last, err := b.emptyLog(patience)
	if err != nil {
		_ = b.release()
		return fmt.Errorf("checkpoint SQLite database %s: %w", b.path, err)
	}
	if !last.finished {
		klog.Warningf("Another program is reading %s: a part of what is stored stays in the write-ahead log beside it", b.path)
	}
	return errors.Join(b.files.stop(!last.finished), b.release())
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
	if b.files != nil {
		errs = append(errs, b.files.close())
	}
	return errors.Join(errs...)
}
