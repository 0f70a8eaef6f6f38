package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"ark.ai/apiserver/src/storage/driver"
)

// diskReserve is what writes leave free: enough for the largest batch, for compaction, which frees
// space by writing, and for a restart. A disk that is full to its end can do nothing of that.
const diskReserve = 32 << 20

// Disk implements driver.DiskBackend.
func (b *Backend) Disk() (driver.Disk, error) {
	free, err := b.freeSpace()
	return driver.Disk{WriteAheadLog: b.walSize(), Free: free}, err
}

// CheckWrites implements driver.DiskBackend.
func (b *Backend) CheckWrites() error {
	if err := b.files.check(); err != nil {
		if lost := b.lost.Load(); lost != nil {
			err = fmt.Errorf("%w: %s", err, lost.how)
		}
		return err
	}
	free, err := b.freeSpace()
	if err != nil {
		return translate("measure the disk", err)
	}
	if reserve := b.reserve.Load(); free < reserve {
		return fmt.Errorf("%w: the disk of %s is full: %d MiB are free for new data, and %d MiB stay reserved; free some, or enlarge the disk",
			driver.ErrUnavailable, b.path, max(0, free)>>20, reserve>>20)
	}
	return nil
}

// short reports whether writes are about to be refused: an empty write-ahead log gives space back.
func (b *Backend) short() bool {
	free, err := b.freeSpace()
	return err == nil && free < 2*b.reserve.Load()
}

// freeSpace is what the disk has left when all of the write-ahead log is copied into the database.
// So the log may grow as long as there is room for what it holds.
func (b *Backend) freeSpace() (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(b.path), &disk); err != nil {
		return 0, err
	}
	growth, err := b.growth()
	return int64(disk.Bavail)*int64(disk.Bsize) - growth, err //nolint:unconvert // the type depends on the platform
}

// growth is how much larger the database's file gets when the write-ahead log is copied into it.
func (b *Backend) growth() (int64, error) {
	info, err := os.Stat(b.path)
	if err != nil {
		return 0, err
	}
	return max(0, b.pageSize*b.pages.Load()-info.Size()), nil
}
