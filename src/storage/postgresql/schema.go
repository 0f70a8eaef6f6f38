package postgresql

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"k8s.io/klog/v2"
)

// findSchema is the default schema, which has the API server's name, or the former one if the
// tables are there and not in the default one.
func findSchema(ctx context.Context, conn *pgx.Conn, name string) (string, error) {
	var found, former, trusted bool
	if err := conn.QueryRow(ctx, sqlHoldsTables, name).Scan(&found, nil); err != nil {
		return "", fmt.Errorf("look for the schema: %w", err)
	}
	if err := conn.QueryRow(ctx, sqlHoldsTables, formerSchema).Scan(&former, &trusted); err != nil {
		return "", fmt.Errorf("look for the schema: %w", err)
	}
	switch {
	case found || !former:
		return name, nil
	case !trusted:
		return "", fmt.Errorf("schema %q has tables of this server, but they belong to a role that user %q is not a member of: to use them all the same, name the schema",
			formerSchema, conn.Config().User)
	}
	klog.InfoS("The tables are in the former default schema, which stays in use", "schema", formerSchema, "default", name)
	return formerSchema, nil
}

// untrustedOwners are the roles, other than those that the user is a member of or that own the
// database, that own something in the schema: they can have their triggers and functions run with
// the user's rights. Where one role migrates and another one serves, the first is among them.
func untrustedOwners(ctx context.Context, conn *pgx.Conn, schema string) ([]string, error) {
	rows, err := conn.Query(ctx, sqlUntrustedOwners, schema)
	if err != nil {
		return nil, fmt.Errorf("look whom the tables belong to: %w", err)
	}
	owners, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return owners, wrap("look whom the tables belong to", err)
}

// warnOfOwners tells whose tables were found in a schema that nobody has named: who may create in
// the database may have made them before the server first started.
func warnOfOwners(ctx context.Context, conn *pgx.Conn, schema string) error {
	owners, err := untrustedOwners(ctx, conn, schema)
	if len(owners) > 0 {
		klog.ErrorS(nil, "The tables belong to a role that could have anything run with the server's rights: name the schema (--postgresql-schema) if that is the role that migrates it",
			"schema", schema, "owner", strings.Join(owners, ", "), "user", conn.Config().User)
	}
	return err
}

// warnOfStrangers tells who could put something beside the tables that is taken for a part of them.
func warnOfStrangers(ctx context.Context, conn *pgx.Conn, schema string) error {
	rows, err := conn.Query(ctx, sqlStrangers, schema)
	if err != nil {
		return fmt.Errorf("look who may create in the schema: %w", err)
	}
	strangers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look who may create in the schema: %w", err)
	}
	if len(strangers) > 0 {
		klog.ErrorS(nil, "Others may create tables and functions in the server's schema: REVOKE CREATE ON SCHEMA from them", "schema", schema, "roles", strings.Join(strangers, ", "))
	}
	return nil
}
