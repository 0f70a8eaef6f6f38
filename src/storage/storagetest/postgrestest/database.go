package postgrestest

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Database is an empty database of a Server. It goes with the server.
type Database struct {
	Host     string
	Port     int
	Name     string
	Username string
	Password string

	server *Server
}

// NewDatabase creates a database.
func (s *Server) NewDatabase(t testing.TB) Database {
	t.Helper()
	return s.NewDatabaseWith(t, "")
}

// NewDatabaseWith creates a database with options of CREATE DATABASE.
func (s *Server) NewDatabaseWith(t testing.TB, options string) Database {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	Database{Name: "postgres", server: s}.Exec(t, "CREATE DATABASE "+name+" "+options)
	return Database{Host: s.Host, Port: s.Port, Name: name, Username: Username, Password: Password, server: s}
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
	conn, err := pgx.Connect(context.Background(), fmt.Sprintf("host=%s port=%d user=%s dbname=%s", d.server.Dir, d.server.Port, Username, d.Name))
	if err != nil {
		t.Fatalf("connect to %s: %v", d.Name, err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Exec runs statements as the superuser.
func (d Database) Exec(t testing.TB, statements string) {
	t.Helper()
	conn := d.Connect(t)
	if err := conn.PgConn().Exec(context.Background(), statements).Close(); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
	_ = conn.Close(context.Background())
}
