package postgresql

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
)

// Get implements driver.Backend.
func (b *Backend) Get(ctx context.Context, key string, at int64) (*driver.Record, int64, error) {
	if !isText(key) {
		key = "" // Neither exists.
	}
	record, current, err := b.get(ctx, key, at)
	if err != nil {
		return nil, 0, translate(fmt.Sprintf("get %s", key), err)
	}
	return record, current, nil
}

func (b *Backend) get(ctx context.Context, key string, at int64) (*driver.Record, int64, error) {
	if at != 0 {
		return b.getAt(ctx, key, at)
	}
	var s driver.State
	var revision *int64
	var document, binary []byte
	var checksum driver.Checksum
	err := b.retry(ctx, func() error {
		s.Seen = b.newest.Entry()
		return b.reader.QueryRow(ctx, b.sql(sqlGet), s.Seen.Revision, s.Seen.CommittedAt, key).
			Scan(append(stateColumns(&s), &revision, &document, &binary, &checksum)...)
	})
	if err == nil {
		err = b.newest.Note(s)
	}
	if err != nil || revision == nil {
		return nil, s.Current.Revision, err
	}
	return &driver.Record{Key: key, Revision: *revision, Value: either(document, binary), Checksum: checksum}, s.Current.Revision, nil
}

func (b *Backend) getAt(ctx context.Context, key string, at int64) (*driver.Record, int64, error) {
	records, current, err := b.getAllAt(ctx, driver.KeysQuery{Keys: []string{key}, Revision: at})
	return driver.One(records), current, err
}

// GetAll implements driver.Backend.
func (b *Backend) GetAll(ctx context.Context, query driver.KeysQuery) ([]driver.Record, error) {
	records, _, err := b.getAllAt(ctx, query)
	return records, translate("get records", err)
}

func (b *Backend) getAllAt(ctx context.Context, query driver.KeysQuery) (records []driver.Record, current int64, err error) {
	statement := sqlGetAllAt
	if query.Bare {
		statement = sqlRevisionsAt
	}
	state, err := b.snapshot(ctx, func(batch *pgx.Batch) {
		records = nil
		batch.Queue(b.sql(statement), query.Keys, query.Revision).Query(func(rows pgx.Rows) (err error) {
			records, err = pgx.AppendRows(records, rows, scanRecord)
			return err
		})
	})
	if err == nil {
		err = state.Check(query.Revision)
	}
	return records, state.Current.Revision, err
}

// List implements driver.Backend.
func (b *Backend) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	start, end := keyRange(query.Prefix, query.Start)
	// One more record than asked for, to know whether there is more; null is no limit.
	var limit *int
	if query.Limit > 0 {
		limit = new(query.Limit + 1)
	}
	filter := encodeFilter(query.Filter)
	list, keysOnly, listArgs := sqlList, sqlKeys, []any{start, end, limit, filter}
	count, countArgs := sqlCount, []any{start, end}
	if query.Revision != 0 {
		list, keysOnly, listArgs = sqlListAt, sqlKeysAt, []any{start, end, query.Revision, filter, limit}
		count, countArgs = sqlCountAt, []any{start, end, query.Revision}
	}
	if query.Bare {
		list = keysOnly
	}

	var records []driver.Record
	var keys int64
	state, err := b.snapshot(ctx, func(batch *pgx.Batch) {
		records = nil
		batch.Queue(b.sql(list), listArgs...).Query(func(rows pgx.Rows) (err error) {
			records, err = pgx.AppendRows(records, rows, scanRecord)
			return err
		})
		if query.Count {
			batch.Queue(b.sql(count), countArgs...).QueryRow(func(row pgx.Row) error { return row.Scan(&keys) })
		}
	})
	if err == nil {
		err = state.Check(query.Revision)
	}
	if err != nil {
		return driver.Page{}, translate(fmt.Sprintf("list %s", query.Prefix), err)
	}
	return query.Page(records, keys, state.Current.Revision), nil
}

// CurrentRevision implements driver.Backend.
func (b *Backend) CurrentRevision(ctx context.Context) (revision int64, err error) {
	var s driver.State
	s.Seen = b.newest.Entry()
	if err = b.row(ctx, sqlState, []any{s.Seen.Revision, s.Seen.CommittedAt}, stateColumns(&s)...); err == nil {
		err = b.newest.Note(s)
	}
	return s.Current.Revision, translate("read the current revision", err)
}

// CompactRevision implements driver.Backend.
func (b *Backend) CompactRevision(ctx context.Context) (revision int64, err error) {
	err = b.row(ctx, sqlCompacted, nil, &revision)
	return revision, translate("read the compacted revision", err)
}

// CommitTime implements driver.Backend.
func (b *Backend) CommitTime(ctx context.Context, revision int64) (at time.Time, err error) {
	err = b.row(ctx, sqlCommitTime, []any{revision}, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		err = driver.ErrFutureRevision
	}
	return at, translate(fmt.Sprintf("read the commit time of revision %d", revision), err)
}

// RevisionBeyond implements driver.Backend.
func (b *Backend) RevisionBeyond(ctx context.Context, bytes int64) (revision int64, err error) {
	_, err = b.snapshot(ctx, func(batch *pgx.Batch) {
		batch.Queue(b.sql(sqlRevisionBeyond), bytes).QueryRow(func(row pgx.Row) error { return row.Scan(&revision) })
	})
	return revision, translate("measure the history", err)
}

// Expired implements driver.Backend. Most of the time a single statement tells that there are none.
func (b *Backend) Expired(ctx context.Context, now time.Time, limit int) (records []driver.Record, err error) {
	var first time.Time
	err = b.row(ctx, sqlFirstExpiry, nil, &first)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && first.After(now) {
		return nil, nil
	}
	if err != nil {
		return nil, translate("look for expired records", err)
	}
	_, err = b.snapshot(ctx, func(batch *pgx.Batch) {
		records = nil
		batch.Queue(b.sql(sqlExpired), now, limit).Query(func(rows pgx.Rows) (err error) {
			records, err = pgx.AppendRows(records, rows, scanRecord)
			return err
		})
	})
	return records, translate("find expired records", err)
}

// Stats implements driver.Backend.
func (b *Backend) Stats(ctx context.Context, prefix string) (stats driver.Stats, err error) {
	start, end := keyRange(prefix, "")
	err = b.row(ctx, sqlStats, []any{start, end}, &stats.Keys, &stats.Bytes)
	return stats, translate(fmt.Sprintf("count %s", prefix), err)
}

// Size implements driver.Backend. It does not count the server's own write-ahead log, which all
// databases share.
func (b *Backend) Size(ctx context.Context) (size int64, err error) {
	err = b.row(ctx, sqlSize, []any{b.schema + ".log", b.schema + ".objects", b.schema + ".compaction"}, &size)
	return size, translate("measure the tables", err)
}

// Ping implements driver.Backend. It takes its turn on the connection that commits: when that is
// stuck, writes are too.
func (b *Backend) Ping(ctx context.Context) error {
	var readOnly bool
	err := b.writer.QueryRow(ctx, sqlReadOnly, pgx.QueryExecModeExec).Scan(&readOnly)
	if err == nil && readOnly {
		b.writer.Reset()
		b.reader.Reset()
		return fmt.Errorf("ping: %w: the server is read-only", driver.ErrUnavailable)
	}
	return translate("ping", err)
}

// row runs a statement that is simple enough for any plan and returns one row.
func (b *Backend) row(ctx context.Context, sql string, args []any, result ...any) error {
	return b.retry(ctx, func() error { return b.reader.QueryRow(ctx, b.sql(sql), args...).Scan(result...) })
}

func scanRecord(row pgx.CollectableRow) (record driver.Record, err error) {
	var document, binary []byte
	err = row.Scan(&record.Key, &record.Revision, &document, &binary, &record.Checksum)
	record.Value = either(document, binary)
	return record, err
}

// either is the value, which is in one of the two columns.
func either(document, binary []byte) []byte {
	if document != nil {
		return document
	}
	return binary
}
