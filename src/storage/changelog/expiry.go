package changelog

import (
	"context"
	"sync"
	"time"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

// expirePeriodically deletes records whose time-to-live is over, as ordinary writes that watchers
// see.
func (l *Log) expirePeriodically(ctx context.Context) {
	l.every(ctx, l.options.ExpiryInterval, nil, "Can't delete expired records, will try again", l.expire)
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
