package transfer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

var (
	// ErrNotEmpty means that there is something in the database that is to become a copy.
	ErrNotEmpty = errors.New("it is not empty")

	// ErrUnrelated means that a copy has what the other database lacks.
	ErrUnrelated = errors.New("it is not a copy of the other one, or the other one has lost what the copy has: choose an empty database")
)

// Progress of a copy, or of reading a database.
type Progress struct {
	// Rows and Bytes of values were dealt with so far; Expected is how many rows there were at the
	// beginning.
	Rows, Bytes, Expected int64
	// Revision is how far the copy goes, Newest how far the other database did when it was looked
	// at.
	Revision, Newest int64
}

// Copy is the copy of a database in another one. It can be given up at any point: another Copy of
// the same databases goes on where it was.
type Copy struct {
	from, to driver.Backend
	report   func(Progress)
	progress Progress

	// newest is the end of the copy's log, zero if it has none yet; role is what it is by now.
	newest driver.Entry
	role   driver.Role
	// compacted is up to where the copy was compacted.
	compacted int64
	// doubtful is set if rows up to newest may have gone from the other database, of which the copy
	// has not heard.
	doubtful bool
	pages    pageSize
}

// Begin prepares a copy to a database that is empty, or a copy of the same one. report, if given,
// is called with the progress. Errors: ErrNotEmpty, ErrUnrelated.
func Begin(ctx context.Context, from, to driver.Backend, report func(Progress)) (*Copy, error) {
	if report == nil {
		report = func(Progress) {}
	}
	c := &Copy{from: from, to: to, report: report}
	source, err := from.Rows(ctx, driver.RowQuery{})
	if err != nil {
		return nil, err
	}
	if source.Role == driver.Unfinished {
		return nil, driver.ErrUnfinished
	}
	copied, err := to.Rows(ctx, driver.RowQuery{Limit: 2, Bare: true})
	if err != nil {
		return nil, err
	}
	c.role, c.compacted = copied.Role, copied.Compacted
	switch {
	case len(copied.Rows) == 1 && copied.Rows[0].Delete && (c.role == driver.Unfinished || c.role == driver.Original && copied.Current.Revision == 1):
		return c, nil // only a mark
	case c.role == driver.Original && (source.Role != driver.Moved || source.Current.Revision != copied.Current.Revision):
		return nil, ErrNotEmpty
	}
	c.newest, c.doubtful = copied.Current, c.role == driver.Unfinished
	return c, c.checkRelation(ctx)
}

// relationRows is how many rows are compared.
const relationRows = 500

// checkRelation compares the newest rows of the copy with those of the other database.
func (c *Copy) checkRelation(ctx context.Context) error {
	copied, err := c.to.Rows(ctx, driver.RowQuery{After: c.newest.Revision - relationRows, Limit: relationRows, Bare: true})
	if err != nil {
		return err
	}
	source, err := c.from.Rows(ctx, driver.RowQuery{After: copied.Rows[0].Revision - 1, Limit: relationRows, Bare: true})
	if err != nil {
		return err
	}
	_, missing, err := compare(copied.Rows, source.Rows)
	if err == nil && (len(missing) == len(copied.Rows) || source.Current.Revision < c.newest.Revision) {
		err = ErrUnrelated
	}
	return err
}

// compare fails if rows of the same revision are different ones. missing are those of a copy that
// the other database lacks, extra those that only it has, up to the copy's newest.
func compare(copied, source []driver.Row) (extra int, missing []driver.Row, err error) {
	known := make(map[int64]driver.Row, len(source))
	newest := copied[len(copied)-1].Revision
	for _, row := range source {
		if row.Revision <= newest {
			known[row.Revision] = row
		}
	}
	for _, row := range copied {
		other, there := known[row.Revision]
		switch {
		case !there:
			missing = append(missing, row)
		case !same(row.Entry, other.Entry) || row.Key != other.Key:
			return 0, nil, ErrUnrelated
		}
		delete(known, row.Revision)
	}
	return len(known), missing, nil
}

// same compares entries as precisely as each database keeps moments.
func same(a, b driver.Entry) bool {
	return a.Revision == b.Revision && a.CommittedAt.Truncate(time.Millisecond).Equal(b.CommittedAt.Truncate(time.Millisecond))
}

// CatchUp copies what the other database has by now. The copy is then as that was at one revision,
// which is returned.
func (c *Copy) CatchUp(ctx context.Context) (revision int64, err error) {
	for goal := int64(0); ; {
		source, err := c.readPage(ctx, goal == 0)
		if err != nil {
			return 0, err
		}
		if goal == 0 {
			goal = source.Current.Revision
			c.progress.Expected = c.progress.Rows + source.Count
		}
		if source.Compacted > c.newest.Revision {
			// Some of what this skips was there when the copy read that part of the log.
			goal = max(goal, source.Compacted)
			c.doubtful = c.doubtful || c.newest.Revision > 0
		}
		if err := c.importPage(ctx, source); err != nil {
			return 0, err
		}
		if c.newest.Revision < goal {
			continue
		}
		if c.doubtful {
			if err := c.dropStale(ctx); err != nil {
				return 0, err
			}
			if c.doubtful {
				continue
			}
		}
		return c.newest.Revision, c.settle(ctx, source.Compacted)
	}
}

// readPage reads the rows that come next, and once more the copy's newest one, if it is still
// there, to see that it is the same.
func (c *Copy) readPage(ctx context.Context, count bool) (driver.Rows, error) {
	source, err := c.from.Rows(ctx, driver.RowQuery{After: max(0, c.newest.Revision-1), Limit: c.pages.rows() + 1, Count: count})
	if err != nil {
		return source, err
	}
	if len(source.Rows) > 0 && source.Rows[0].Revision == c.newest.Revision {
		if !same(c.newest, source.Rows[0].Entry) {
			return source, ErrUnrelated
		}
		source.Rows = source.Rows[1:]
	}
	if source.Current.Revision < c.newest.Revision {
		return source, ErrUnrelated
	}
	c.pages.learn(source.Rows)
	return source, nil
}

// importPage writes the rows of a page. Until the copy has all of one state it is unfinished.
func (c *Copy) importPage(ctx context.Context, source driver.Rows) error {
	for _, rows := range batches(source.Rows) {
		last := rows[len(rows)-1].Entry
		role := driver.Unfinished
		if (c.role == driver.Copied || c.role == driver.Moved) && !c.doubtful && last.Revision >= source.Compacted {
			role = driver.Copied
		}
		if err := c.to.Import(ctx, driver.Import{After: c.newest.Revision, Rows: rows, Role: role}); err != nil {
			return err
		}
		c.newest, c.role = last, role
		c.progress.Rows += int64(len(rows))
		c.progress.Bytes += bytesOf(rows)
		c.progress.Revision, c.progress.Newest = c.newest.Revision, source.Current.Revision
		c.report(c.progress)
	}
	return nil
}

// dropPage is how many rows are compared at a time.
const dropPage = 2000

// dropStale drops what compaction has deleted from the other database before the copy came to what
// superseded it. The doubt remains if the copy was overtaken again.
func (c *Copy) dropStale(ctx context.Context) error {
	for after := int64(0); after < c.newest.Revision; {
		copied, err := c.to.Rows(ctx, driver.RowQuery{After: after, Limit: dropPage, Bare: true})
		if err != nil {
			return err
		}
		source, err := c.from.Rows(ctx, driver.RowQuery{After: after, Limit: len(copied.Rows), Bare: true})
		if err != nil {
			return err
		}
		if source.Current.Revision > c.newest.Revision && source.Compacted >= c.newest.Revision {
			return nil // Even the copy's newest row may have gone, if it was a deletion.
		}
		extra, missing, err := compare(copied.Rows, source.Rows)
		if err == nil && extra > 0 {
			err = ErrUnrelated
		}
		for _, row := range missing {
			if err == nil {
				err = c.checkStale(ctx, row, source.Compacted)
			}
		}
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			if err := c.to.Import(ctx, driver.Import{After: c.newest.Revision, Dropped: missing, Role: driver.Unfinished}); err != nil {
				return err
			}
			c.role = driver.Unfinished
		}
		after = copied.Rows[len(copied.Rows)-1].Revision
	}
	c.doubtful = false
	return nil
}

// checkStale fails if compaction can't have deleted a row: it deletes what a row superseded before
// the row.
func (c *Copy) checkStale(ctx context.Context, row driver.Row, compacted int64) error {
	if row.Revision > compacted {
		return ErrUnrelated
	}
	if row.Expected == 0 {
		return nil
	}
	before, err := c.from.Rows(ctx, driver.RowQuery{After: row.Expected - 1, Limit: 1, Bare: true})
	if err == nil && len(before.Rows) > 0 && before.Rows[0].Revision == row.Expected {
		err = ErrUnrelated
	}
	return err
}

// settle has the copy stand for one state of the other database.
func (c *Copy) settle(ctx context.Context, compacted int64) error {
	if c.role != driver.Copied {
		if err := c.setRole(ctx, driver.Copied); err != nil {
			return err
		}
	}
	if compacted <= c.compacted {
		return nil
	}
	if err := c.to.Compact(ctx, compacted); err != nil {
		return err
	}
	c.compacted = compacted
	return nil
}

func (c *Copy) setRole(ctx context.Context, role driver.Role) error {
	if err := c.to.Import(ctx, driver.Import{After: c.newest.Revision, Role: role}); err != nil {
		return fmt.Errorf("set what the copy is: %w", err)
	}
	c.role = role
	return nil
}
