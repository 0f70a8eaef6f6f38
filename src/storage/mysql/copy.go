package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// maxKey is how many bytes a key has at most, as the tables are made.
const maxKey = 760

// Rows implements driver.Backend.
func (b *Backend) Rows(ctx context.Context, query driver.RowQuery) (rows driver.Rows, err error) {
	statement := sqlRows
	if query.Bare {
		statement = sqlBareRows
	}
	err = b.retry(ctx, func() error {
		rows = driver.Rows{}
		m := &message{}
		m.add(sqlBeginRead + sqlStanding)
		results := []func(*sql.Rows) error{func(row *sql.Rows) error { return scanStanding(row, &rows, new(bool)) }}
		if query.Count {
			m.add("; "+sqlCountRows, query.After)
			results = append(results, func(row *sql.Rows) error { return row.Scan(&rows.Count) })
		}
		if query.Limit > 0 {
			m.add("; "+statement, query.After, query.Limit)
			results = append(results, func(row *sql.Rows) error { return appendRow(&rows.Rows, row) })
		}
		m.add(sqlCommit)
		return b.read(ctx, m, results...)
	})
	return rows, translate(fmt.Sprintf("read rows after revision %d", query.After), err)
}

// scanStanding reads a row of sqlStanding.
func scanStanding(row interface{ Scan(...any) error }, rows *driver.Rows, hasKeys *bool) error {
	var committedAt int64
	err := row.Scan(&rows.Current.Revision, &committedAt, &rows.Compacted, &rows.Role, hasKeys)
	rows.Current.CommittedAt = time.UnixMicro(committedAt)
	return err
}

func appendRow(rows *[]driver.Row, found *sql.Rows) (err error) {
	var row driver.Row
	var committedAt int64
	var expiresAt sql.NullInt64
	var labels, fields []byte
	if err := found.Scan(&row.Revision, &row.Key, &row.Expected, &row.Delete, &committedAt, &expiresAt, &labels, &fields, &row.Value, &row.Checksum); err != nil {
		return err
	}
	row.CommittedAt = time.UnixMicro(committedAt)
	if expiresAt.Valid {
		row.ExpiresAt = time.UnixMicro(expiresAt.Int64)
	}
	row.Attributes, err = driver.Decode(labels, fields)
	*rows = append(*rows, row)
	return err
}

// Import implements driver.Backend.
func (b *Backend) Import(ctx context.Context, batch driver.Import) error {
	if b.readOnly {
		return driver.ErrReadOnly
	}
	for _, row := range batch.Rows {
		if len(row.Key) > maxKey {
			return fmt.Errorf("the key %s has %d bytes, and must have no more than %d in MySQL", row.Key, len(row.Key), maxKey)
		}
	}
	newest, err := b.importRows(ctx, batch)
	if err != nil {
		return translate(fmt.Sprintf("import %d rows after revision %d", len(batch.Rows), batch.After), err)
	}
	b.newest.Replace(driver.Entry{Revision: newest.Revision, CommittedAt: newest.CommittedAt.Truncate(time.Microsecond)})
	return nil
}

func (b *Backend) importRows(ctx context.Context, batch driver.Import) (newest driver.Entry, err error) {
	tx, err := b.writer.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return newest, err
	}
	defer tx.Rollback()
	var locked, hasKeys bool
	if err := tx.QueryRowContext(ctx, sqlLockLog).Scan(&locked); err != nil {
		return newest, err
	}
	var found driver.Rows
	if err := scanStanding(tx.QueryRowContext(ctx, sqlStanding), &found, &hasKeys); err != nil {
		return newest, err
	}
	if err := batch.Check(found, hasKeys); err != nil {
		return newest, err
	}
	m := importMessage(batch)
	if _, err := tx.ExecContext(ctx, m.text.String(), m.args...); err != nil {
		return newest, err
	}
	return batch.Newest(found), tx.Commit()
}

// importMessage has all that an import changes.
func importMessage(batch driver.Import) *message {
	m := &message{}
	if batch.After == 0 {
		m.add(sqlEmptyLog + "; ")
	}
	for _, row := range batch.Dropped {
		m.add(sqlDropObject, []byte(row.Key), row.Revision)
		m.add(fmt.Sprintf(sqlDrop, "?")+"; ", row.Revision)
	}
	if len(batch.Rows) > 0 {
		addRows(m, batch.Rows)
	}
	m.add(sqlSetRole, batch.Role, batch.Floor)
	return m
}

func addRows(m *message, rows []driver.Row) {
	m.add(sqlImportLog)
	var keys, living []any
	for i, lives := range driver.Living(rows) {
		if i > 0 {
			m.add(", ")
		}
		m.add(sqlImportLogOne, importedRow(&rows[i])...)
		keys = append(keys, []byte(rows[i].Key))
		if lives {
			living = append(living, rows[i].Revision)
		}
	}
	m.add("; "+fmt.Sprintf(sqlDeleteKeys, places(len(keys))), keys...)
	if len(living) > 0 {
		m.add(fmt.Sprintf(sqlImportObjects, places(len(living))), living...)
	}
}

// importedRow has the columns of sqlImportLog, with the checksum as it was: a value that is damaged
// keeps the one that tells.
func importedRow(r *driver.Row) []any {
	columns := row(&r.Write)
	if !r.Delete {
		columns[checksumColumn] = nil
		if r.Checksum != 0 {
			columns[checksumColumn] = int64(r.Checksum)
		}
		if r.Labels == nil {
			columns[labelsColumn] = nil // unknown
		}
	}
	return append(columns, r.Revision, microseconds(r.CommittedAt))
}

func places(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
