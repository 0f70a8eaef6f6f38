package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// Rows implements driver.Backend.
func (b *Backend) Rows(ctx context.Context, query driver.RowQuery) (rows driver.Rows, err error) {
	defer b.reads.begin()()
	tx, err := b.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return rows, translate("begin to read", err)
	}
	defer tx.Rollback()
	if rows, _, err = standing(ctx, tx); err != nil {
		return rows, translate("read revision", err)
	}
	if query.Count {
		if err := tx.QueryRowContext(ctx, sqlCountRows, query.After).Scan(&rows.Count); err != nil {
			return rows, translate("count rows", err)
		}
	}
	if query.Limit == 0 {
		return rows, nil
	}
	statement := sqlSelectRows
	if query.Bare {
		statement = sqlSelectBareRows
	}
	found, err := tx.QueryContext(ctx, statement, query.After, query.Limit)
	if err != nil {
		return rows, translate("read rows", err)
	}
	defer found.Close()
	for found.Next() {
		row, err := scanRow(found)
		if err != nil {
			return rows, translate("read rows", err)
		}
		rows.Rows = append(rows.Rows, row)
	}
	return rows, translate("read rows", found.Err())
}

// querier is a connection or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// standing tells where the database is, and whether it has keys.
func standing(ctx context.Context, from querier) (rows driver.Rows, hasKeys bool, err error) {
	var committedAt int64
	err = from.QueryRowContext(ctx, sqlSelectStanding).Scan(&rows.Current.Revision, &committedAt, &rows.Compacted, &rows.Role, &hasKeys)
	rows.Current.CommittedAt = time.UnixMilli(committedAt)
	return rows, hasKeys, err
}

func scanRow(found *sql.Rows) (row driver.Row, err error) {
	var committedAt int64
	var expiresAt sql.NullInt64
	var labels, fields []byte
	if err := found.Scan(&row.Revision, &row.Key, &row.Expected, &row.Delete, &committedAt, &expiresAt, &labels, &fields, &row.Value, &row.Checksum); err != nil {
		return row, err
	}
	row.CommittedAt = time.UnixMilli(committedAt)
	if expiresAt.Valid {
		row.ExpiresAt = time.UnixMilli(expiresAt.Int64)
	}
	if row.Attributes, err = driver.Decode(labels, fields); row.Labels == nil {
		row.Labels = map[string]string{} // NULL is none here
	}
	return row, err
}

// Import implements driver.Backend.
func (b *Backend) Import(ctx context.Context, batch driver.Import) error {
	if b.options.ReadOnly {
		return driver.ErrReadOnly
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := b.CheckWrites(); err != nil {
		b.wantCheckpoint()
		return err
	}
	var found driver.Rows
	var pages int64
	err := b.writer.transaction(func() error {
		var hasKeys bool
		var err error
		if found, hasKeys, err = standing(background, b.writer.conn); err != nil {
			return translate("read revision", err)
		}
		if err := batch.Check(found, hasKeys); err != nil {
			return err
		}
		if err := b.writer.importAll(batch); err != nil {
			return err
		}
		return translate("count pages", b.writer.pageCount.QueryRowContext(background).Scan(&pages))
	})
	if err != nil {
		return err
	}
	newest := batch.Newest(found)
	b.newest.Replace(driver.Entry{Revision: newest.Revision, CommittedAt: newest.CommittedAt.Truncate(time.Millisecond)})
	b.pages.Store(pages)
	b.wantCheckpoint()
	return nil
}

func (w *writer) importAll(batch driver.Import) error {
	exec := func(statement string, args ...any) error {
		_, err := w.conn.ExecContext(background, statement, args...)
		return translate("import", err)
	}
	if batch.After == 0 {
		if err := exec(sqlDeleteLog); err != nil {
			return err
		}
	}
	for _, row := range batch.Dropped {
		if err := exec(sqlDeleteObject, row.Key, row.Revision); err != nil {
			return err
		}
		if err := exec(sqlDeleteRow, row.Revision); err != nil {
			return err
		}
	}
	living := driver.Living(batch.Rows)
	for i := range batch.Rows {
		if err := w.importRow(&batch.Rows[i], living[i]); err != nil {
			return translate(fmt.Sprintf("import revision %d", batch.Rows[i].Revision), err)
		}
	}
	if err := exec(sqlDeleteSeal); err != nil {
		return err
	}
	return exec(sqlSetRole, batch.Role, batch.Floor)
}

func (w *writer) importRow(row *driver.Row, living bool) error {
	values := []any{row.Revision, row.Key, row.Expected, 1, row.CommittedAt.UnixMilli(), nil, nil, nil, nil}
	if !row.Delete {
		labels, err := attributes(row.Labels)
		if err != nil {
			return err
		}
		fields, err := attributes(row.Fields)
		if err != nil {
			return err
		}
		values = []any{row.Revision, row.Key, row.Expected, 0, row.CommittedAt.UnixMilli(), labels, fields, column(row.Value), checksum(row.Checksum)}
	}
	if _, err := w.insertLog.ExecContext(background, values...); err != nil {
		return err
	}
	if _, err := w.conn.ExecContext(background, sqlDeleteKey, row.Key); err != nil || !living {
		return err
	}
	_, err := w.insertObject.ExecContext(background, row.Key, row.Revision, len(row.Value), expiry(&row.Write))
	return err
}

// checksum is NULL for what was written without.
func checksum(c driver.Checksum) any {
	if c == 0 {
		return nil
	}
	return int64(c)
}
