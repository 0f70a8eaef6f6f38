package sqlite

import (
	"os"
	"time"

	"k8s.io/klog/v2"
)

const (
	// checkpointAt is the size of the write-ahead log from which it is copied into the database,
	// beside readers and writers.
	checkpointAt = 8 << 20
	// restartAt is the size from which everybody here waits for the log to be emptied. Under steady
	// load it never is otherwise: there is always a reader or a writer that needs it.
	restartAt = 64 << 20
	// warnAt is the size from which the log is larger than our own readers and writers make it.
	warnAt = 4 * restartAt
)

// An attempt to empty the log costs everybody a moment. While another program reads the database it
// is in vain.
const (
	firstRetry = time.Second
	lastRetry  = time.Minute
)

func (b *Backend) wantCheckpoint() {
	select {
	case b.checkpoint <- struct{}{}:
	default:
	}
}

// checkpointWhenNeeded keeps the write-ahead log small until the backend closes.
func (b *Backend) checkpointWhenNeeded() {
	var (
		copied int64         // the size that was last copied
		delay  time.Duration // of the next attempt to empty the log; 0 after one that succeeded
		warned int64         // the size that was last warned of
		retry  <-chan time.Time
	)
	for {
		select {
		case <-b.closing:
			return
		case <-b.checkpoint:
		case <-retry:
			retry = nil
		}
		size := b.walSize()
		if size < copied {
			copied = 0 // the log was started again
		}
		if retry == nil && size > 0 && (size >= restartAt || delay > 0 || b.short()) {
			last, err := b.emptyLog()
			b.noteCheckpoint(err)
			if last.finished {
				if warned > 0 {
					klog.InfoS("The write-ahead log was emptied", "path", b.path, "bytes", size)
				}
				copied, delay, warned = 0, 0, 0
				continue
			}
			copied, delay = size, min(max(2*delay, firstRetry), lastRetry)
			retry = time.After(delay)
			if size >= max(warnAt, 2*warned) {
				warned = size
				klog.Warningf("Another program has been reading %s for a long time: its write-ahead log can't be emptied, and has grown to %d MiB", b.path, size>>20)
			}
		} else if size-copied >= checkpointAt {
			_, err := b.copyLog("PASSIVE")
			b.noteCheckpoint(err)
			copied = size
		}
	}
}

func (b *Backend) noteCheckpoint(err error) {
	if err != nil {
		klog.ErrorS(err, "Can't checkpoint the SQLite database, will try again", "path", b.path)
	}
}

func (b *Backend) walSize() int64 {
	info, err := os.Stat(b.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// progress of a checkpoint.
type progress struct {
	// pages are those that the write-ahead log has, copied are those among them that the database
	// has too.
	pages, copied int64
	// finished is true if nobody hindered it.
	finished bool
}

// emptyLog copies the write-ahead log into the database and empties it, unless another program
// reads a state of the database that only the log has. It waits for nobody but our own readers and
// writer.
func (b *Backend) emptyLog() (progress, error) {
	// Most of the work, while others go on.
	first, err := b.copyLog("PASSIVE")
	if err != nil {
		return progress{}, err
	}
	if b.pageSize*(first.pages-first.copied) > checkpointAt {
		// Either much was written meanwhile, or somebody reads what was there long before.
		second, err := b.copyLog("PASSIVE")
		if err != nil || second.copied <= first.copied && second.copied < second.pages {
			second.finished = false
			return second, err
		}
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	b.reading.Lock()
	defer b.reading.Unlock()
	return b.copyLog("TRUNCATE")
}

// copyLog copies the write-ahead log as far as nobody hinders it, without waiting.
func (b *Backend) copyLog(mode string) (p progress, err error) {
	err = b.files.change(func() error {
		var busy int
		err := b.checkpoints.QueryRowContext(background, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &p.pages, &p.copied)
		p.finished = err == nil && busy == 0
		return err
	})
	return p, err
}
