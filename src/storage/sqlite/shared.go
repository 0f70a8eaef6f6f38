package sqlite

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// openMark is the byte of the index of a write-ahead log that everybody who has the database open
// holds a lock on: "DMS" in SQLite's os_unix.c.
const openMark = 128

// shared reports whether another process has the database open whose index this is.
func shared(index *os.File) (bool, error) {
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: openMark, Len: 1}
	err := syscall.FcntlFlock(index.Fd(), syscall.F_GETLK, &lock)
	return lock.Type != syscall.F_UNLCK, err
}

// sharedAt is for an index that this process does not have open: to close it gives up the locks of
// the whole process.
func sharedAt(path string) (bool, error) {
	index, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	found, err := shared(index)
	return found, errors.Join(err, index.Close())
}

// noteOthers notes whether another program has the database open, beside the file for the next
// server, and in it for one that gets a copy.
func (b *Backend) noteOthers() error {
	found, err := b.files.lookForOthers()
	if err != nil || !found || b.shared {
		return err
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	if _, err := b.writer.conn.ExecContext(background, sqlSetShared); err != nil {
		return translate("note that the file is shared", err)
	}
	b.shared = true
	return nil
}
