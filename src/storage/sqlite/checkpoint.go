package sqlite

import (
	"errors"
	"os"

	"k8s.io/klog/v2"
)

const (
	// checkpointAt is the size of the write-ahead log from which it is copied into the database, beside
	// readers and writers.
	checkpointAt = 8 << 20
	// restartAt is the size from which everybody waits for the log to be emptied. Under steady load it
	// never is otherwise: there is always a reader or a writer that needs it.
	restartAt = 64 << 20
)

func (b *Backend) wantCheckpoint() {
	select {
	case b.checkpoint <- struct{}{}:
	default:
	}
}

// checkpointWhenNeeded keeps the write-ahead log small until the backend closes.
func (b *Backend) checkpointWhenNeeded() {
	done := int64(0) // the size that was last copied
	for {
		select {
		case <-b.closing:
			return
		case <-b.checkpoint:
		}
		size := b.walSize()
		if size < done {
			done = 0 // the log was started again
		}
		var err error
		switch {
		case size >= restartAt:
			err = b.finishCheckpoint()
			done = 0
		case size-done >= checkpointAt:
			err = b.passiveCheckpoint()
			done = size
		}
		if err != nil {
			klog.ErrorS(err, "Can't checkpoint the SQLite database, will try again", "path", b.path)
		}
	}
}

func (b *Backend) walSize() int64 {
	info, err := os.Stat(b.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// passiveCheckpoint copies as much as it can without waiting for anybody.
func (b *Backend) passiveCheckpoint() error {
	return b.runCheckpoint("PRAGMA wal_checkpoint(PASSIVE)")
}

// finishCheckpoint copies the write-ahead log and empties it. Readers and writers wait.
func (b *Backend) finishCheckpoint() error {
	if err := b.passiveCheckpoint(); err != nil { // most of the work, while others go on
		return err
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	b.reading.Lock()
	defer b.reading.Unlock()
	return b.runCheckpoint("PRAGMA wal_checkpoint(TRUNCATE)")
}

func (b *Backend) runCheckpoint(pragma string) error {
	var busy, pages, copied int
	if err := b.readers.QueryRowContext(background, pragma).Scan(&busy, &pages, &copied); err != nil {
		return err
	}
	if busy != 0 && pragma == "PRAGMA wal_checkpoint(TRUNCATE)" {
		return errors.New("another program is reading the database")
	}
	return nil
}
