package changelog

import (
	"context"
	"maps"
	"sync"
	"time"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

// expiryLooks is how often expired records are looked for at least, in intervals.
const expiryLooks = 10

// expirePeriodically deletes records whose time-to-live is over, as ordinary writes that watchers
// see.
func (l *Log) expirePeriodically(ctx context.Context) {
	idle := expiryLooks
	l.every(ctx, l.options.ExpiryInterval, nil, "Can't delete expired records, will try again", func(ctx context.Context) error {
		idle++
		if !l.expiries.passed(time.Now()) && idle < expiryLooks {
			return nil
		}
		if err := l.expire(ctx); err != nil {
			idle = expiryLooks // again at the next interval
			return err
		}
		idle = 0
		return nil
	})
}

// expiries are the seconds in which records expire that this process has written. The zero value
// has none.
type expiries struct {
	mu      sync.Mutex
	seconds map[int64]struct{} // of Unix time, rounded up
}

// add takes note of a record's time; zero is never.
func (e *expiries) add(at time.Time) {
	if at.IsZero() {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.seconds == nil {
		e.seconds = make(map[int64]struct{})
	}
	e.seconds[at.Unix()+1] = struct{}{}
}

// passed reports whether some have passed, and forgets them.
func (e *expiries) passed(now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	before := len(e.seconds)
	maps.DeleteFunc(e.seconds, func(second int64, _ struct{}) bool { return second <= now.Unix() })
	return len(e.seconds) < before
}

func (l *Log) expire(ctx context.Context) error {
	const batch = 500
	for {
		reading, cancel := context.WithTimeout(ctx, l.options.ReadTimeout)
		expired, err := l.backend.Expired(reading, time.Now(), batch)
		cancel()
		if err != nil || len(expired) == 0 {
			return err
		}
		var wait sync.WaitGroup
		for _, record := range expired {
			wait.Go(func() {
				// A conflict means that somebody renewed or deleted the record meanwhile.
				err := l.Submit(ctx, &Submission{
					Write:     driver.Write{Key: record.Key, Expected: record.Revision, Delete: true},
					PrevValue: record.Value,
				})
				if err == nil {
					l.expired.Add(1)
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
