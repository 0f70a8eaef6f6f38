package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

const (
	// Username and Password are those of the superuser.
	Username = "postgres"
	Password = `It's a "secret" p@ss:word/%\`
)

// Server is a PostgreSQL server on a free port of the loopback interface and on a Unix socket.
type Server struct {
	Host string
	Port int
	// Dir holds the Unix socket, where the superuser needs no password.
	Dir string

	programs  string
	log       string
	parent    string
	process   testserver.Process
	databases atomic.Int64
}

// Options of a server. The zero value is good.
type Options struct {
	// Settings are lines of postgresql.conf.
	Settings []string
	// Log is the file with the server's output. It is in Dir by default, and goes with it.
	Log string
	// Parent is the folder that Dir is made in. It is the system's for temporary files by default.
	Parent string
}

// Open runs a server. Tests have New and Shared instead.
func Open(options Options) (*Server, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	return open(options, programs, func(s *Server) error { return s.initialise(options.Settings) })
}

// open runs a server on the data that fill makes.
func open(options Options, programs string, fill func(*Server) error) (*Server, error) {
	dir, err := account.MakeDir(options.Parent, "pg")
	if err != nil {
		return nil, err
	}
	s := &Server{Host: "127.0.0.1", Dir: dir, programs: programs, log: options.Log, parent: options.Parent,
		process: testserver.Process{Name: "postgres", StopTimeout: stopTimeout}}
	if s.log == "" {
		s.log = filepath.Join(dir, "log")
	}
	if err := fill(s); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	// Somebody else may take the port before the server does.
	for range 3 {
		if s.Port, err = testserver.FreePort(); err != nil {
			break
		}
		if err = s.start(); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, os.RemoveAll(dir))
}

// Close ends the server, and removes its databases.
func (s *Server) Close() error {
	// Nobody needs its data any more.
	return errors.Join(s.process.End(syscall.SIGQUIT), s.process.Release(), os.RemoveAll(s.Dir))
}

// Version of the server, such as "15.10".
func (s *Server) Version(ctx context.Context) (version string, err error) {
	conn, err := Database{Name: "postgres", server: s}.connect(ctx)
	if err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, "SHOW server_version").Scan(&version)
	return version, errors.Join(err, conn.Close(ctx))
}

func (s *Server) initialise(settings []string) error {
	passwordFile := filepath.Join(s.Dir, "password")
	if err := os.WriteFile(passwordFile, []byte(Password+"\n"), 0o644); err != nil {
		return err
	}
	initdb, err := account.Command(s.Dir, filepath.Join(s.programs, "initdb"), "--pgdata", s.dataDir(),
		"--username", Username, "--pwfile", passwordFile, "--auth-host", "scram-sha-256", "--auth-local", "trust",
		"--encoding", "UTF8", "--locale", "C", "--no-sync")
	if err != nil {
		return err
	}
	if output, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	return s.configure(append([]string{
		"listen_addresses = '" + s.Host + "'",
		"unix_socket_directories = '" + s.Dir + "'",
		"max_connections = 200",
		"shared_preload_libraries = 'pg_stat_statements'",
	}, settings...)...)
}

// configure adds lines to postgresql.conf, of which the last one about something counts.
func (s *Server) configure(settings ...string) error {
	config, err := os.OpenFile(filepath.Join(s.dataDir(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer config.Close()
	for _, setting := range settings {
		if _, err := fmt.Fprintln(config, setting); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) dataDir() string { return filepath.Join(s.Dir, "data") }
