package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// TestMain is also the process that tests kill: see command.
func TestMain(m *testing.M) {
	if name := os.Getenv(commandVariable); name != "" {
		if err := runCommand(name, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(mysqltest.Main(testserver.Then(func() int { return postgrestest.Main(m) })))
}

const commandVariable = "ARK_TEST_COMMAND"

// runCommand runs a command on locations, and prints a line for each step that it has done.
func runCommand(name string, args []string) error {
	ctx := context.Background()
	report := func(p Progress) { fmt.Println(p.Rows) }
	first, err := ParseLocation(args[0])
	if err != nil {
		return err
	}
	switch name {
	case "backup":
		return first.Backup(ctx, BackupOptions{Path: args[1]}, io.Discard, report)
	case "restore":
		return first.Restore(ctx, BackupFile{Path: args[1]}, false, io.Discard, report)
	case "copy":
		second, err := ParseLocation(args[1])
		if err != nil {
			return err
		}
		return first.CopyTo(ctx, second, CopyMode{}, io.Discard, report)
	}
	return errors.New("there is no such command")
}

// places make a location of an empty database of each driver.
var places = map[string]func(t *testing.T) string{
	"sqlite": func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "ark.db") },
	"postgresql": func(t *testing.T) string {
		return postgreSQLAt(t, postgrestest.Shared(t).NewDatabase(t))
	},
	"mysql": func(t *testing.T) string {
		return mySQLAt(t, mysqltest.Shared(t).NewDatabase(t))
	},
}

func postgreSQLAt(t *testing.T, d postgrestest.Database) string {
	t.Helper()
	return fmt.Sprintf("postgresql://%s@%s:%d/%s?sslmode=disable&password-file=%s", d.Username, d.Host, d.Port, d.Name, passwordFile(t, d.Password))
}

func mySQLAt(t *testing.T, d mysqltest.Database) string {
	t.Helper()
	return fmt.Sprintf("mysql://%s@%s:%d/%s?tls-mode=disabled&password-file=%s", d.Username, d.Host, d.Port, d.Name, passwordFile(t, d.Password))
}

func passwordFile(t *testing.T, password string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func at(t *testing.T, location string) *Options {
	t.Helper()
	options, err := ParseLocation(location)
	if err != nil {
		t.Fatal(err)
	}
	return options
}

// opened is the database as a server has it, until the test ends or close is called.
func opened(t *testing.T, o *Options) (backend driver.Backend, closeIt func()) {
	t.Helper()
	backend, err := o.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	closeIt = func() {
		if closed {
			return
		}
		closed = true
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(closeIt)
	return backend, closeIt
}
