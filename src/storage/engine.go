package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/klog/v2"
)

// Options of an Engine. The zero value is ready for production.
type Options struct {
	// CompactionWindow is how long superseded versions are kept for watches and paged lists to go on
	// from. Default 1h.
	CompactionWindow time.Duration
	// CompactionInterval is how often history older than the window is dropped. Default a tenth of the
	// window.
	CompactionInterval time.Duration
	// HistoryBytes is how many bytes of values may be written within the window: when there are more, the oldest
	// history is dropped before its time. Default four times the living values, at least 1 GiB.
	HistoryBytes int64
	// PollInterval is how often the log is read without having been told that there is something new: the
	// longest that another process' writes stay unseen when notifications fail. Default 1s.
	PollInterval time.Duration
	// ProgressInterval is how often watchers that asked for it hear how far they are. Default 5s.
	ProgressInterval time.Duration
	// ExpiryInterval is how often records past their time-to-live are deleted. Default 1s.
	ExpiryInterval time.Duration
	// CommitTimeout ends a commit that the database does not answer; its outcome is then unknown.
	// Default 30s.
	CommitTimeout time.Duration
	// ReadTimeout ends a read of the engine's own, such as of the log, that the database does not answer;
	// it is tried again. Default 30s.
	ReadTimeout time.Duration
	// SizeInterval is how often the size of the database is measured for metrics. Default 1m.
	SizeInterval time.Duration
	// MaxValueBytes is the largest value a write may have. Default 1.5 MiB, etcd's limit for a request.
	MaxValueBytes int
	// SelectorKey hides the labels and selectable fields of encrypted objects, so that the database can tell which are
	// equal, and nothing else. Without it they are not kept, and selectors for such objects are decided by the process.
	// All processes have the same; another one is slow until objects are written again.
	SelectorKey []byte
	// WatchWindowBytes bounds the recent changes kept in memory for watchers that start or fall behind;
	// older ones are read from the database. Default 32 MiB.
	WatchWindowBytes int
}

func (o *Options) setDefaults() {
	setDefault(&o.CompactionWindow, time.Hour)
	setDefault(&o.CompactionInterval, o.CompactionWindow/10)
	setDefault(&o.PollInterval, time.Second)
	setDefault(&o.ProgressInterval, 5*time.Second)
	setDefault(&o.ExpiryInterval, time.Second)
	setDefault(&o.CommitTimeout, 30*time.Second)
	setDefault(&o.ReadTimeout, 30*time.Second)
	setDefault(&o.SizeInterval, time.Minute)
	setDefault(&o.MaxValueBytes, 3<<19)
	setDefault(&o.WatchWindowBytes, 32<<20)
}

func setDefault[T comparable](option *T, value T) {
	var zero T
	if *option == zero {
		*option = value
	}
}

// Engine runs one database for a process: it commits writes, follows the log for watchers, and deletes
// what is expired or compacted. Every resource of an API server shares it.
type Engine struct {
	backend   Backend
	options   Options
	committer *committer
	hub       *hub
	compacted atomic.Int64
	// expired counts the records that were deleted because their time was over, size is in bytes.
	expired, size atomic.Int64
	// incarnations counts those that this process began, losses those among them that lacked something, shortened the
	// compactions of history before its time.
	incarnations, losses, shortened atomic.Int64
	// disk is nil until it was measured, and if the database is elsewhere.
	disk atomic.Pointer[Disk]
	// name tells the engines of a process apart in metrics.
	name    string
	stop    context.CancelFunc
	running sync.WaitGroup
	close   func() error
}

// Open starts an Engine on backend, which belongs to it from then on: Close closes both, and so does an error, such as of a
// database that can't be read. ctx bounds Open only.
func Open(ctx context.Context, backend Backend, options Options) (*Engine, error) {
	options.setDefaults()
	registerMetrics()
	announceWatchProgress()
	e := &Engine{backend: backend, options: options, hub: newHub(backend, options)}
	e.committer = newCommitter(backend, e.hub, options.CommitTimeout)
	e.close = sync.OnceValue(e.shutDown)
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Engine) start(ctx context.Context) error {
	begun := time.Now()
	var current int64
	err := e.despiteDivergence(ctx, func() (err error) {
		current, err = e.backend.CurrentRevision(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("reading the current revision: %w", err)
	}
	compacted, err := e.backend.CompactRevision(ctx)
	if err != nil {
		return fmt.Errorf("reading the compacted revision: %w", err)
	}
	e.compacted.Store(compacted)
	e.hub.reset(current, begun)
	if err := e.hub.recall(ctx, compacted); err != nil {
		return fmt.Errorf("reading the newest changes: %w", err)
	}
	e.name = engines.add(e)
	e.committer.name = e.name

	// The goroutines outlive the caller's context: they end with Close, so that a server can drain.
	ctx, e.stop = context.WithCancel(context.WithoutCancel(ctx))
	e.run(ctx, e.committer.run)
	e.run(ctx, e.listen)
	e.run(ctx, e.follow)
	e.run(ctx, e.compactPeriodically)
	e.run(ctx, e.expirePeriodically)
	e.run(ctx, e.measurePeriodically)
	return nil
}

func (e *Engine) run(ctx context.Context, loop func(context.Context)) {
	e.running.Go(func() { loop(ctx) })
}

// Close ends all watches, waits for writes in flight and closes the backend. Closing again does nothing.
func (e *Engine) Close() error {
	return e.close()
}

func (e *Engine) shutDown() error {
	if e.stop != nil {
		e.stop()
		e.running.Wait()
		engines.remove(e.name)
	}
	e.hub.close()
	return e.backend.Close()
}

// Name tells the engines of a process apart, in metrics and logs: "sqlite-0", "postgresql-0".
func (e *Engine) Name() string {
	return e.name
}

// measurePeriodically keeps the size of the database for metrics.
func (e *Engine) measurePeriodically(ctx context.Context) {
	ticker := time.NewTicker(e.options.SizeInterval)
	defer ticker.Stop()
	for {
		reading, cancel := context.WithTimeout(ctx, e.options.ReadTimeout)
		size, err := e.backend.Size(reading)
		cancel()
		if err == nil {
			e.size.Store(size)
		} else if ctx.Err() == nil && !errors.Is(err, ErrUnavailable) {
			klog.ErrorS(err, "Can't measure the database, will try again", "engine", e.name)
		}
		if local, ok := e.backend.(DiskBackend); ok {
			if disk, err := local.Disk(); err == nil {
				e.disk.Store(&disk)
				if disk.Free < lowDisk {
					wake(e.hub.muchWritten)
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// expirePeriodically deletes records whose time-to-live is over, as ordinary writes that watchers see.
func (e *Engine) expirePeriodically(ctx context.Context) {
	ticker := time.NewTicker(e.options.ExpiryInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := e.expire(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, ErrUnavailable) {
			klog.ErrorS(err, "Can't delete expired records, will try again", "engine", e.name)
		}
	}
}

func (e *Engine) expire(ctx context.Context) error {
	const batch = 500
	for {
		reading, cancel := context.WithTimeout(ctx, e.options.ReadTimeout)
		expired, err := e.backend.Expired(reading, time.Now(), batch)
		cancel()
		if err != nil || len(expired) == 0 {
			return err
		}
		var wait sync.WaitGroup
		for _, record := range expired {
			wait.Go(func() {
				// A conflict means that somebody renewed or deleted the record meanwhile.
				err := e.committer.submit(ctx, &submission{
					Write: Write{Key: record.Key, Expected: record.Revision, Delete: true},
					prev:  previousValue{value: record.Value},
				})
				if err == nil {
					e.expired.Add(1)
				} else if ctx.Err() == nil {
					klog.V(2).InfoS("Can't delete an expired record, will try again", "key", record.Key, "err", err)
				}
			})
		}
		wait.Wait()
		if len(expired) < batch {
			return nil
		}
	}
}
