package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/go-sql-driver/mysql"
	"k8s.io/klog/v2"
)

// minAllowedPacket is what a message with one object of the largest size takes at most, each byte
// escaped, and as much again.
const minAllowedPacket = 8 << 20

// server is what was found out about one.
type server struct {
	dialect
	maxAllowedPacket int
}

// prepareServer checks that the server suits, and brings the tables up to date.
func prepareServer(ctx context.Context, config *mysql.Config, options Options) (server, error) {
	found, err := inspect(ctx, config)
	if err != nil {
		return server{}, err
	}
	pool, err := connect(config, found.dialect, found.noTimeout, "")
	if err != nil {
		return server{}, err
	}
	defer pool.Close()
	failure := func(err error) error {
		return fmt.Errorf("%s at %s, database %q: %w", found.name, config.Addr, config.DBName, oneLine(err))
	}
	variables, err := pairs(ctx, pool, "SHOW GLOBAL VARIABLES")
	if codeOf(err) == unknownVariable {
		err = fmt.Errorf("the server has no InnoDB: start it without disabling that (%w)", err)
	}
	if err != nil {
		return server{}, failure(err)
	}
	if err := checkServer(variables, options.ReadOnly); err != nil {
		return server{}, failure(err)
	}
	if found.maxAllowedPacket, err = strconv.Atoi(variables["max_allowed_packet"]); err != nil {
		return server{}, failure(err)
	}
	status, err := pairs(ctx, pool, "SHOW SESSION STATUS LIKE 'Ssl_cipher'")
	if err != nil {
		return server{}, failure(err)
	}
	if status["Ssl_cipher"] == "" && isRemote(config) {
		klog.ErrorS(nil, "The connection to MySQL is not encrypted: anyone on the network in between can read and change it. Set the TLS mode to verify-identity, and the authority of the server's certificate",
			"at", config.Addr)
	}
	if options.ReadOnly {
		if err := checkSchema(ctx, pool); err != nil {
			return server{}, failure(err)
		}
		return found, nil
	}
	if err := migrate(ctx, pool, found.dialect, options.Name); err != nil {
		return server{}, failure(migrationFailure(config, err))
	}
	return found, nil
}

// inspect makes the first connection, without what only a server that suits understands.
func inspect(ctx context.Context, config *mysql.Config) (server, error) {
	plain, err := mysql.NewConnector(config)
	if err != nil {
		return server{}, fmt.Errorf("MySQL options: %w", err)
	}
	pool := sql.OpenDB(plain)
	defer pool.Close()
	var version string
	if err := pool.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return server{}, connectFailure(config, err)
	}
	dialect, err := dialectOf(version)
	if err != nil {
		return server{}, fmt.Errorf("MySQL at %s: %w", config.Addr, err)
	}
	return server{dialect: dialect}, nil
}

// pairs are the rows of a statement that returns names and values.
func pairs(ctx context.Context, pool *sql.DB, statement string) (map[string]string, error) {
	rows, err := pool.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[string]string)
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, err
		}
		found[name] = value
	}
	return found, rows.Err()
}

func isRemote(config *mysql.Config) bool {
	host, _, err := net.SplitHostPort(config.Addr)
	address := net.ParseIP(host)
	return config.Net != "unix" && err == nil && host != "localhost" && (address == nil || !address.IsLoopback())
}

func checkServer(variables map[string]string, readOnly bool) error {
	is := func(name string, values ...string) bool { return slices.Contains(values, variables[name]) }
	if readOnly {
		return nil
	}
	if !is("read_only", "OFF") || is("innodb_read_only", "ON") {
		return errors.New("the server is read-only (a replica, or read_only is on): give the address of the primary")
	}
	if is("wsrep_on", "ON") {
		return errors.New("the server is a node of a Galera cluster, which is not supported: commits of its nodes have no common order before they are made")
	}
	if is("log_bin", "ON") && is("binlog_format", "STATEMENT") {
		return errors.New("the server's binary log can't have what depends on the order of commits: set binlog_format to ROW or MIXED")
	}
	packet, err := strconv.Atoi(variables["max_allowed_packet"])
	if err != nil || packet < minAllowedPacket {
		return fmt.Errorf("max_allowed_packet is %s, too small for the largest objects: set it to %d or more", variables["max_allowed_packet"], minAllowedPacket)
	}
	if !is("innodb_flush_log_at_trx_commit", "1") || is("innodb_doublewrite", "OFF") || is("log_bin", "ON") && !is("sync_binlog", "1") {
		klog.ErrorS(nil, "MySQL may lose acknowledged writes when it crashes: innodb_flush_log_at_trx_commit and, with a binary log, sync_binlog should be 1, innodb_doublewrite ON",
			"innodb_flush_log_at_trx_commit", variables["innodb_flush_log_at_trx_commit"], "sync_binlog", variables["sync_binlog"], "innodb_doublewrite", variables["innodb_doublewrite"])
	}
	return nil
}

// connectFailure says what to change.
func connectFailure(config *mysql.Config, err error) error {
	var refused *mysql.MySQLError
	if errors.As(err, &refused) {
		switch refused.Number {
		case accessDenied, passwordNotAsked:
			return fmt.Errorf("MySQL at %s: wrong password for user %q, or no such user, or one that has to use TLS or the Unix socket", config.Addr, config.User)
		case databaseDenied, unknownDatabase:
			return fmt.Errorf("MySQL at %s: database %q does not exist, or user %q has no rights in it: CREATE DATABASE, and GRANT (%s)", config.Addr, config.DBName, config.User, refused.Message)
		case tooManyConnections, tooManyOfUser, limitOfUser:
			return fmt.Errorf("MySQL at %s has no connections left: raise max_connections there, or use fewer connections here (%s)", config.Addr, refused.Message)
		case secureTransport:
			return fmt.Errorf("MySQL at %s: %s: set the TLS mode to required, or better to verify-identity", config.Addr, refused.Message)
		default:
			return fmt.Errorf("MySQL at %s refused the connection: %s (error %d)", config.Addr, refused.Message, refused.Number)
		}
	}
	var network *net.OpError
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return fmt.Errorf("MySQL at %s can't be reached: %w", config.Addr, name)
	case errors.As(err, &network):
		return fmt.Errorf("MySQL at %s can't be reached: %w: is the address right, and does the server listen there?", config.Addr, oneLine(network.Err))
	case errors.Is(err, mysql.ErrNoTLS):
		return fmt.Errorf("MySQL at %s has no TLS: configure it there, or choose another TLS mode", config.Addr)
	}
	return fmt.Errorf("connect to MySQL at %s: %w", config.Addr, oneLine(err))
}

func migrationFailure(config *mysql.Config, err error) error {
	switch codeOf(err) {
	case tableDenied, databaseDenied, columnDenied, privilegeMissing:
		return fmt.Errorf("user %q may not create tables in database %q: GRANT ALL ON it, or have the tables migrated by a user who may (%w)", config.User, config.DBName, err)
	case lockWaitTimeout:
		return fmt.Errorf("another process is migrating the tables, or has locked them (%w)", err)
	}
	return err
}
