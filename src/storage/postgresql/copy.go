package postgresql

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/driver"
)

// Rows implements driver.Backend.
func (b *Backend) Rows(ctx context.Context, query driver.RowQuery) (rows driver.Rows, err error) {
	statement := sqlRows
	if query.Bare {
		statement = sqlBareRows
	}
	err = b.retry(ctx, func() error {
		return pgx.BeginTxFunc(ctx, b.reader, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			batch := &pgx.Batch{}
			batch.Queue(sqlSettings)
			batch.Queue(b.sql(sqlStanding)).QueryRow(func(row pgx.Row) error { return scanStanding(row, &rows, new(bool)) })
			rows.Rows = nil
			if query.Count {
				batch.Queue(b.sql(sqlCountRows), query.After).QueryRow(func(row pgx.Row) error { return row.Scan(&rows.Count) })
			}
			if query.Limit > 0 {
				batch.Queue(b.sql(statement), query.After, query.Limit).Query(func(found pgx.Rows) (err error) {
					rows.Rows, err = pgx.AppendRows(rows.Rows, found, scanRow)
					return err
				})
			}
			return tx.SendBatch(ctx, batch).Close()
		})
	})
	return rows, translate(fmt.Sprintf("read rows after revision %d", query.After), err)
}

// scanStanding reads a row of sqlStanding.
func scanStanding(row pgx.Row, rows *driver.Rows, hasKeys *bool) error {
	return row.Scan(&rows.Current.Revision, &rows.Current.CommittedAt, &rows.Compacted, &rows.Role, hasKeys)
}

func scanRow(found pgx.CollectableRow) (row driver.Row, err error) {
	var expiresAt *time.Time
	var labels, fields, document, binary []byte
	if err := found.Scan(&row.Revision, &row.Key, &row.Expected, &row.Delete, &row.CommittedAt, &expiresAt, &labels, &fields,
		&document, &binary, &row.Checksum); err != nil {
		return row, err
	}
	if expiresAt != nil {
		row.ExpiresAt = *expiresAt
	}
	row.Value = either(document, binary)
	row.Attributes, err = driver.Decode(labels, fields)
	return row, err
}

// Import implements driver.Backend.
func (b *Backend) Import(ctx context.Context, batch driver.Import) error {
	if b.readOnly {
		return driver.ErrReadOnly
	}
	c := rowColumns(batch.Rows)
	err := b.importRows(ctx, batch, c)
	if b.giveUpNames(err) {
		err = b.importRows(ctx, batch, c)
	}
	if isUnstorable(err) {
		if err = b.moveUnstorable(ctx, c.columns); err == nil {
			err = b.importRows(ctx, batch, c)
		}
	}
	return translate(fmt.Sprintf("import %d rows after revision %d", len(batch.Rows), batch.After), err)
}

func (b *Backend) importRows(ctx context.Context, batch driver.Import, c importColumns) error {
	var newest driver.Entry
	err := pgx.BeginTxFunc(ctx, b.writer, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		var found driver.Rows
		var hasKeys bool
		if _, err := tx.Exec(ctx, b.sql(sqlTakeTurn), b.commitLock); err != nil {
			return err
		}
		if err := scanStanding(tx.QueryRow(ctx, b.sql(sqlStanding)), &found, &hasKeys); err != nil {
			return err
		}
		if err := batch.Check(found, hasKeys); err != nil {
			return err
		}
		newest = batch.Newest(found)
		work := &pgx.Batch{}
		work.Queue(sqlSettings)
		if batch.After == 0 {
			work.Queue(b.sql(sqlEmptyLog))
		}
		if len(batch.Dropped) > 0 {
			work.Queue(b.sql(sqlDropRows), keysOf(batch.Dropped), revisionsOf(batch.Dropped))
		}
		if len(batch.Rows) > 0 {
			work.Queue(b.sql(sqlImportLog), c.revisions, c.keys, c.expectations, c.deletions, c.documents, c.binaries, c.labels, c.fields, c.moments, c.checksums)
			work.Queue(b.sql(sqlDeleteKeys), c.keys)
			work.Queue(b.sql(sqlImportObjects), c.keys, c.revisions, c.sizes, c.labels, c.fields, c.expiries, driver.Living(batch.Rows))
		}
		work.Queue(b.sql(sqlSetRole), batch.Role, batch.Floor)
		return tx.SendBatch(ctx, work).Close()
	})
	if err == nil {
		newest.CommittedAt = newest.CommittedAt.Truncate(time.Microsecond) // as it is stored
		b.newest.Replace(newest)
	}
	return err
}

// moveUnstorable has those values stored as bytes that PostgreSQL does not take for JSON.
func (b *Backend) moveUnstorable(ctx context.Context, c columns) error {
	for i, document := range c.documents {
		if document == nil {
			continue
		}
		err := b.retry(ctx, func() error {
			_, err := b.reader.Exec(ctx, `SELECT $1::pg_catalog.json`, string(document))
			return err
		})
		switch {
		case isUnstorable(err):
			c.documents[i], c.binaries[i] = nil, document
		case err != nil:
			return err
		}
	}
	return nil
}

// importColumns are rows as sqlImportLog and sqlImportObjects take them.
type importColumns struct {
	columns
	revisions []int64
	moments   []time.Time
}

func rowColumns(rows []driver.Row) importColumns {
	writes := make([]driver.Write, len(rows))
	moments := make([]time.Time, len(rows))
	for i := range rows {
		writes[i], moments[i] = rows[i].Write, rows[i].CommittedAt
	}
	c := importColumns{columns: newColumns(writes, false), revisions: revisionsOf(rows), moments: moments}
	for i := range rows {
		// As they were: a value that is damaged keeps the checksum that tells.
		c.checksums[i] = nil
		if rows[i].Checksum != 0 {
			c.checksums[i] = new(int64(rows[i].Checksum))
		}
		if rows[i].Labels == nil {
			c.labels[i] = nil // unknown
		}
	}
	return c
}

func keysOf(rows []driver.Row) []string {
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i] = rows[i].Key
	}
	return keys
}

func revisionsOf(rows []driver.Row) []int64 {
	revisions := make([]int64, len(rows))
	for i := range rows {
		revisions[i] = rows[i].Revision
	}
	return revisions
}
