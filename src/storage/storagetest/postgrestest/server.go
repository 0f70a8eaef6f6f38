package postgrestest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
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
	process   process
	databases atomic.Int64
}

var shared struct {
	sync.Mutex
	server *Server
	err    error
}

// Main runs the tests of m and then stops the shared server. It returns the exit code.
func Main(m *testing.M) int {
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		if err := shared.server.remove(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	return code
}

// Shared is the server that all tests of this binary have in common: no test may stop it. The package needs a
// TestMain that calls Main.
func Shared(t testing.TB) *Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = newServer(nil)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// New runs a server for this test alone. settings are lines of postgresql.conf.
func New(t testing.TB, settings ...string) *Server {
	t.Helper()
	server, err := newServer(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.remove(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func newServer(settings []string) (*Server, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := makeDir()
	if err != nil {
		return nil, err
	}
	s := &Server{Host: "127.0.0.1", Dir: dir, programs: programs}
	if err := s.initialise(settings); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	// Somebody else may take the port before the server does.
	for range 3 {
		if s.Port, err = freePort(); err != nil {
			break
		}
		if err = s.start(); err == nil {
			return s, nil
		}
	}
	return nil, errors.Join(err, os.RemoveAll(dir))
}

func (s *Server) initialise(settings []string) error {
	passwordFile := filepath.Join(s.Dir, "password")
	if err := os.WriteFile(passwordFile, []byte(Password+"\n"), 0o644); err != nil {
		return err
	}
	initdb, err := command(s.Dir, filepath.Join(s.programs, "initdb"), "--pgdata", s.dataDir(),
		"--username", Username, "--pwfile", passwordFile, "--auth-host", "scram-sha-256", "--auth-local", "trust",
		"--encoding", "UTF8", "--locale", "C", "--no-sync")
	if err != nil {
		return err
	}
	if output, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	config, err := os.OpenFile(filepath.Join(s.dataDir(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer config.Close()
	for _, setting := range append([]string{
		"listen_addresses = '" + s.Host + "'",
		"unix_socket_directories = '" + s.Dir + "'",
		"max_connections = 200",
		"shared_preload_libraries = 'pg_stat_statements'",
	}, settings...) {
		if _, err := fmt.Fprintln(config, setting); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) dataDir() string { return filepath.Join(s.Dir, "data") }
func (s *Server) logFile() string { return filepath.Join(s.Dir, "log") }
