package postgresql

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/migration"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrationLockTimeout is how long a migration waits for a lock, and has those wait who come after
// it.
const migrationLockTimeout = 5 * time.Second

func migrations() ([]migration.Migration, error) {
	return migration.LoadFolder(migrationFiles, "migrations")
}

// checkSchema fails if the schema is not this binary's.
func checkSchema(ctx context.Context, conn *pgx.Conn, schema string) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	current, err := schemaVersion(ctx, conn, schema)
	if err != nil {
		return err
	}
	return migration.Check(all, current)
}

// Schema implements driver.Backend.
func (b *Backend) Schema(ctx context.Context) (schema driver.Schema, err error) {
	all, err := migrations()
	if err != nil {
		return schema, err
	}
	schema.Newest = len(all)
	err = b.row(ctx, sqlSchemaVersion, nil, &schema.Version)
	return schema, translate("read the schema's version", err)
}

// migrate brings schema up to this binary's version. A process whose database is up to date needs
// no privilege to create anything, and waits for nobody.
func migrate(ctx context.Context, conn *pgx.Conn, schema string) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	current, err := schemaVersion(ctx, conn, schema)
	if err != nil {
		return err
	}
	if pending, err := migration.Pending(all, current); err != nil || len(pending) == 0 {
		return err
	}

	if current == 0 {
		if err := createSchema(ctx, conn, schema); err != nil {
			return err
		}
	}

	tx, err := beginMigration(ctx, conn)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	// One process migrates; when the others get the lock they see what it did.
	if _, err := tx.Exec(ctx, inSchema(sqlLockSchemaVersion, quoted(schema))); err != nil {
		return fmt.Errorf("lock the table schema_version: %w", err)
	}
	if current, err = schemaVersion(ctx, conn, schema); err != nil {
		return err
	}
	pending, err := migration.Pending(all, current)
	if err != nil {
		return err
	}
	for _, step := range pending {
		// A file has several statements: only the simple protocol takes them.
		if err := conn.PgConn().Exec(ctx, inSchema(step.SQL, quoted(schema))).Close(); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", step.Version, step.Name, err)
		}
		if _, err := tx.Exec(ctx, inSchema(sqlAddSchemaVersion, quoted(schema)), step.Version, step.Name); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", step.Version, step.Name, err)
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit migration: %w", err)
	}
	if len(pending) > 0 {
		klog.InfoS("Migrated the PostgreSQL schema", "schema", schema, "from", current, "to", len(all))
	}
	return nil
}

// schemaVersion is 0 if there is no schema yet.
func schemaVersion(ctx context.Context, conn *pgx.Conn, schema string) (version int, err error) {
	var exists bool
	if err := conn.QueryRow(ctx, sqlSchemaVersionExists, schema).Scan(&exists); err != nil || !exists {
		return 0, wrap("look for the schema's version", err)
	}
	err = conn.QueryRow(ctx, inSchema(sqlSchemaVersion, quoted(schema))).Scan(&version)
	return version, wrap("read the schema's version", err)
}

// createSchema creates the schema, if need be, and the empty table schema_version. Of several
// processes that are at it, one does, and the others wait for it.
func createSchema(ctx context.Context, conn *pgx.Conn, schema string) error {
	var exists bool
	if err := conn.QueryRow(ctx, sqlSchemaExists, schema).Scan(&exists); err != nil {
		return fmt.Errorf("look for schema %q: %w", schema, err)
	}
	// CREATE SCHEMA IF NOT EXISTS would ask for the privilege even if it exists.
	if !exists {
		if err := createOnce(ctx, conn, inSchema(sqlCreateSchema, quoted(schema))); err != nil {
			return fmt.Errorf("create schema %q: %w", schema, err)
		}
	}
	return wrap("create the table schema_version", createOnce(ctx, conn, inSchema(sqlCreateSchemaVersion, quoted(schema))))
}

// createOnce is content if what the statement creates has come to be there.
func createOnce(ctx context.Context, conn *pgx.Conn, statement string) error {
	tx, err := beginMigration(ctx, conn)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err = tx.Exec(ctx, statement); err == nil {
		err = tx.Commit(ctx)
	}
	switch codeOf(err) {
	case duplicateSchema, duplicateTable, duplicateObject, uniqueViolation: // a table's type is an object
		return nil
	}
	return err
}

func beginMigration(ctx context.Context, conn *pgx.Conn) (pgx.Tx, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return nil, fmt.Errorf("begin migration: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlBeginMigration, migrationLockTimeout.String()); err != nil {
		return nil, errors.Join(fmt.Errorf("begin migration: %w", err), tx.Rollback(context.WithoutCancel(ctx)))
	}
	return tx, nil
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
