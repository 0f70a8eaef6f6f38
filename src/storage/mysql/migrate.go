package mysql

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/migration"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// errStrangers means that a database has tables, of which none says that they are this server's.
var errStrangers = errors.New("the database has tables of another program: give the server one of its own")

func migrations() ([]migration.Migration, error) {
	return migration.LoadFolder(migrationFiles, "migrations")
}

// checkSchema fails if the tables are not this binary's.
func checkSchema(ctx context.Context, pool *sql.DB) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	current, err := schemaVersion(ctx, pool)
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
	return schema, translate("read the version of the tables", err)
}

// migrate brings the tables up to this binary's version. A process whose database is up to date
// needs no privilege to create anything, and waits for nobody. pool has two connections: DDL would
// end the transaction that has others wait. name is that of the API server.
func migrate(ctx context.Context, pool *sql.DB, dialect dialect, name string) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	current, err := schemaVersion(ctx, pool)
	if err != nil {
		return err
	}
	if pending, err := migration.Pending(all, current); err != nil || len(pending) == 0 {
		return err
	}
	_, err = pool.ExecContext(ctx, sqlCreateSchemaVersion, name+"-apiserver")
	if err == nil {
		_, err = pool.ExecContext(ctx, sqlFirstSchemaVersion)
	}
	if err != nil {
		return fmt.Errorf("create the table schema_version: %w", err)
	}
	// One process migrates; when the others get the lock they see what it did.
	turn, err := pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	defer turn.Rollback()
	var zero int
	if err := turn.QueryRowContext(ctx, sqlLockSchemaVersion).Scan(&zero); err != nil {
		return fmt.Errorf("lock the table schema_version: %w", err)
	}
	if current, err = schemaVersion(ctx, pool); err != nil {
		return err
	}
	pending, err := migration.Pending(all, current)
	if err != nil || len(pending) == 0 {
		return err
	}
	for _, step := range pending {
		if err := apply(ctx, pool, step); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", step.Version, step.Name, err)
		}
	}
	if _, err := pool.ExecContext(ctx, dialect.sql(sqlNoteFirst)); err != nil {
		return fmt.Errorf("note where the database is: %w", err)
	}
	klog.InfoS("Migrated the tables in MySQL", "from", current, "to", len(all))
	return nil
}

// apply runs a step, and then takes note of it: it is run again if it was interrupted.
func apply(ctx context.Context, pool *sql.DB, step migration.Migration) error {
	for _, statement := range split(step.SQL) {
		if _, err := pool.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err := pool.ExecContext(ctx, sqlAddSchemaVersion, step.Version, step.Name)
	return err
}

var comment = regexp.MustCompile(`(?m)^\s*-- .*\n`)

// split are the statements of a file.
func split(text string) []string {
	var statements []string
	for _, statement := range strings.SplitAfter(comment.ReplaceAllString(text, ""), ";\n") {
		if statement = strings.TrimSpace(statement); statement != "" {
			statements = append(statements, statement)
		}
	}
	return statements
}

// schemaVersion is 0 if there are no tables yet.
func schemaVersion(ctx context.Context, pool *sql.DB) (version int, err error) {
	var tables int
	var exists bool
	if err := pool.QueryRowContext(ctx, sqlTables).Scan(&tables, &exists); err != nil {
		return 0, fmt.Errorf("look for the tables: %w", err)
	}
	if !exists {
		if tables > 0 {
			return 0, errStrangers
		}
		return 0, nil
	}
	if err := pool.QueryRowContext(ctx, sqlSchemaVersion).Scan(&version); err != nil {
		return 0, fmt.Errorf("read the version of the tables: %w", err)
	}
	return version, nil
}
