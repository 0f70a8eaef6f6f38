package mysql

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"github.com/go-sql-driver/mysql"

	"ark.ai/apiserver/src/storage/driver"
)

// Backend is a driver.Backend on a database of MariaDB or MySQL.
type Backend struct {
	// writer has the connections that commit, so that readers can't hold up writers.
	writer, reader *sql.DB
	// looker has the connection that looks for other processes' commits.
	looker  *sql.DB
	readers int

	config   *mysql.Config
	dialect  dialect
	readOnly bool

	// newest is the end of the log as this process has seen it.
	newest driver.Newest
	// process is this one among those that use the database.
	process process
}

var _ driver.Backend = (*Backend)(nil)

// idleTime is how long a connection is kept that nobody uses: shorter than the server's
// wait_timeout.
const idleTime = 30 * time.Second

// Open connects to the database and brings its schema up to date. Any number of processes may do so
// at the same time. An error is one line that says what to change; it holds neither the password
// nor the DSN. ctx bounds Open only.
func Open(ctx context.Context, options Options) (*Backend, error) {
	options = options.withDefaults()
	config, err := options.config()
	if err != nil {
		return nil, err
	}
	server, err := prepareServer(ctx, config, options)
	if err != nil {
		return nil, err
	}
	config.MaxAllowedPacket = server.maxAllowedPacket
	b := &Backend{config: config, dialect: server.dialect, readers: options.MaxConnections - writerConnections - lookerConnections, readOnly: options.ReadOnly}
	b.newest.AsItIs = options.ReadOnly
	if _, err := rand.Read(b.process.id[:]); err != nil {
		return nil, err
	}
	b.writer, err = b.pool(server.noTimeout, writerConnections)
	if err == nil {
		b.reader, err = b.pool(server.readTimeout, b.readers)
	}
	if err == nil {
		b.looker, err = b.pool(server.readTimeout, lookerConnections)
	}
	if err == nil {
		err = ready(ctx, b.writer)
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// pool has connections that refuse a database in another place.
func (b *Backend) pool(timeout string, connections int) (*sql.DB, error) {
	moved := b.dialect.sql(sqlMoved)
	if b.readOnly {
		moved = ""
	}
	pool, err := connect(b.config, b.dialect, timeout, moved)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(idleTime)
	return pool, nil
}

// connect prepares connections; moved is as in connector.
func connect(config *mysql.Config, dialect dialect, timeout, moved string) (*sql.DB, error) {
	plain, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(&connector{Connector: plain, setup: settings + ", " + dialect.settings + ", " + timeout, moved: moved}), nil
}

// ready has a connection made, so that the first write need not wait for it. That the database is
// in another place is for the first operation to find.
func ready(ctx context.Context, pool *sql.DB) error {
	if err := pool.PingContext(ctx); err != nil && !errors.Is(err, driver.ErrDiverged) {
		return translate("open the database", err)
	}
	return nil
}

// Migrate brings the schema up to date as Open does, and returns the database's name: then Open
// needs no right to create anything.
func Migrate(ctx context.Context, options Options) (database string, err error) {
	options = options.withDefaults()
	options.ReadOnly = false
	config, err := options.config()
	if err != nil {
		return "", err
	}
	_, err = prepareServer(ctx, config, options)
	return config.DBName, err
}

// Name implements driver.Backend.
func (b *Backend) Name() string { return "mysql" }

// Close implements driver.Backend. It waits for operations in flight.
func (b *Backend) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{b.writer, b.reader, b.looker} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// reset closes the connections that are idle, to a server that turned out to be another one than it
// was, so that new ones can find the one that accepts writes.
func (b *Backend) reset() {
	for pool, connections := range map[*sql.DB]int{b.writer: writerConnections, b.reader: b.readers, b.looker: lookerConnections} {
		pool.SetMaxIdleConns(0)
		pool.SetMaxIdleConns(connections)
	}
}

// Pools implements driver.Backend. The connection that looks for others' commits belongs to none.
func (b *Backend) Pools() []driver.Pool {
	return []driver.Pool{state("write", b.writer), state("read", b.reader)}
}

func state(name string, connections *sql.DB) driver.Pool {
	stats := connections.Stats()
	return driver.Pool{
		Name: name, InUse: stats.InUse, Idle: stats.Idle, Max: stats.MaxOpenConnections,
		Waits: stats.WaitCount, Waited: stats.WaitDuration,
	}
}
