package postgresql

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"k8s.io/klog/v2"
)

// minServerVersion has autovacuum_vacuum_insert_scale_factor, which the schema uses.
const minServerVersion = 130000

// prepareServer checks that the server suits, and migrates the schema, whose name it returns: that
// of a default, if it is empty. config gets the settings that all connections are to have.
func prepareServer(ctx context.Context, config *pgx.ConnConfig, options Options) (string, error) {
	conn, err := connect(ctx, config)
	if err != nil {
		return "", connectFailure(config, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := checkServer(ctx, conn, options.ReadOnly); err != nil {
		return "", fmt.Errorf("PostgreSQL at %s: %w", address(config), err)
	}
	if isPlaintext(conn.PgConn().Conn()) {
		klog.ErrorS(nil, "The connection to PostgreSQL is not encrypted: anyone on the network in between can read and change it. Set sslmode to verify-full, and sslrootcert to the authority of the server's certificate",
			"at", address(config))
	}
	failure := func(err error) error {
		return fmt.Errorf("PostgreSQL at %s, database %q: %w", address(config), config.Database, oneLine(err))
	}
	if err := adoptNewerSettings(ctx, conn, config); err != nil {
		return "", failure(err)
	}
	schema := options.Schema
	if schema == "" {
		if schema, err = findSchema(ctx, conn, options.Name); err != nil {
			return "", failure(err)
		}
		if err := warnOfOwners(ctx, conn, schema); err != nil {
			return "", failure(err)
		}
	}
	if options.ReadOnly {
		return schema, wrap(fmt.Sprintf("PostgreSQL at %s, database %q", address(config), config.Database), checkSchema(ctx, conn, schema))
	}
	if err := migrate(ctx, conn, schema); err != nil {
		return "", failure(migrationFailure(config, schema, err))
	}
	if err := warnOfStrangers(ctx, conn, schema); err != nil {
		return "", failure(err)
	}
	return schema, nil
}

// isPlaintext reports whether others on the network can read a connection.
func isPlaintext(conn net.Conn) bool {
	if _, encrypted := conn.(*tls.Conn); encrypted {
		return false
	}
	// A Unix socket has another kind of address.
	remote, network := conn.RemoteAddr().(*net.TCPAddr)
	return network && !remote.IP.IsLoopback()
}

func checkServer(ctx context.Context, conn *pgx.Conn, readOnly bool) error {
	var number int
	var version, encoding, fsync, synchronousCommit, standbys, statementTimeout string
	if err := conn.QueryRow(ctx, sqlServer).Scan(&number, &version, &encoding, &fsync, &synchronousCommit, &standbys, &statementTimeout); err != nil {
		return oneLine(err)
	}
	if number < minServerVersion {
		return fmt.Errorf("the server is version %s, but must be version %d or newer", version, minServerVersion/10000)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("database %q has encoding %s: create one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0", conn.Config().Database, encoding)
	}
	if readOnly {
		return nil
	}
	var takesNoWrites bool
	if err := conn.QueryRow(ctx, sqlReadOnly).Scan(&takesNoWrites); err != nil {
		return oneLine(err)
	}
	if takesNoWrites {
		return errors.New("the server is read-only (a standby, or default_transaction_read_only is on): give the address of the primary")
	}
	// local and the stricter settings keep a commit that was acknowledged in a crash; standbys may
	// lack it with local.
	if synchronousCommit == "local" && standbys != "" {
		klog.ErrorS(nil, "PostgreSQL acknowledges writes that no standby has: set synchronous_commit to on", "synchronous_commit", synchronousCommit, "synchronous_standby_names", standbys)
	}
	if statementTimeout != "0" {
		klog.ErrorS(nil, "PostgreSQL ends commits that wait for a standby: ALTER ROLE … SET statement_timeout = 0", "user", conn.Config().User, "statement_timeout", statementTimeout)
	}
	if fsync == "off" || synchronousCommit == "off" {
		klog.ErrorS(nil, "PostgreSQL may lose acknowledged writes when it crashes: turn its settings on", "fsync", fsync, "synchronous_commit", synchronousCommit)
	}
	return nil
}

// connectFailure says what to change. pgx's own text has several lines if there are several
// addresses.
func connectFailure(config *pgx.ConnConfig, err error) error {
	at := address(config)
	var server *pgconn.PgError
	if errors.As(err, &server) {
		switch server.Code {
		case invalidPassword:
			return fmt.Errorf("PostgreSQL at %s: wrong password for user %q", at, config.User)
		case invalidAuthorization:
			return fmt.Errorf("PostgreSQL at %s rejects user %q: %s (see pg_hba.conf on the server)", at, config.User, server.Message)
		case invalidCatalogName:
			return fmt.Errorf("PostgreSQL at %s: %s: create it with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0", at, server.Message)
		case tooManyConnections:
			return fmt.Errorf("PostgreSQL at %s has no connections left: raise max_connections there, or use fewer connections here (%s)", at, server.Message)
		case undefinedObject:
			return fmt.Errorf("PostgreSQL at %s: %s: what the connection string has is neither a parameter of libpq nor a setting of the server", at, server.Message)
		default:
			return fmt.Errorf("PostgreSQL at %s refused the connection: %s (SQLSTATE %s)", at, server.Message, server.Code)
		}
	}
	var network *net.OpError
	if errors.As(err, &network) {
		return fmt.Errorf("PostgreSQL at %s can't be reached: %w: is the address right, and does the server listen there?", at, oneLine(network.Err))
	}
	var name *net.DNSError
	if errors.As(err, &name) {
		return fmt.Errorf("PostgreSQL at %s can't be reached: %w", at, name)
	}
	return fmt.Errorf("connect to PostgreSQL at %s: %w", at, oneLine(err))
}

func migrationFailure(config *pgx.ConnConfig, schema string, err error) error {
	switch codeOf(err) {
	case insufficientPrivilege:
		return fmt.Errorf("user %q may not create tables in schema %q: make it the owner of the database, or let its owner run ark-apiserver migrate, or CREATE SCHEMA IF NOT EXISTS %[3]s; GRANT CREATE, USAGE ON SCHEMA %[3]s TO %[4]s (%[5]w)",
			config.User, schema, quoted(schema), quoted(config.User), err)
	case lockNotAvailable:
		return fmt.Errorf("schema %q has been locked by another session for %s, see pg_locks on the server (%w)", schema, migrationLockTimeout, err)
	}
	return err
}

// address is where the server is, without anything secret.
func address(config *pgx.ConnConfig) string {
	addresses := []string{net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))}
	for _, other := range config.Fallbacks {
		// There is a fallback for each address and kind of encryption.
		if next := net.JoinHostPort(other.Host, strconv.Itoa(int(other.Port))); next != addresses[len(addresses)-1] {
			addresses = append(addresses, next)
		}
	}
	return strings.Join(addresses, ", ")
}

// lineError is an error whose text is on one line.
type lineError struct{ error }

func oneLine(err error) error { return lineError{err} }

func (e lineError) Error() string { return strings.Join(strings.Fields(e.error.Error()), " ") }

func (e lineError) Unwrap() error { return e.error }
