package index

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// Index has the documents of the keys of one resource as of one revision.
type Index struct {
	dir     string
	db      *sql.DB // for reads
	writes  *sql.DB
	writing sync.Mutex
	lock    *os.File
	views   chan struct{} // one for each that is open
	seed    maphash.Seed
	options Options
	reserve atomic.Int64 // diskReserve, but in tests
	// largestGroups is that constant, but in tests.
	largestGroups int

	mu      sync.Mutex
	numbers map[string]int64 // by name
}

// Values are found by the primary key of terms, the documents of what was found by its number.
// All values of a document are beside its key, too, so that further conditions can be decided.
const schema = `
	CREATE TABLE documents (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, terms BLOB NOT NULL, words INTEGER NOT NULL);
	CREATE TABLE terms (name INTEGER, value BLOB, number INTEGER, PRIMARY KEY (name, value, number)) WITHOUT ROWID;
	CREATE VIRTUAL TABLE words USING fts5 (text, content='', contentless_delete=1, detail=none, tokenize='ascii');
	CREATE TABLE unknown (key TEXT PRIMARY KEY) WITHOUT ROWID;
	CREATE TABLE state (revision INTEGER NOT NULL);
	INSERT INTO state VALUES (0);`

const (
	// maxReaders is how many views there are at a time.
	maxReaders = 16
	// maxNames is how many names have a small number.
	maxNames = 10_000
	// maxLog is from which size on the write-ahead log is emptied, which waits for views: while
	// there is always one, it would grow for ever.
	maxLog = 64 << 20
	// diskReserve is what is left free for the others on the disk, such as a database.
	diskReserve = 512 << 20
)

// ErrFailed means that an index can't be read or written.
var ErrFailed = errors.New("index failed")

func failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrFailed, err)
}

// Options of an Index.
type Options struct {
	// Name of the API server, which directories are named after. Default: generic.
	Name string
	// Dir is where the file is; "" is the directory for temporary files.
	Dir string
	// MaxCollected is how many documents are collected by what is rarest about them, to be sorted.
	// What is met by more is looked for among all documents, in the order wanted. Default 20,000.
	MaxCollected int
}

const (
	defaultName         = "generic"
	defaultMaxCollected = 20_000
)

func (o Options) withDefaults() Options {
	o.Name = cmp.Or(o.Name, defaultName)
	o.Dir = cmp.Or(o.Dir, os.TempDir())
	o.MaxCollected = cmp.Or(o.MaxCollected, defaultMaxCollected)
	return o
}

// pattern is that of the names of directories.
func (o Options) pattern() string { return o.Name + "-index-*" }

// New makes an empty index, as of revision 0, in a directory of its own. Those that processes have
// left there which were killed are deleted.
func New(ctx context.Context, options Options) (*Index, error) {
	options = options.withDefaults()
	DeleteLeft(options)
	dir, err := os.MkdirTemp(options.Dir, options.pattern())
	if err != nil {
		return nil, failed(err)
	}
	x := &Index{dir: dir, seed: maphash.MakeSeed(), numbers: make(map[string]int64), options: options, views: make(chan struct{}, maxReaders), largestGroups: largestGroups}
	x.reserve.Store(diskReserve)
	if err := x.make(ctx); err != nil {
		return nil, errors.Join(failed(err), x.Close())
	}
	return x, nil
}

func (x *Index) make(ctx context.Context) (err error) {
	if x.lock, err = os.OpenFile(filepath.Join(x.dir, lockName), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	if err := syscall.Flock(int(x.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return err
	}
	if x.writes, err = x.open("cache_size(-16384)"); err != nil {
		return err
	}
	x.writes.SetMaxOpenConns(1)
	if _, err = x.writes.ExecContext(ctx, schema); err != nil {
		return err
	}
	if x.db, err = x.open("query_only(1)", "cache_size(-1024)"); err != nil {
		return err
	}
	x.db.SetMaxOpenConns(maxReaders)
	x.db.SetMaxIdleConns(maxReaders)
	return nil
}

func (x *Index) path() string { return filepath.Join(x.dir, "index.db") }

func (x *Index) open(pragmas ...string) (*sql.DB, error) {
	// What a crash damages nobody reads.
	pragmas = append(pragmas, "journal_mode(WAL)", "synchronous(OFF)", "temp_store(MEMORY)", "busy_timeout(10000)")
	file := url.URL{Scheme: "file", OmitHost: true, Path: x.path(), RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return sql.Open("sqlite", file.String())
}

const (
	// lockName is the file in each that is locked by the process to which it belongs.
	lockName = "lock"
	// unlockedFor is how long a directory may be without a lock that is being made.
	unlockedFor = time.Minute
)

// DeleteLeft deletes the directories of processes that are no more.
func DeleteLeft(options Options) {
	options = options.withDefaults()
	left, err := filepath.Glob(filepath.Join(options.Dir, options.pattern()))
	if err != nil {
		return
	}
	for _, name := range left {
		if isLeft(name) {
			_ = os.RemoveAll(name)
		}
	}
}

func isLeft(name string) bool {
	file, err := os.Open(filepath.Join(name, lockName))
	if err != nil {
		info, err := os.Stat(name)
		return err == nil && time.Since(info.ModTime()) > unlockedFor
	}
	defer file.Close()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// checkDisk fails if the index takes what others need more.
func (x *Index) checkDisk() error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(x.dir, &disk); err != nil {
		return failed(err)
	}
	free := int64(disk.Bavail) * int64(disk.Bsize) //nolint:unconvert // the type depends on the platform
	if reserve := x.reserve.Load(); free < reserve {
		return fmt.Errorf("%w: the disk of %s has less than %d MiB left", ErrFailed, x.dir, reserve>>20)
	}
	return nil
}

// Close ends the index and deletes its file. Nobody uses it any more.
func (x *Index) Close() error {
	var errs []error
	for _, db := range []*sql.DB{x.db, x.writes} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	errs = append(errs, os.RemoveAll(x.dir))
	if x.lock != nil {
		errs = append(errs, x.lock.Close())
	}
	return errors.Join(errs...)
}

// Size is the number of bytes on disk.
func (x *Index) Size() int64 {
	var size int64
	files, err := os.ReadDir(x.dir)
	if err != nil {
		return 0
	}
	for _, file := range files {
		if info, err := file.Info(); err == nil {
			size += info.Size()
		}
	}
	return size
}
