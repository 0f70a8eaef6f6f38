package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// Get implements driver.Backend.
func (b *Backend) Get(ctx context.Context, key string, at int64) (record *driver.Record, current int64, err error) {
	if at == 0 {
		record, current, err = b.get(ctx, key)
	} else {
		record, current, err = b.getAt(ctx, key, at)
	}
	if err != nil {
		return nil, 0, translate(fmt.Sprintf("get %s", key), err)
	}
	return record, current, nil
}

func (b *Backend) get(ctx context.Context, key string) (*driver.Record, int64, error) {
	var revision sql.NullInt64
	record := driver.Record{Key: key}
	s, err := b.one(ctx, sqlGet, []any{[]byte(key)}, &revision, &record.Value, &record.Checksum)
	if err != nil || !revision.Valid {
		return nil, s.Current.Revision, err
	}
	record.Revision = revision.Int64
	return &record, s.Current.Revision, nil
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
	statement := "; " + sqlGetAt
	if query.Bare {
		statement = "; " + sqlRevisionAt
	}
	s, err := b.snapshot(ctx, func(m *message) (results []func(*sql.Rows) error) {
		records = nil
		for _, key := range query.Keys {
			m.add(statement, []byte(key), query.Revision)
			results = append(results, func(row *sql.Rows) error {
				var deleted bool
				found := driver.Record{Key: key}
				err := row.Scan(&found.Revision, &deleted, &found.Value, &found.Checksum)
				if !deleted {
					records = append(records, found)
				}
				return err
			})
		}
		return results
	})
	if err == nil {
		err = s.Check(query.Revision)
	}
	return records, s.Current.Revision, err
}

// List implements driver.Backend.
func (b *Backend) List(ctx context.Context, query driver.ListQuery) (driver.Page, error) {
	list, listArgs, count, countArgs := statements(query)
	var records []driver.Record
	var keys int64
	s, err := b.snapshot(ctx, func(m *message) []func(*sql.Rows) error {
		records = nil
		m.add("; "+list, listArgs...)
		results := []func(*sql.Rows) error{func(row *sql.Rows) error { return appendRecord(&records, row) }}
		if query.Count {
			m.add("; "+count, countArgs...)
			results = append(results, func(row *sql.Rows) error { return row.Scan(&keys) })
		}
		return results
	})
	if err == nil {
		err = s.Check(query.Revision)
	}
	if err != nil {
		return driver.Page{}, translate(fmt.Sprintf("list %s", query.Prefix), err)
	}
	return query.Page(records, keys, s.Current.Revision), nil
}

// statements are those of a list.
func statements(query driver.ListQuery) (list string, listArgs []any, count string, countArgs []any) {
	from, to := query.Range()
	start, end := []byte(from), []byte(to)
	// One more record than asked for, to know whether there is more.
	limit := int64(math.MaxInt64)
	if query.Limit > 0 {
		limit = int64(query.Limit) + 1
	}
	matches, matchArgs := filter(query.Filter)
	at := query.Revision
	list, listAt := sqlList, sqlListAt
	if query.Bare {
		list, listAt = sqlKeys, sqlKeysAt
	}
	if at == 0 {
		return fmt.Sprintf(list, matches), slices.Concat([]any{start, end}, matchArgs, []any{limit}), sqlCount, []any{start, end}
	}
	living := slices.Concat([]any{at, at, start, end}, matchArgs, []any{limit})
	deleted := slices.Concat([]any{start, end, at, at}, matchArgs, []any{limit})
	return fmt.Sprintf(listAt, matches, matches), slices.Concat(living, deleted, []any{limit}), sqlCountAt, []any{start, end, at, start, end}
}

// CurrentRevision implements driver.Backend.
func (b *Backend) CurrentRevision(ctx context.Context) (int64, error) {
	s, err := b.one(ctx, sqlState, nil)
	return s.Current.Revision, translate("read the current revision", err)
}

// CompactRevision implements driver.Backend.
func (b *Backend) CompactRevision(ctx context.Context) (revision int64, err error) {
	err = b.row(ctx, sqlCompacted, nil, &revision)
	return revision, translate("read the compacted revision", err)
}

// CommitTime implements driver.Backend.
func (b *Backend) CommitTime(ctx context.Context, revision int64) (time.Time, error) {
	var at int64
	err := b.row(ctx, sqlCommitTime, []any{revision}, &at)
	if err == sql.ErrNoRows { //nolint:errorlint // row returns it as it is
		err = driver.ErrFutureRevision
	}
	return time.UnixMicro(at), translate(fmt.Sprintf("read the commit time of revision %d", revision), err)
}

// sizesPage is how many sizes of values RevisionBeyond reads at a time.
const sizesPage = 20_000

// RevisionBeyond implements driver.Backend.
func (b *Backend) RevisionBeyond(ctx context.Context, bytes int64) (int64, error) {
	for revision, left := int64(math.MaxInt64), bytes; ; {
		entries := 0
		beyond := int64(0)
		_, err := b.snapshot(ctx, func(m *message) []func(*sql.Rows) error {
			m.add("; "+sqlSizes, revision, sizesPage)
			return []func(*sql.Rows) error{func(row *sql.Rows) error {
				var size int64
				if err := row.Scan(&revision, &size); err != nil {
					return err
				}
				entries++
				if left -= size; left < 0 && beyond == 0 {
					beyond = revision
				}
				return nil
			}}
		})
		if err != nil || beyond != 0 || entries < sizesPage {
			return beyond, translate("measure the history", err)
		}
	}
}

// Expired implements driver.Backend.
func (b *Backend) Expired(ctx context.Context, now time.Time, limit int) (records []driver.Record, err error) {
	_, err = b.snapshot(ctx, func(m *message) []func(*sql.Rows) error {
		records = nil
		m.add("; "+sqlExpired, microseconds(now), limit)
		return []func(*sql.Rows) error{func(row *sql.Rows) error { return appendRecord(&records, row) }}
	})
	return records, translate("find expired records", err)
}

// Stats implements driver.Backend.
func (b *Backend) Stats(ctx context.Context, prefix string) (stats driver.Stats, err error) {
	start, end := driver.ListQuery{Prefix: prefix}.Range()
	err = b.row(ctx, sqlStats, []any{[]byte(start), []byte(end)}, &stats.Keys, &stats.Bytes)
	return stats, translate(fmt.Sprintf("count %s", prefix), err)
}

// Size implements driver.Backend. It does not count the server's own logs, which all databases
// share, and is what InnoDB estimates.
func (b *Backend) Size(ctx context.Context) (size int64, err error) {
	err = b.row(ctx, sqlSize, nil, &size)
	return size, translate("measure the tables", err)
}

// Ping implements driver.Backend. It takes its turn on the connections that commit: when these are
// stuck, writes are too.
func (b *Backend) Ping(ctx context.Context) error {
	var readOnly bool
	err := b.writer.QueryRowContext(ctx, "SELECT "+sqlReadOnly).Scan(&readOnly)
	if err == nil && readOnly {
		b.reset()
		err = errReadOnly
	}
	return translate("ping", err)
}

// row runs a statement that returns one row.
func (b *Backend) row(ctx context.Context, statement string, args []any, result ...any) error {
	return b.retry(ctx, func() error { return b.reader.QueryRowContext(ctx, statement, args...).Scan(result...) })
}

func appendRecord(records *[]driver.Record, row *sql.Rows) error {
	var record driver.Record
	if err := row.Scan(&record.Key, &record.Revision, &record.Value, &record.Checksum); err != nil {
		return err
	}
	*records = append(*records, record)
	return nil
}
