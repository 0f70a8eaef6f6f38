package transfer

import (
	"context"
	"errors"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// ErrNoCopy means that a database is not, or no longer, a copy of another one.
var ErrNoCopy = errors.New("it is not a copy of another database")

// Lag is how far a copy is behind the database that it is a copy of.
type Lag struct {
	// Newest is the revision of that database.
	Newest int64 `json:"originalRevision"`
	// Rows are those of its log that the copy lacks.
	Rows int64 `json:"lagRows"`
	// Seconds is for how long the oldest of them has been there; 0 if there are none.
	Seconds float64 `json:"lagSeconds"`
}

// FindLag compares a copy with the database that it is a copy of. Errors: ErrNoCopy, ErrUnrelated.
func FindLag(ctx context.Context, from, to driver.Backend) (lag Lag, err error) {
	c, err := Begin(ctx, from, to, nil)
	if errors.Is(err, ErrNotEmpty) || err == nil && c.newest.Revision == 0 {
		return lag, ErrNoCopy
	}
	if err != nil {
		return lag, err
	}
	missing, err := from.Rows(ctx, driver.RowQuery{After: c.newest.Revision, Limit: 1, Bare: true, Count: true})
	if err != nil {
		return lag, err
	}
	lag.Newest, lag.Rows = missing.Current.Revision, missing.Count
	if len(missing.Rows) > 0 {
		lag.Seconds = max(0, time.Since(missing.Rows[0].CommittedAt).Seconds())
	}
	return lag, nil
}
