package mysql

import (
	"context"
	"database/sql"
	"fmt"

	"ark.ai/apiserver/src/storage/driver"
)

// minLogScan is how many revisions a call of Log looks at if no more are asked for: it is what one
// call may cost when all changes have other prefixes.
const minLogScan = 10_000

// Log implements driver.Backend.
func (b *Backend) Log(ctx context.Context, after int64, prefix string, limit int) ([]driver.Change, int64, error) {
	start, end := driver.ListQuery{Prefix: prefix}.Range()
	// Revisions have no gaps above the compacted one, so that this bounds the rows too. The mark of
	// the empty database is no change.
	from := max(after, 1)
	through := from + int64(max(limit, minLogScan))
	var changes []driver.Change
	var moved bool
	s, err := b.snapshot(ctx, func(m *message) []func(*sql.Rows) error {
		changes = nil
		// A proxy may keep our connection while the server behind it is replaced.
		m.add("; " + b.dialect.sql(sqlMoved))
		m.add("; "+sqlLog, from, through, []byte(start), []byte(end), limit)
		return []func(*sql.Rows) error{
			func(row *sql.Rows) error { return row.Scan(&moved) },
			func(row *sql.Rows) error { return appendChange(&changes, row) },
		}
	})
	switch {
	case err == nil && moved && !b.readOnly:
		err = driver.ErrDiverged
	case err == nil && after < s.Compacted:
		err = driver.ErrCompacted
	}
	if err != nil {
		return nil, 0, translate(fmt.Sprintf("read the log after revision %d", after), err)
	}
	if len(changes) == limit {
		return changes, changes[limit-1].Revision, nil
	}
	return changes, max(after, min(through, s.Current.Revision)), nil
}

func appendChange(changes *[]driver.Change, row *sql.Rows) error {
	var c driver.Change
	if err := row.Scan(&c.Key, &c.Revision, &c.Deleted, &c.Value, &c.Checksum, &c.PrevRevision, &c.PrevValue, &c.PrevChecksum); err != nil {
		return err
	}
	*changes = append(*changes, c)
	return nil
}
