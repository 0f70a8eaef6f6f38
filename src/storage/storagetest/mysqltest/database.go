package mysqltest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/go-sql-driver/mysql"
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

// CreateDatabase creates a database, with options of CREATE DATABASE. Tests have NewDatabase
// instead.
func (s *Server) CreateDatabase(ctx context.Context, options string) (Database, error) {
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	if err := s.Exec(ctx, "CREATE DATABASE "+name+" "+options); err != nil {
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
	return database
}

// DSN is the connection string.
func (d Database) DSN() string {
	config := mysql.NewConfig()
	config.Net, config.Addr, config.User, config.Passwd, config.DBName = "tcp", fmt.Sprintf("%s:%d", d.Host, d.Port), d.Username, d.Password, d.Name
	return config.FormatDSN()
}

// Connect is a connection of root, past any proxy.
func (d Database) Connect(t testing.TB) *sql.Conn {
	t.Helper()
	db, err := d.server.connect(d.Name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// Exec runs statements as root.
func (d Database) Exec(t testing.TB, statements string) {
	t.Helper()
	if err := d.exec(statements); err != nil {
		t.Fatal(err)
	}
}

func (d Database) exec(statements string) error {
	db, err := d.server.connect(d.Name)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), statements)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("%s: %w", statements, err)
	}
	return nil
}

// Dump is the database as SQL that Restore runs.
func (d Database) Dump() ([]byte, error) {
	return d.pipe(nil, "mariadb-dump", "--single-transaction")
}

// Restore replaces what the database has by a dump, whoever else uses it.
func (d Database) Restore(dump []byte) error {
	_, err := d.pipe(dump, "mariadb")
	return err
}

// pipe runs a client program of MariaDB on the database.
func (d Database) pipe(input []byte, program string, args ...string) ([]byte, error) {
	cmd, err := command(d.server.Dir, program, append(args, "--socket="+d.server.socket(), "--user=root", d.Name)...)
	if err != nil {
		return nil, err
	}
	var output, problems bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &output, &problems
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", program, err, problems.Bytes())
	}
	return output.Bytes(), nil
}
