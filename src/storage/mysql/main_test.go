package mysql

import (
	"fmt"
	"os"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/tcpproxy"
)

func TestMain(m *testing.M) { os.Exit(mysqltest.Main(m)) }

// optionsFor is how a test connects to database.
func optionsFor(database mysqltest.Database) Options {
	return Options{
		Host: database.Host, Port: database.Port, Database: database.Name,
		Username: database.Username, Password: database.Password, TLSMode: TLSDisabled,
	}
}

// inDatabases has a suite work on one server: each of its scenarios in a new database, for which
// prepare does what is to be done before a process starts.
func inDatabases(server *mysqltest.Server, prepare func(*testing.T, *Options)) func(*testing.T) func(*testing.T) driver.Backend {
	return func(t *testing.T) func(*testing.T) driver.Backend {
		options := optionsFor(server.NewDatabase(t))
		prepare(t, &options)
		return func(t *testing.T) driver.Backend { return opened(t, options) }
	}
}

// open opens database until the test ends.
func open(t testing.TB, database mysqltest.Database) *Backend {
	t.Helper()
	return openWith(t, optionsFor(database))
}

func openWith(t testing.TB, options Options) *Backend {
	t.Helper()
	backend, err := Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	})
	return backend
}

// create commits a new key.
func create(t testing.TB, backend *Backend, key string) int64 {
	t.Helper()
	revisions, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(`{}`)}})
	if err != nil || revisions[0] == 0 {
		t.Fatalf("create %s: revisions %v, error %v", key, revisions, err)
	}
	return revisions[0]
}

// exists reports whether the key lives.
func exists(t testing.TB, backend *Backend, key string) bool {
	t.Helper()
	return revisionOf(t, backend, key) != 0
}

// revisionOf is 0 if the key does not live.
func revisionOf(t testing.TB, backend *Backend, key string) int64 {
	t.Helper()
	record, _, err := backend.Get(t.Context(), key, 0)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	if record == nil {
		return 0
	}
	return record.Revision
}

// scan reads the one row of a query as root.
func scan(t testing.TB, database mysqltest.Database, query string, result ...any) {
	t.Helper()
	if err := database.Connect(t).QueryRowContext(t.Context(), query).Scan(result...); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", query, err))
	}
}

// through starts a proxy, and returns how to connect to database through it.
func through(t *testing.T, database mysqltest.Database) (Options, *tcpproxy.Proxy) {
	t.Helper()
	proxy := tcpproxy.Start(t, fmt.Sprintf("%s:%d", database.Host, database.Port))
	options := optionsFor(database)
	options.Port = proxy.Port()
	return options, proxy
}
