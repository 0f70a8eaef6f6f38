package campaign

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// postgres is a database in PostgreSQL.
type postgres struct {
	*postgrestest.Server
	database postgrestest.Database
}

func openPostgres(ctx context.Context, dir, parent string) (*postgres, error) {
	server, err := postgrestest.Open(postgrestest.Options{Log: filepath.Join(dir, "postgresql.log"), Parent: parent})
	if err != nil {
		return nil, err
	}
	database, err := server.CreateDatabase(ctx, "")
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &postgres{server, database}, nil
}

func (p *postgres) address() string { return fmt.Sprintf("%s:%d", p.Host, p.Port) }

func (p *postgres) flags(through *proxy) []string {
	return []string{
		"--storage-driver=postgresql", "--postgresql-host=127.0.0.1", "--postgresql-port=" + strconv.Itoa(through.port()),
		"--postgresql-database=" + p.database.Name, "--postgresql-username=" + p.database.Username,
	}
}

func (p *postgres) variables() []string {
	return []string{"ARK_POSTGRESQL_PASSWORD=" + p.database.Password}
}

// shutDown does not wait for sessions.
func (p *postgres) shutDown() error { return p.End(syscall.SIGINT) }

func (p *postgres) disconnect(ctx context.Context) error {
	return p.Exec(ctx, fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", p.database.Name))
}

// newestRevision asks the database itself.
func (p *postgres) newestRevision(ctx context.Context) (revision int64, err error) {
	conn, err := pgx.Connect(ctx, p.database.DSN())
	if err != nil {
		return 0, err
	}
	err = conn.QueryRow(ctx, "SELECT max(revision) FROM ark.log").Scan(&revision)
	return revision, errors.Join(err, conn.Close(ctx))
}

// replaceBy kills the database and promotes a standby, to which the servers are led when it is
// mended.
func (s *system) replaceBy(ctx context.Context, standby *postgrestest.Server) (*damage, error) {
	if err := s.postgres.End(syscall.SIGKILL); err != nil {
		return nil, err
	}
	if err := standby.Promote(ctx); err != nil {
		return nil, err
	}
	promoted := &postgres{standby, s.postgres.database.At(standby)}
	safe, err := promoted.newestRevision(ctx)
	return &damage{safe: safe, mend: func(context.Context) error { return s.moveTo(promoted) }}, err
}

// moveTo has all servers find another database, and ends the one of before.
func (s *system) moveTo(database *postgres) error {
	old := s.postgres
	s.postgres, s.database = database, database
	for _, server := range s.servers {
		server.proxy.lead(database.address())
	}
	return old.Close()
}
