package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/turns"
)

// maxScan is how many revisions one call of Log looks at.
const maxScan = 20000

// CurrentRevision implements driver.Backend.
func (b *Backend) CurrentRevision(ctx context.Context) (revision int64, err error) {
	defer b.reads.begin()()
	s, err := b.look(func(seen ...any) *sql.Row { return b.selectState.QueryRowContext(ctx, seen...) })
	return s.Current.Revision, translate("read revision", err)
}

// CompactRevision implements driver.Backend.
func (b *Backend) CompactRevision(ctx context.Context) (revision int64, err error) {
	defer b.reads.begin()()
	var swept int64
	if err := b.readers.QueryRowContext(ctx, sqlSelectCompaction).Scan(&revision, &swept); err != nil {
		return 0, translate("read compacted revision", err)
	}
	return revision, nil
}

// Get implements driver.Backend.
func (b *Backend) Get(ctx context.Context, key string, at int64) (*driver.Record, int64, error) {
	defer b.reads.begin()()
	if at != 0 {
		return b.getAt(ctx, key, at)
	}
	var revision sql.NullInt64
	var value []byte
	var checksum driver.Checksum
	s, err := b.look(func(seen ...any) *sql.Row { return b.selectCurrent.QueryRowContext(ctx, append(seen, key)...) }, &revision, &value, &checksum)
	if err != nil || !revision.Valid {
		return nil, s.Current.Revision, translate("read record", err)
	}
	return &driver.Record{Key: key, Value: value, Revision: revision.Int64, Checksum: checksum}, s.Current.Revision, nil
}

func (b *Backend) getAt(ctx context.Context, key string, at int64) (*driver.Record, int64, error) {
	records, current, err := b.getAllAt(ctx, driver.KeysQuery{Keys: []string{key}, Revision: at})
	return driver.One(records), current, err
}

// GetAll implements driver.Backend.
func (b *Backend) GetAll(ctx context.Context, query driver.KeysQuery) ([]driver.Record, error) {
	end, err := b.beginList(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	records, _, err := b.getAllAt(ctx, query)
	return records, err
}

func (b *Backend) getAllAt(ctx context.Context, query driver.KeysQuery) (records []driver.Record, current int64, err error) {
	pace := turns.PaceOf(ctx)
	text := sqlSelectAt
	if query.Bare {
		text = sqlSelectRevisionAt
	}
	err = b.snapshot(ctx, query.Revision, func(tx *sql.Tx, s driver.State) error {
		current = s.Current.Revision
		statement, err := tx.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer statement.Close()
		for _, key := range query.Keys {
			pace.Step(ctx)
			var deleted bool
			r := driver.Record{Key: key}
			err := statement.QueryRowContext(ctx, key, query.Revision).Scan(&r.Revision, &deleted, &r.Value, &r.Checksum)
			switch {
			case err == sql.ErrNoRows, err == nil && deleted:
			case err != nil:
				return err
			default:
				records = append(records, r)
			}
		}
		return nil
	})
	return records, current, err
}

// snapshot has read see one state of the database, in which revision at (if not 0) can be read.
func (b *Backend) snapshot(ctx context.Context, at int64, read func(*sql.Tx, driver.State) error) error {
	tx, err := b.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return translate("begin to read", err)
	}
	defer tx.Rollback()
	s, err := b.look(func(seen ...any) *sql.Row { return tx.QueryRowContext(ctx, sqlSelectState, seen...) })
	if err != nil {
		return translate("read revision", err)
	}
	if err := s.Check(at); err != nil {
		return err
	}
	if err := read(tx, s); err != nil {
		return translate("read", err)
	}
	return nil
}

// fewChanges are those after a revision that any list at it may look at, instead of at the history
// of each key.
const fewChanges = 100

// List implements driver.Backend.
func (b *Backend) List(ctx context.Context, query driver.ListQuery) (page driver.Page, err error) {
	end, err := b.beginList(ctx)
	if err != nil {
		return page, err
	}
	defer end()
	pace := turns.PaceOf(ctx)
	err = b.snapshot(ctx, query.Revision, func(tx *sql.Tx, s driver.State) error {
		page.Revision = cmp.Or(query.Revision, s.Current.Revision)
		list, listArgs, count, countArgs := statements(query, s.Current.Revision)
		rows, err := tx.QueryContext(ctx, list, listArgs...)
		if err != nil {
			return err
		}
		defer rows.Close()
		var r driver.Record
		for rows.Next() {
			pace.Step(ctx)
			if query.Limit > 0 && len(page.Records) == query.Limit {
				page.More = true
				break
			}
			if err := rows.Scan(&r.Key, &r.Revision, &r.Value, &r.Checksum); err != nil {
				return err
			}
			page.Records = append(page.Records, r)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if !query.Count || !page.More && len(query.Filter) == 0 {
			return nil
		}
		if err := tx.QueryRowContext(ctx, count, countArgs...).Scan(&page.Remaining); err != nil {
			return err
		}
		page.Remaining -= int64(len(page.Records))
		return nil
	})
	return page, err
}

// statements are those of a list in a database that is at revision current.
func statements(query driver.ListQuery, current int64) (list string, listArgs []any, count string, countArgs []any) {
	first, last := query.Range()
	limit := -1
	if query.Limit > 0 {
		limit = query.Limit + 1 // one more, to know whether there is more
	}
	condition, conditionArgs := filter(query.Filter)
	list, keys, count := sqlListCurrent, sqlKeysCurrent, sqlCountCurrent
	countArgs = []any{first, last}
	if query.Revision != 0 {
		list, keys, count = sqlListAt, sqlKeysAt, sqlCountAt
		countArgs = append(countArgs, query.Revision)
		if current-query.Revision <= int64(max(query.Limit, fewChanges)) {
			list, keys = sqlListSince, sqlKeysSince
			conditionArgs = slices.Concat(conditionArgs, conditionArgs)
		}
	}
	if query.Bare {
		list = keys
	}
	return fmt.Sprintf(list, condition), slices.Concat(countArgs, conditionArgs, []any{limit}), count, countArgs
}

// beginList waits until there is a connection for a list, which is given back by end.
func (b *Backend) beginList(ctx context.Context) (end func(), err error) {
	select {
	case b.lists <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for other lists: %w", ctx.Err())
	}
	read := b.reads.begin()
	return func() {
		read()
		<-b.lists
	}, nil
}

// Log implements driver.Backend.
func (b *Backend) Log(ctx context.Context, after int64, prefix string, limit int) (changes []driver.Change, through int64, err error) {
	defer b.reads.begin()()
	start, end := driver.ListQuery{Prefix: prefix}.Range()
	pace := turns.PaceOf(ctx)
	after = max(after, 1) // revision 1 only marks an empty database
	err = b.snapshot(ctx, 0, func(tx *sql.Tx, s driver.State) error {
		if after < s.Compacted {
			return fmt.Errorf("%w: changes after %d, compacted %d", driver.ErrCompacted, after, s.Compacted)
		}
		through = max(after, min(s.Current.Revision, after+maxScan))
		rows, err := tx.QueryContext(ctx, sqlSelectLog, after, through, start, end, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			pace.Step(ctx)
			var c driver.Change
			if err := rows.Scan(&c.Key, &c.Revision, &c.Deleted, &c.Value, &c.Checksum, &c.PrevRevision, &c.PrevValue, &c.PrevChecksum); err != nil {
				return err
			}
			changes = append(changes, c)
		}
		if len(changes) == limit {
			through = changes[limit-1].Revision
		}
		return rows.Err()
	})
	return changes, through, err
}

// Size implements driver.Backend. Space that compaction made free stays in the file, for what is
// written next.
func (b *Backend) Size(context.Context) (int64, error) {
	info, err := os.Stat(b.path)
	if err != nil {
		return 0, translate("measure the file", err)
	}
	return info.Size() + b.walSize(), nil
}

// Pools implements driver.Backend. The one connection that writes is always in use.
func (b *Backend) Pools() []driver.Pool {
	stats := b.readers.Stats()
	return []driver.Pool{{
		Name: "read", InUse: stats.InUse, Idle: stats.Idle, Max: stats.MaxOpenConnections,
		Waits: stats.WaitCount, Waited: stats.WaitDuration,
	}}
}

// CommitTime implements driver.Backend.
func (b *Backend) CommitTime(ctx context.Context, revision int64) (time.Time, error) {
	defer b.reads.begin()()
	var milliseconds int64
	if err := b.readers.QueryRowContext(ctx, sqlSelectCommitTime, revision).Scan(&milliseconds); err != nil {
		return time.Time{}, translate("read commit time", err)
	}
	return time.UnixMilli(milliseconds), nil
}

// RevisionBeyond implements driver.Backend.
func (b *Backend) RevisionBeyond(ctx context.Context, bytes int64) (revision int64, err error) {
	defer b.reads.begin()()
	err = b.readers.QueryRowContext(ctx, sqlSelectBeyond, bytes).Scan(&revision)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	return revision, translate("measure the history", err)
}

// Expired implements driver.Backend.
func (b *Backend) Expired(ctx context.Context, now time.Time, limit int) ([]driver.Record, error) {
	defer b.reads.begin()()
	rows, err := b.readers.QueryContext(ctx, sqlSelectExpired, now.UnixMilli(), limit)
	if err != nil {
		return nil, translate("read expired records", err)
	}
	defer rows.Close()
	var expired []driver.Record
	for rows.Next() {
		var r driver.Record
		if err := rows.Scan(&r.Key, &r.Revision, &r.Value, &r.Checksum); err != nil {
			return nil, translate("read expired records", err)
		}
		expired = append(expired, r)
	}
	return expired, rows.Err()
}

// Stats implements driver.Backend.
func (b *Backend) Stats(ctx context.Context, prefix string) (stats driver.Stats, err error) {
	defer b.reads.begin()()
	start, end := driver.ListQuery{Prefix: prefix}.Range()
	if err := b.readers.QueryRowContext(ctx, sqlSelectStats, start, end).Scan(&stats.Keys, &stats.Bytes); err != nil {
		return stats, translate("count records", err)
	}
	return stats, nil
}
