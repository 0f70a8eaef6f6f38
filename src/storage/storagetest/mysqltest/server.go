package mysqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/go-sql-driver/mysql"

	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

const (
	// Username and Password are those of the user who may do everything.
	Username = "admin"
	Password = `It's a "secret" p@ss:word/%\`
)

// Server is a MariaDB server on a free port of the loopback interface and on a Unix socket.
type Server struct {
	Host string
	Port int
	// Dir holds the Unix socket, where root needs no password.
	Dir string

	settings  []string
	log       string
	admin     *sql.DB
	process   testserver.Process
	databases atomic.Int64
}

// Options of a server. The zero value is good.
type Options struct {
	// Settings are options of the server's command line, such as "autocommit=0".
	Settings []string
	// Log is the file with the server's output. It is in Dir by default, and goes with it.
	Log string
	// Parent is the folder that Dir is made in. It is the system's for temporary files by default.
	Parent string
}

// Open runs a server. Tests have New and Shared instead.
func Open(options Options) (*Server, error) {
	dir, err := account.MakeDir(options.Parent, "my")
	if err != nil {
		return nil, err
	}
	s := &Server{Host: "127.0.0.1", Dir: dir, settings: options.Settings, log: options.Log,
		process: testserver.Process{Name: "mariadbd", StopTimeout: stopTimeout}}
	if s.log == "" {
		s.log = filepath.Join(dir, "log")
	}
	if err := s.run(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) run() error {
	if err := s.initialise(); err != nil {
		return err
	}
	var err error
	if s.admin, err = s.connect(""); err != nil {
		return err
	}
	// Somebody else may take the port before the server does.
	for range 3 {
		if s.Port, err = testserver.FreePort(); err != nil {
			return err
		}
		if err = s.start(); err == nil {
			break
		}
	}
	if err != nil {
		return err
	}
	return s.Exec(context.Background(), "CREATE USER "+Username+" IDENTIFIED BY "+quoted(Password)+"; GRANT ALL ON *.* TO "+Username+" WITH GRANT OPTION")
}

// Close ends the server, and removes its databases.
func (s *Server) Close() error {
	// The server may have ended idle connections. Nobody needs its data any more.
	_ = s.admin.Close()
	return errors.Join(s.process.End(syscall.SIGKILL), s.process.Release(), os.RemoveAll(s.Dir))
}

// Version of the server, such as "10.11.6-MariaDB".
func (s *Server) Version(ctx context.Context) (version string, err error) {
	err = s.admin.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version)
	return version, err
}

// Exec runs statements as root.
func (s *Server) Exec(ctx context.Context, statements string) error {
	if _, err := s.admin.ExecContext(ctx, statements); err != nil {
		return fmt.Errorf("%s: %w", statements, err)
	}
	return nil
}

// files are the options of all programs that touch the data.
func (s *Server) files() []string {
	// A server that starts removes what it takes for its own temporary tables: others' too, if they
	// have the same place for them.
	files := []string{"--datadir=" + filepath.Join(s.Dir, "data"), "--tmpdir=" + s.Dir, "--innodb-log-file-size=32M"}
	for _, setting := range s.settings {
		if strings.HasPrefix(setting, "innodb-page-size") || strings.HasPrefix(setting, "lower-case-table-names") {
			files = append(files, "--"+setting)
		}
	}
	return files
}

func (s *Server) socket() string { return filepath.Join(s.Dir, "socket") }

func (s *Server) initialise() error {
	install, err := command(s.Dir, "mariadb-install-db", append(s.files(),
		"--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-flush-method=nosync")...)
	if err != nil {
		return err
	}
	if output, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("mariadb-install-db: %w\n%s", err, output)
	}
	return nil
}

// connect makes connections of root to a database. Whatever the server's settings are, their
// statements mean what they say.
func (s *Server) connect(database string) (*sql.DB, error) {
	config := mysql.NewConfig()
	config.Net, config.Addr, config.User, config.DBName = "unix", s.socket(), "root", database
	config.MultiStatements, config.InterpolateParams = true, true
	config.Logger = &mysql.NopLogger{}
	config.Params = map[string]string{"sql_mode": "'STRICT_TRANS_TABLES'", "autocommit": "1", "completion_type": "0", "max_statement_time": "0", "wait_timeout": "600"}
	if err := config.Apply(mysql.Charset("utf8mb4", "")); err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// quoted is a string literal.
func quoted(text string) string {
	var literal []byte
	for _, c := range []byte(text) {
		if c == '\'' || c == '\\' {
			literal = append(literal, '\\')
		}
		literal = append(literal, c)
	}
	return "'" + string(literal) + "'"
}
