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
	// restartAt is the size from which writers wait a moment for the log to be emptied. Under
	// steady load it never is otherwise: there is always a writer that adds to it.
	restartAt = 64 << 20
	// warnAt is the size from which the log is larger than short reads and writes make it.
	warnAt = 4 * restartAt
	// nearEnd is how much of the log may be left to copy when writers are made to wait, and
	// maxPasses how often it is tried to get there.
	nearEnd   = 1 << 20
	maxPasses = 4
)

// An attempt to empty the log is in vain while somebody reads a state that only the log has.
const (
	// patience is how long an attempt waits for such reads, and writers for the attempt. For reads
	// of our own it doubles with every patienceStep of the log up to lastPatience, as there may
	// always be some: that they are about to end is seen by how long they have been going on.
	patience     = 30 * time.Millisecond
	patienceStep = 24 << 20
	lastPatience = 8 * time.Second
	// lookAgain is when another attempt is considered while a read of our own takes longer.
	lookAgain = 100 * time.Millisecond
	// After an attempt that another program's read hindered there is no hurry.
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
	c := checkpointer{Backend: b}
	for {
		select {
		case <-b.closing:
			return
		case <-b.checkpoint:
		case <-c.retry:
			c.retry = nil
		}
		c.look()
	}
}

// checkpointer decides when the write-ahead log is copied, and when it is emptied.
type checkpointer struct {
	*Backend
	copied int64            // the size that was last copied
	retry  <-chan time.Time // the next attempt to empty the log; nil if none is waited for
	delay  time.Duration    // before it, after one that another program hindered
	trying bool             // the log is to be emptied, and was not yet
	warned int64            // the size that was last warned of
}

func (c *checkpointer) look() {
	size := c.walSize()
	if size < c.copied {
		c.copied = 0 // the log was started again
	}
	if c.retry == nil && size > 0 && (size >= restartAt || c.trying || c.short()) {
		c.trying = true
		if wait := patienceAt(size); 2*c.reads.longest() <= wait {
			c.empty(size, wait)
			return
		}
		c.postpone(size, lookAgain, "a read of this server")
	}
	if size-c.copied >= checkpointAt {
		_, err := c.copyLog("PASSIVE")
		c.note(err)
		c.copied = size
	}
}

// patienceAt is how long an attempt to empty a log of that size waits for reads of our own.
func patienceAt(size int64) time.Duration {
	steps := max(0, size-restartAt) / patienceStep
	return min(patience<<min(steps, 10), lastPatience)
}

func (c *checkpointer) empty(size int64, wait time.Duration) {
	last, err := c.emptyLog(wait)
	c.note(err)
	switch {
	case last.finished:
		if c.warned > 0 {
			klog.InfoS("The write-ahead log was emptied", "path", c.path, "bytes", size)
		}
		*c = checkpointer{Backend: c.Backend}
	case last.hinderedByUs:
		c.copied = size
		c.postpone(size, lookAgain, "a read of this server")
	default:
		c.copied = size
		c.delay = min(max(2*c.delay, firstRetry), lastRetry)
		c.postpone(size, c.delay, "another program")
	}
}

// postpone has another attempt to empty the log made later, because of who reads it.
func (c *checkpointer) postpone(size int64, delay time.Duration, reader string) {
	c.retry = time.After(delay)
	if size >= max(warnAt, 2*c.warned) {
		c.warned = size
		klog.Warningf("The write-ahead log of %s can't be emptied while %s goes on that began long ago, and has grown to %d MiB", c.path, reader, size>>20)
	}
}

func (c *checkpointer) note(err error) {
	if err != nil {
		klog.ErrorS(err, "Can't checkpoint the SQLite database, will try again", "path", c.path)
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
	// finished is true if nobody hindered it, hinderedByUs if reads of this server did.
	finished, hinderedByUs bool
}

// emptyLog copies the write-ahead log into the database and empties it, unless somebody goes on to
// read a state of the database that only the log has: another program for longer than patience,
// this one for longer than wait. Writers wait for that long, readers never: once all of the log is
// copied, those that begin do without it.
func (b *Backend) emptyLog(wait time.Duration) (progress, error) {
	// Most of the work, while others go on.
	for range maxPasses {
		p, err := b.copyLog("PASSIVE")
		if err != nil {
			return progress{}, err
		}
		if b.pageSize*(p.pages-p.copied) <= nearEnd {
			break
		}
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	begun := time.Now()
	latest, complete := begun, false // latest is when a read began, at the latest, that hinders it
	for {
		ours := b.reads.longest() >= time.Since(latest)
		p, err := b.copyLog("TRUNCATE")
		if err != nil || p.finished || p.pages < 0 { // the last: another program is copying it
			return p, err
		}
		if !complete && p.copied == p.pages {
			latest, complete = time.Now(), true
			continue
		}
		if p.hinderedByUs = ours; !ours || time.Since(begun) > wait {
			return p, nil
		}
	}
}

// copyLog copies the write-ahead log as far as nobody hinders it.
func (b *Backend) copyLog(mode string) (p progress, err error) {
	err = b.files.change(func() error {
		var busy int
		err := b.checkpoints.QueryRowContext(background, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &p.pages, &p.copied)
		p.finished = err == nil && busy == 0
		return err
	})
	return p, err
}
