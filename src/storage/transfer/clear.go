package transfer

import (
	"context"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// Clear deletes all that a database has, which is unfinished from then on. Its next incarnation
// begins above all revisions that it had.
func Clear(ctx context.Context, backend driver.Backend) error {
	found, err := backend.Rows(ctx, driver.RowQuery{})
	if err != nil {
		return err
	}
	// A mark, like that of an empty database, tells the revision when all else is gone.
	newest := found.Current.Revision + 1
	mark := driver.Row{Entry: driver.Entry{Revision: newest, CommittedAt: time.Now()}, Write: driver.Write{Delete: true}}
	err = backend.Import(ctx, driver.Import{After: found.Current.Revision, Rows: []driver.Row{mark}, Role: driver.Unfinished, Floor: newest})
	if err != nil {
		return err
	}
	for {
		found, err := backend.Rows(ctx, driver.RowQuery{Limit: dropPage, Bare: true})
		if err != nil {
			return err
		}
		last := found.Rows[len(found.Rows)-1].Revision == newest
		if last {
			found.Rows = found.Rows[:len(found.Rows)-1]
		}
		if len(found.Rows) > 0 {
			if err := backend.Import(ctx, driver.Import{After: newest, Dropped: found.Rows, Role: driver.Unfinished}); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
	}
}
