package changelog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

// DefaultName is that of an API server whose name is not given.
const DefaultName = "generic"

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Options of a Log. The zero value is ready for production.
type Options struct {
	// Name of the API server, with which metrics and the keys of write probes begin: lower-case
	// letters, digits and _. Default DefaultName.
	Name string
	// CompactionWindow is how long superseded versions are kept for watches and paged lists to go
	// on from. Default 1h.
	CompactionWindow time.Duration
	// CompactionInterval is how often history older than the window is dropped. Default a tenth of
	// the window.
	CompactionInterval time.Duration
	// HistoryBytes is how many bytes of values may be written within the window: when there are
	// more, the oldest history is dropped before its time. Default four times the living values, at
	// least 1 GiB.
	HistoryBytes int64
	// PollInterval is how often the log is read without having been told that there is something
	// new: the longest that another process' writes stay unseen when notifications fail. Default
	// 1s.
	PollInterval time.Duration
	// ProgressInterval is how often watchers that asked for it hear how far they are. Default 5s.
	ProgressInterval time.Duration
	// ExpiryInterval is how often records past their time-to-live are deleted. Those that another
	// process wrote, which may have ended, are looked for ten times less often. Default 1s.
	ExpiryInterval time.Duration
	// CommitTimeout ends a commit that the database does not answer; its outcome is then unknown.
	// Default 30s.
	CommitTimeout time.Duration
	// ReadTimeout ends a read of the log's own, such as of the log, that the database does not
	// answer; it is tried again. Default 30s.
	ReadTimeout time.Duration
	// SizeInterval is how often the size of the database is measured for metrics. Default 1m.
	SizeInterval time.Duration
	// WatchWindowBytes bounds the recent changes kept in memory for watchers that start or fall
	// behind; older ones are read from the database. Default 32 MiB.
	WatchWindowBytes int
}

func (o *Options) setDefaults() {
	setDefault(&o.Name, DefaultName)
	setDefault(&o.CompactionWindow, time.Hour)
	setDefault(&o.CompactionInterval, o.CompactionWindow/10)
	setDefault(&o.PollInterval, time.Second)
	setDefault(&o.ProgressInterval, 5*time.Second)
	setDefault(&o.ExpiryInterval, time.Second)
	setDefault(&o.CommitTimeout, 30*time.Second)
	setDefault(&o.ReadTimeout, 30*time.Second)
	setDefault(&o.SizeInterval, time.Minute)
	setDefault(&o.WatchWindowBytes, 32<<20)
}

func setDefault[T comparable](option *T, value T) {
	var zero T
	if *option == zero {
		*option = value
	}
}

// historyBytes are those that there may be however little is stored.
func (o *Options) historyBytes() int64 {
	return cmp.Or(o.HistoryBytes, minHistory)
}

// Log is the one sequence of all changes of a database, as a process takes part in it: it commits
// writes, follows the log for subscribers, and deletes what is expired or compacted.
type Log struct {
	backend   driver.Backend
	options   Options
	committer *committer
	hub       *hub
	tail      *tail
	expiries  expiries
	compacted atomic.Int64
	counters
	metrics *instruments
	// size is in bytes, disk is nil until it was measured, and if the database is elsewhere.
	size atomic.Int64
	disk atomic.Pointer[driver.Disk]
	// name tells the logs of a process apart in metrics.
	name string
	// running are goroutines that end with the context; starting guards that none begins after it
	// has ended.
	starting sync.Mutex
	running  sync.WaitGroup
	context  context.Context //nolint:containedctx // that of goroutines that begin when they are needed
	stop     context.CancelFunc
	close    func() error
}

// counters are for metrics.
type counters struct {
	// expired counts the records that were deleted because their time was over.
	expired atomic.Int64
	// incarnations counts those that this process began, losses those among them that lacked
	// something.
	incarnations, losses atomic.Int64
	// shortened counts the compactions of history before its time.
	shortened atomic.Int64
	// delivered counts the changes that were sent on.
	delivered atomic.Int64
}

// Open starts a Log on backend, which belongs to it from then on: Close closes both, and so does an
// error, such as of a database that can't be read. ctx bounds Open only.
func Open(ctx context.Context, backend driver.Backend, options Options) (*Log, error) {
	options.setDefaults()
	if !validName.MatchString(options.Name) {
		return nil, errors.Join(fmt.Errorf("name %q must match %s", options.Name, validName), backend.Close())
	}
	l := &Log{backend: backend, options: options, hub: newHub(options), metrics: instrumentsOf(options.Name)}
	l.tail = &tail{backend: backend, hub: l.hub, readTimeout: options.ReadTimeout}
	l.committer = newCommitter(backend, l.hub, l.tail.committed, options.CommitTimeout)
	l.close = sync.OnceValue(l.shutDown)
	if err := l.start(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *Log) start(ctx context.Context) error {
	begun := time.Now()
	var current int64
	err := l.despiteDivergence(ctx, func() (err error) {
		current, err = l.backend.CurrentRevision(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("reading the current revision: %w", err)
	}
	compacted, err := l.backend.CompactRevision(ctx)
	if err != nil {
		return fmt.Errorf("reading the compacted revision: %w", err)
	}
	l.compacted.Store(compacted)
	l.tail.begin(current, begun)
	if err := l.tail.recall(ctx, compacted); err != nil {
		return fmt.Errorf("reading the newest changes: %w", err)
	}
	l.name = l.metrics.add(l)
	l.committer.name, l.committer.metrics = l.name, l.metrics

	// The goroutines outlive the caller's context: they end with Close, so that a server can drain.
	l.context, l.stop = context.WithCancel(context.WithoutCancel(ctx))
	l.Go(l.committer.run)
	l.Go(l.listen)
	l.Go(l.follow)
	l.Go(l.compactPeriodically)
	l.Go(l.expirePeriodically)
	l.Go(l.measurePeriodically)
	return nil
}

// Go runs a goroutine, which has to end with its context: Close waits for it. It does nothing once
// Close was called.
func (l *Log) Go(loop func(context.Context)) {
	l.starting.Lock()
	defer l.starting.Unlock()
	if l.context.Err() == nil {
		l.running.Go(func() { loop(l.context) })
	}
}

// every calls do at each interval, and when woken, until ctx ends. It logs why do failed, unless
// the database is just away.
func (l *Log) every(ctx context.Context, interval time.Duration, woken <-chan struct{}, failure string, do func(context.Context) error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-woken:
		}
		if err := do(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, driver.ErrUnavailable) {
			klog.ErrorS(err, failure, "engine", l.name)
		}
	}
}

// listen wakes the tail when another process commits.
func (l *Log) listen(ctx context.Context) {
	l.backend.Listen(ctx, l.Wake)
}

// Close ends all subscriptions, waits for writes in flight and closes the backend. Closing again
// does nothing.
func (l *Log) Close() error {
	return l.close()
}

func (l *Log) shutDown() error {
	if l.stop != nil {
		l.starting.Lock()
		l.stop()
		l.starting.Unlock()
		l.running.Wait()
		l.metrics.remove(l.name)
	}
	l.hub.close()
	return l.backend.Close()
}

// Name tells the logs of a process apart, in metrics and logs: "sqlite-0", "postgresql-0".
func (l *Log) Name() string {
	return l.name
}

// Wake has the log read on now, rather than at the next poll.
func (l *Log) Wake() {
	wake(l.hub.tail)
}

// Progress lets the subscriptions to a resource that ask for it know that they have seen everything
// up to revision, as soon as that is so. With revision 0 it is what has been handed out by now.
func (l *Log) Progress(resource Resource, revision int64) {
	l.hub.progress(resource.Prefix, revision)
}

// Quiet reports whether a resource is, up to the revision head, as it was at an earlier one, as far
// as this process has heard; false if it can't tell.
func (l *Log) Quiet(resource Resource, revision int64) (head int64, quiet bool) {
	return l.hub.quiet(resource.Prefix, revision)
}

// Changed are the keys of a resource that have changed after one revision and through another,
// with repetitions, and more than limit of them if there are more. It asks the database nothing:
// known is false if that would be needed.
func (l *Log) Changed(resource Resource, after, through int64, limit int) (keys []string, known bool) {
	return l.hub.changed(resource.Prefix, after, through, limit)
}

// KnownRevision is the newest revision that this process knows to be committed.
func (l *Log) KnownRevision() int64 {
	_, known := l.hub.revisions()
	return known
}

// CompactRevision is the revision below which history is gone, as far as this process knows.
func (l *Log) CompactRevision() int64 {
	return l.compacted.Load()
}

// CountDelivered counts a change that a subscriber has sent on, for metrics.
func (l *Log) CountDelivered() {
	l.delivered.Add(1)
}

// measurePeriodically keeps the size of the database for metrics. It begins at once.
func (l *Log) measurePeriodically(ctx context.Context) {
	begin := make(chan struct{}, 1)
	begin <- struct{}{}
	l.every(ctx, l.options.SizeInterval, begin, "Can't measure the database, will try again", l.measure)
}

func (l *Log) measure(ctx context.Context) error {
	reading, cancel := context.WithTimeout(ctx, l.options.ReadTimeout)
	defer cancel()
	size, err := l.backend.Size(reading)
	if err == nil {
		l.size.Store(size)
	}
	if local, ok := l.backend.(driver.DiskBackend); ok {
		if disk, err := local.Disk(); err == nil {
			l.disk.Store(&disk)
			if disk.Free < lowDisk {
				wake(l.hub.muchWritten)
			}
		}
	}
	return err
}
