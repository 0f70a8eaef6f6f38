package postgresql

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
)

// minLogScan is how many revisions a call of Log looks at if no more are asked for: it is what one
// call may cost when all changes have other prefixes.
const minLogScan = 10_000

// Log implements driver.Backend. As long as there is no reason to expect more than this process has
// seen, it looks with a single statement whether there is.
func (b *Backend) Log(ctx context.Context, after int64, prefix string, limit int) ([]driver.Change, int64, error) {
	if !b.news.Swap(false) && after >= b.newest.Entry().Revision {
		state, err := b.end(ctx)
		switch {
		case err != nil:
			return nil, 0, translate(fmt.Sprintf("look for changes after revision %d", after), err)
		case after >= max(state.Compacted, state.Current.Revision):
			return nil, after, nil
		}
	}
	return b.log(ctx, after, prefix, limit)
}

// end is the end of the log.
func (b *Backend) end(ctx context.Context) (s driver.State, err error) {
	var moved bool
	s.Seen = b.newest.Entry()
	err = b.row(ctx, sqlEnd, []any{s.Seen.Revision, s.Seen.CommittedAt}, append(stateColumns(&s), &moved)...)
	switch {
	case err != nil:
		return s, err
	case moved:
		return s, driver.ErrDiverged
	}
	return s, b.newest.Note(s)
}

func (b *Backend) log(ctx context.Context, after int64, prefix string, limit int) ([]driver.Change, int64, error) {
	start, end := keyRange(prefix, "")
	// Revisions have no gaps above the compacted one, so that this bounds the rows too. The mark of
	// the empty database is no change.
	from := max(after, 1)
	through := from + int64(max(limit, minLogScan))
	var changes []driver.Change
	var moved bool
	state, err := b.snapshot(ctx, func(batch *pgx.Batch) {
		changes = nil
		// A proxy may keep our connection while the server behind it is replaced.
		batch.Queue(b.sql(sqlMoved)).QueryRow(func(row pgx.Row) error { return row.Scan(&moved) })
		batch.Queue(b.sql(sqlLog), from, through, start, end, limit).Query(func(rows pgx.Rows) (err error) {
			changes, err = pgx.AppendRows(changes, rows, scanChange)
			return err
		})
	})
	switch {
	case err == nil && moved && !b.readOnly:
		err = driver.ErrDiverged
	case err == nil && after < state.Compacted:
		err = driver.ErrCompacted
	}
	if err != nil {
		return nil, 0, translate(fmt.Sprintf("read the log after revision %d", after), err)
	}
	if len(changes) == limit {
		return changes, changes[limit-1].Revision, nil
	}
	return changes, max(after, min(through, state.Current.Revision)), nil
}

func scanChange(row pgx.CollectableRow) (change driver.Change, err error) {
	var document, binary, prevDocument, prevBinary []byte
	err = row.Scan(&change.Key, &change.Revision, &change.Deleted, &document, &binary, &change.Checksum,
		&change.PrevRevision, &prevDocument, &prevBinary, &change.PrevChecksum)
	change.Value, change.PrevValue = either(document, binary), either(prevDocument, prevBinary)
	return change, err
}
