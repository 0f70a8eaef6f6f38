package postgresql

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"k8s.io/klog/v2"
)

const (
	// searchPath has nothing that others may create something in.
	searchPath = "pg_catalog, pg_temp"
	// lockTimeout is shorter than changelog.Options.CommitTimeout, so that it is known that nothing
	// was committed.
	lockTimeout = "10s"
	// readTimeout ends a read that nobody waits for any more: a server that lost its client does
	// not notice while it works.
	readTimeout = "5min"
	// idleTimeout ends the transaction of a client that is gone.
	idleTimeout = "60s"
)

// A role or a database can have settings of its own, of which some change what is stored, or end
// what we do. These take their place. They are parameters of the connection, because what a session
// sets is not there any more behind a pooler.
var (
	// textSettings are those that poolers keep for each of their clients.
	textSettings = map[string]string{
		"client_encoding":             "UTF8",
		"datestyle":                   "ISO",
		"timezone":                    "UTC",
		"standard_conforming_strings": "on",
	}

	// sessionSettings are refused by pgbouncer. What depends on them has them once more: functions
	// and transactions by SET.
	sessionSettings = map[string]string{
		"search_path":                         searchPath,
		"default_transaction_isolation":       "read committed",
		"default_transaction_deferrable":      "off",
		"statement_timeout":                   "0", // It would end a commit's wait for a standby, and a migration.
		"lock_timeout":                        lockTimeout,
		"idle_in_transaction_session_timeout": idleTimeout,
		"client_min_messages":                 "warning", // See noteAlone.
		"exit_on_error":                       "off",
		// Without these, what reads a row reads a table, or is compiled before.
		"jit":                  "off",
		"enable_seqscan":       "on",
		"enable_indexscan":     "on",
		"enable_indexonlyscan": "on",
		"enable_nestloop":      "on",
		// The server is to give up a client that is gone within a minute.
		"tcp_keepalives_idle":     "15",
		"tcp_keepalives_interval": "5",
		"tcp_keepalives_count":    "3",
		"tcp_user_timeout":        "30s",
	}

	// newerSettings are session settings that not every version knows. The first would close the
	// pools' idle connections, from 14 on, the second end migrations, purges and long reads, from
	// 17 on.
	newerSettings = map[string]string{
		"idle_session_timeout": "0",
		"transaction_timeout":  "0",
	}
)

// ownSetting is the value that connections have of a setting, if they have one of ours.
func ownSetting(name string) (value string, own bool) {
	for _, settings := range []map[string]string{textSettings, sessionSettings, newerSettings} {
		if value, own = settings[name]; own {
			break
		}
	}
	return value, own
}

// connect makes the first connection. If there is a pooler in between that refuses sessionSettings,
// it removes them from config.
func connect(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	maps.Copy(config.RuntimeParams, textSettings)
	maps.Copy(config.RuntimeParams, sessionSettings)
	conn, err := connectOnce(ctx, config)
	if refusesParameter(err) {
		for name := range sessionSettings {
			delete(config.RuntimeParams, name)
		}
		klog.InfoS("The pooler in front of PostgreSQL accepts no settings for a connection: the role's timeouts apply", "at", address(config))
		conn, err = connectOnce(ctx, config)
	}
	return conn, err
}

// adoptNewerSettings gives config, and the connection that is there already, those of newerSettings
// that the server knows, unless there is a pooler in between that refuses settings.
func adoptNewerSettings(ctx context.Context, conn *pgx.Conn, config *pgx.ConnConfig) error {
	if !takesSettings(config) {
		return nil
	}
	for name, value := range newerSettings {
		known, err := conn.Exec(ctx, sqlSetIfKnown, name, value)
		if err != nil {
			return fmt.Errorf("set %s: %w", name, err)
		}
		if known.RowsAffected() > 0 {
			config.RuntimeParams[name] = value
		}
	}
	return nil
}

// takesSettings reports whether connections have sessionSettings.
func takesSettings(config *pgx.ConnConfig) bool {
	_, has := config.RuntimeParams["search_path"]
	return has
}

func connectOnce(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	config = config.Copy()
	// Whatever there is between us and the server, it lets one connection do without named
	// statements.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	return pgx.ConnectConfig(ctx, config)
}

// refusesParameter recognises pgbouncer by its answer to a parameter that it does not know.
func refusesParameter(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == protocolViolation && strings.Contains(server.Message, "startup parameter")
}
