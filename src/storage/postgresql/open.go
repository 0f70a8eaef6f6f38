package postgresql

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/driver"
)

// Backend is a driver.Backend on one schema of a PostgreSQL database.
type Backend struct {
	// writer has the connections that commit, so that readers can't hold up writers.
	writer *pgxpool.Pool
	reader *pgxpool.Pool

	// schema is the quoted name. statements caches the SQL with it filled in.
	schema     string
	statements sync.Map
	// channel is the same for all processes that use this schema.
	channel string
	// commitLock is the advisory lock that version 2 of the schema has for commits.
	commitLock int64

	// unnamed is set for good when named prepared statements turn out not to work.
	unnamed atomic.Bool

	// alone are the connections whose commit no standby has acknowledged.
	alone sync.Map

	readOnly bool

	// newest is the end of the log as this process has seen it.
	newest driver.Newest

	// own are the server's processes (uint32) that commit for this one: their notifications are no
	// news. A process that may have committed something without our knowledge is not among them.
	own sync.Map
	// news is set when another process may have committed, until the log is read.
	news atomic.Bool
	// doubt wakes the listener after a commit whose outcome is unknown.
	doubt chan struct{}
}

var _ driver.Backend = (*Backend)(nil)

// Open connects to the database and brings its schema up to date. Any number of processes may do so
// at the same time. An error is one line that says what to change; it holds neither the password
// nor the DSN. ctx bounds Open only.
func Open(ctx context.Context, options Options) (*Backend, error) {
	options = options.withDefaults()
	config, err := options.config()
	if err != nil {
		return nil, err
	}
	schema, err := prepareServer(ctx, config.ConnConfig, options)
	if err != nil {
		return nil, err
	}

	b := &Backend{
		schema:     quoted(schema),
		channel:    fmt.Sprintf("%s_apiserver_%016x", options.Name, uint64(identifier(options.Name, "log", schema))),
		commitLock: identifier(options.Name, "commit", schema),
		doubt:      make(chan struct{}, 1),
		readOnly:   options.ReadOnly,
	}
	b.newest.AsItIs = options.ReadOnly
	config.BeforeConnect = func(_ context.Context, conn *pgx.ConnConfig) error {
		if b.unnamed.Load() {
			conn.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		}
		return nil
	}
	config.AfterConnect = b.prepareConnection
	writer := config.Copy()
	writer.ConnConfig.OnNotice = b.noteAlone
	writer.MaxConns, writer.MinConns = writerConnections, 0
	writer.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		b.own.Store(conn.PgConn().PID(), nil)
		return b.prepareConnection(ctx, conn)
	}
	writer.BeforeClose = func(conn *pgx.Conn) { b.own.Delete(conn.PgConn().PID()) }
	if b.writer, err = pgxpool.NewWithConfig(ctx, writer); err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	if takesSettings(config.ConnConfig) {
		config.ConnConfig.RuntimeParams["statement_timeout"] = readTimeout
	}
	config.MaxConns, config.MinConns = int32(options.MaxConnections-writerConnections-listenerConnections), 0
	if b.reader, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		b.writer.Close()
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	return b, nil
}

// Migrate brings the schema up to date as Open does, and returns its name: then Open needs no right
// to create anything.
func Migrate(ctx context.Context, options Options) (schema string, err error) {
	options = options.withDefaults()
	config, err := options.config()
	if err != nil {
		return "", err
	}
	return prepareServer(ctx, config.ConnConfig, options)
}

// Name implements driver.Backend.
func (b *Backend) Name() string { return "postgresql" }

// Close implements driver.Backend. It waits for operations in flight.
func (b *Backend) Close() error {
	b.writer.Close()
	b.reader.Close()
	return nil
}

// sql is a statement of queries.go for this backend's schema.
func (b *Backend) sql(statement string) string {
	if filled, ok := b.statements.Load(statement); ok {
		return filled.(string)
	}
	filled := inSchema(statement, b.schema)
	b.statements.Store(statement, filled)
	return filled
}

func inSchema(statement, quotedSchema string) string {
	return strings.ReplaceAll(statement, "{schema}", quotedSchema)
}

func quoted(name string) string {
	return pgx.Identifier{name}.Sanitize()
}

// identifier is a number for an API server's purpose within a schema, for what is known in the
// whole database.
func identifier(name, purpose, schema string) int64 {
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s-apiserver/%s/%s", name, purpose, schema)
	return int64(hash.Sum64())
}

// giveUpNames makes all further statements unnamed, if err says that named ones do not work here,
// and reports whether the statement that failed is worth another try.
func (b *Backend) giveUpNames(err error) bool {
	if !isMissingStatement(err) {
		return false
	}
	if b.unnamed.CompareAndSwap(false, true) {
		klog.InfoS("Named prepared statements do not work on this connection to PostgreSQL, as behind pgbouncer in transaction mode: continuing without them", "err", err)
		b.writer.Reset()
		b.reader.Reset()
	}
	return true
}

// leaveStandby closes the connections to a server that turned out to be read-only, so that new ones
// can find the one that accepts writes.
func (b *Backend) leaveStandby(err error) {
	if codeOf(err) == readOnlyTransaction {
		b.writer.Reset()
		b.reader.Reset()
	}
}
