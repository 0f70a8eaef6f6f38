package fieldselector

import (
	"context"
	"sync"
	"time"
)

// timeLimit is a context that ends after a while, and can be used again if it has not. Lists decide
// on thousands of objects, for each of which context.WithTimeout would leave garbage behind.
type timeLimit struct {
	context.Context //nolint:containedctx // it is one
	timer           *time.Timer
}

var timeLimits = sync.Pool{New: func() any {
	ctx, cancel := context.WithCancelCause(context.Background())
	timer := time.AfterFunc(time.Hour, func() { cancel(context.DeadlineExceeded) })
	timer.Stop()
	return &timeLimit{ctx, timer}
}}

func startTimeLimit(after time.Duration) *timeLimit {
	l := timeLimits.Get().(*timeLimit)
	l.timer.Reset(after)
	return l
}

// stop ends the use of l, and reports whether the time was enough.
func (l *timeLimit) stop() bool {
	if !l.timer.Stop() {
		return false
	}
	timeLimits.Put(l)
	return true
}
