package sqlite

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/klog/v2"
	"modernc.org/sqlite"

	"ark.ai/apiserver/src/ownership"
	"ark.ai/apiserver/src/storage/driver"
)

// errLost means that the files at the backend's paths are not those that it has open: what it would
// write, nobody would find again.
var errLost = fmt.Errorf("%w: writes are refused", driver.ErrUnavailable)

// clockTick is how far the times that a kernel gives to files may be behind its clock.
const clockTick = 10 * time.Millisecond

// walHeaderBytes is the size of a write-ahead log without any writes.
const walHeaderBytes = 32

// files are those that the backend has open.
type files struct {
	path string
	lock *lock
	// database is open for as long as SQLite has the file: to close it gives up the locks of the
	// whole process.
	database *os.File

	// left is what the last server wrote down; nil if it is not known.
	left *state
	// newest is what clients have seen.
	newest *driver.Newest

	// opened are the files by path, as they were opened; empty until they were.
	opened map[string]os.FileInfo

	// changing is held while the write-ahead log is copied into the database, which changes state.
	changing sync.Mutex
	state    state
	// schema is the version that the write-ahead log has.
	schema      uint32
	overwritten bool
	// index is open for as long as SQLite has the index of the write-ahead log, for the same reason
	// as database.
	index *os.File
	// shared is true if another program has the database open, and may copy the log into it too.
	shared bool
}

// openFiles takes the lock and opens the database, or makes it. It refuses a write-ahead log that
// was written for another file.
func openFiles(path string, newest *driver.Newest) (_ *files, err error) {
	f := &files{path: path, newest: newest}
	defer func() {
		if err != nil {
			_ = f.close()
		}
	}()
	if err := ownership.CheckFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := ownership.CheckFile(path + suffix); err != nil {
			return nil, err
		}
	}
	if f.lock, f.left, err = lockFile(path + ".lock"); err != nil {
		return nil, err
	}
	if f.database, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	log, err := os.Stat(path + "-wal")
	gone := errors.Is(err, fs.ErrNotExist)
	if err != nil && !gone {
		return f, err
	}
	if gone || log.Size() <= walHeaderBytes {
		return f, f.startWithoutLog(gone)
	}
	if f.left == nil || f.left.Inode == 0 {
		return f, nil
	}
	shared, err := sharedAt(path + "-shm")
	if err != nil {
		return f, err
	}
	same, err := f.left.describes(f.database, shared)
	if err == nil && !same {
		var copied bool
		if copied, err = logIsCopied(f.database, path+"-wal"); copied {
			return f, f.startWithoutLog(false)
		}
	}
	if err == nil && !same {
		err = fmt.Errorf("%s-wal has writes that belong to a different file than the current one, and SQLite would apply them to it: "+
			"if this is a backup that was restored, move %[1]s-wal away; if both files were moved here together, remove %[1]s.lock", path)
	}
	return f, err
}

// startWithoutLog accepts whatever file there is.
func (f *files) startWithoutLog(gone bool) error {
	if f.left == nil {
		return f.lock.write(nil)
	}
	if gone && !f.left.Stopped && f.left.Revision > 0 {
		f.left.Lost = true
		klog.Warningf("The last server was not shut down cleanly, and %s-wal, which it left, is gone: "+
			"what it had is lost, unless another program has copied it into the file", f.path)
	}
	left := state{Revision: f.left.Revision, CommittedAt: f.left.CommittedAt, Lost: f.left.Lost, Stopped: f.left.Stopped}
	return f.lock.write(&left)
}

// note remembers what SQLite has opened.
func (f *files) note(schema uint32) (err error) {
	f.changing.Lock()
	defer f.changing.Unlock()
	f.schema = schema
	opened := make(map[string]os.FileInfo)
	for path, file := range map[string]*os.File{f.path: f.database, f.path + ".lock": f.lock.file} {
		info, err := file.Stat()
		if err != nil {
			return err
		}
		opened[path] = info
	}
	for _, path := range []string{f.path + "-wal", f.path + "-shm"} {
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		opened[path] = info
	}
	f.opened = opened
	if f.index, err = os.Open(f.path + "-shm"); err != nil {
		return err
	}
	if f.shared, err = shared(f.index); err != nil {
		return err
	}
	// No copy that was made while no server ran has this time. Somebody else's file can't be given
	// one. What is written from now on must not look older.
	now := time.Now().Add(-clockTick)
	if err := os.Chtimes(f.path, now, now); err != nil && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return f.record()
}

// record writes down what the database's file looks like now.
func (f *files) record() (err error) {
	// The time of its last change is otherwise not sure to be on the disk: SQLite uses fdatasync.
	if err := f.database.Sync(); err != nil {
		return err
	}
	if f.state, err = readState(f.database, f.schema, f.newest.Entry()); err != nil {
		return err
	}
	f.state.Shared = f.shared
	return f.lock.write(&f.state)
}

// lookForOthers reports, and writes down, whether another program has the database.
func (f *files) lookForOthers() (found bool, err error) {
	f.changing.Lock()
	defer f.changing.Unlock()
	found, err = shared(f.index)
	if err != nil || found == f.shared {
		return found, err
	}
	f.shared, f.state.Shared = found, found
	return found, f.lock.write(&f.state)
}

// stop writes down that nothing more is committed, and whether another program still has the file.
func (f *files) stop(shared bool) error {
	f.changing.Lock()
	defer f.changing.Unlock()
	f.state.Stopped, f.state.Shared = true, shared
	return f.lock.write(&f.state)
}

// change has a function change the database's file.
func (f *files) change(change func() error) error {
	f.changing.Lock()
	defer f.changing.Unlock()
	if err := f.checkContent(); err != nil {
		return err
	}
	before := f.state
	before.Copying = true
	if err := f.lock.write(&before); err != nil {
		return err
	}
	return errors.Join(change(), f.record())
}

// check compares the files with those that were opened.
func (f *files) check() error {
	for path, opened := range f.opened {
		now, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%w: %s was removed while it was in use", errLost, path)
		case err != nil:
			return fmt.Errorf("%w: %w", errLost, err)
		case !os.SameFile(now, opened):
			return fmt.Errorf("%w: %s was replaced while it was in use", errLost, path)
		}
	}
	if len(f.opened) == 0 || !f.changing.TryLock() {
		return nil
	}
	defer f.changing.Unlock()
	return f.checkContent()
}

// checkContent notices a file that was written over. The caller holds changing.
func (f *files) checkContent() error {
	info, err := f.database.Stat()
	if err != nil {
		return err
	}
	if !f.overwritten && !f.state.untouched(info) {
		grown, err := f.state.grown(f.database, info)
		if err != nil {
			return err
		}
		if f.overwritten = !grown; grown { // another program has copied the write-ahead log
			f.shared = true
			return f.record()
		}
	}
	if f.overwritten {
		return fmt.Errorf("%w: %w", errLost, errOverwritten{f.path})
	}
	return nil
}

// errOverwritten means that the database is no longer what was written to it.
type errOverwritten struct{ path string }

func (e errOverwritten) Error() string { return e.path + " was written over while it was in use" }

// missing reports whether the database's own file is not the one at its path.
func (f *files) missing() bool {
	now, err := os.Lstat(f.path)
	return err != nil || !os.SameFile(now, f.opened[f.path])
}

func (f *files) close() error {
	var errs []error
	for _, file := range []*os.File{f.database, f.index} {
		if file != nil {
			errs = append(errs, file.Close())
		}
	}
	if f.lock != nil {
		errs = append(errs, f.lock.close())
	}
	return errors.Join(errs...)
}

// connector opens no connection to other files than the first ones.
type connector struct {
	sqldriver.Connector
	files *files
}

func newConnector(dsn string, files *files) (sqldriver.Connector, error) {
	base, err := sqlite.NewConnector(dsn)
	return connector{base, files}, err
}

// Connect implements sqldriver.Connector.
func (c connector) Connect(ctx context.Context) (sqldriver.Conn, error) {
	if err := c.files.check(); err != nil {
		return nil, err
	}
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.files.check(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}
