package campaign

import (
	"context"
	"time"
)

// clock tells the time of a campaign.
type clock struct{ begin time.Time }

func (c clock) now() time.Duration { return time.Since(c.begin) }

// pause lets time pass, because a client or a fault takes it, and reports whether it may go on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
