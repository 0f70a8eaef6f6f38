package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Database is an empty database of a Server. It goes with the server, or with its test.
type Database struct {
	Host     string
	Port     int
	Name     string
	Username string
	Password string

	server *Server
}

// CreateDatabase creates a database, with options of CREATE DATABASE. Tests have NewDatabase
// instead.
func (s *Server) CreateDatabase(ctx context.Context, options string) (Database, error) {
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	if err := (Database{Name: "postgres", server: s}).exec(ctx, "CREATE DATABASE "+name+" "+options); err != nil {
		return Database{}, err
	}
	return Database{Host: s.Host, Port: s.Port, Name: name, Username: Username, Password: Password, server: s}, nil
}

// NewDatabase creates a database.
func (s *Server) NewDatabase(t testing.TB) Database {
	t.Helper()
	return s.NewDatabaseWith(t, "")
}

// NewDatabaseWith creates a database with options of CREATE DATABASE.
func (s *Server) NewDatabaseWith(t testing.TB, options string) Database {
	t.Helper()
	database, err := s.CreateDatabase(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// Hundreds of them would fill a disk. The test may have stopped the server.
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		_ = Database{Name: "postgres", server: s}.exec(ctx, "DROP DATABASE "+database.Name+" WITH (FORCE)")
	})
	return database
}

// DSN is the connection string.
func (d Database) DSN() string {
	dsn := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(d.Username, d.Password),
		Host:     fmt.Sprintf("%s:%d", d.Host, d.Port),
		Path:     d.Name,
		RawQuery: "sslmode=disable",
	}
	return dsn.String()
}

// Connect is a connection of the superuser, past any proxy.
func (d Database) Connect(t testing.TB) *pgx.Conn {
	t.Helper()
	conn, err := d.connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Exec runs statements as the superuser.
func (d Database) Exec(t testing.TB, statements string) {
	t.Helper()
	if err := d.exec(context.Background(), statements); err != nil {
		t.Fatal(err)
	}
}

func (d Database) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, fmt.Sprintf("host=%s port=%d user=%s dbname=%s", d.server.Dir, d.server.Port, Username, d.Name))
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", d.Name, err)
	}
	return conn, nil
}

func (d Database) exec(ctx context.Context, statements string) error {
	conn, err := d.connect(ctx)
	if err != nil {
		return err
	}
	err = conn.PgConn().Exec(ctx, statements).Close()
	if err = errors.Join(err, conn.Close(ctx)); err != nil {
		return fmt.Errorf("%s: %w", statements, err)
	}
	return nil
}
