package postgresql

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/migration"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings schema up to this binary's version. A process whose database is up to date needs no privilege to
// create anything, and waits for nobody.
func migrate(ctx context.Context, conn *pgx.Conn, schema string) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	all, err := migration.Load(files)
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

	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	// One process migrates; when the others get the lock they see what it did.
	if _, err := tx.Exec(ctx, sqlLock, identifier("migrate", schema)); err != nil {
		return fmt.Errorf("lock the schema: %w", err)
	}
	if current, err = schemaVersion(ctx, conn, schema); err != nil {
		return err
	}
	pending, err := migration.Pending(all, current)
	if err != nil {
		return err
	}
	for _, step := range pending {
		if step.Version == 1 {
			if err := createSchema(ctx, tx, schema); err != nil {
				return err
			}
		}
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

func createSchema(ctx context.Context, tx pgx.Tx, schema string) error {
	var exists bool
	if err := tx.QueryRow(ctx, sqlSchemaExists, schema).Scan(&exists); err != nil {
		return fmt.Errorf("look for schema %q: %w", schema, err)
	}
	if !exists {
		// CREATE SCHEMA IF NOT EXISTS would ask for the privilege even if it exists.
		if _, err := tx.Exec(ctx, inSchema(sqlCreateSchema, quoted(schema))); err != nil {
			return fmt.Errorf("create schema %q: %w", schema, err)
		}
	}
	_, err := tx.Exec(ctx, inSchema(sqlCreateSchemaVersion, quoted(schema)))
	return wrap("create the table schema_version", err)
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
