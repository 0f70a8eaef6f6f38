package postgresql

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
	"ark.ai/apiserver/src/storage/storagetest/tcpproxy"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// ark is the API server that has the databases here, and the schema that is named after it.
const ark = "ark"

// optionsFor is how a test connects to database.
func optionsFor(database postgrestest.Database) Options {
	return Options{
		Name: ark,
		Host: database.Host, Port: database.Port, Database: database.Name,
		Username: database.Username, Password: database.Password, SSLMode: "disable",
	}
}

// inSchemas has a suite work in one database: each of its scenarios in a new schema, for which
// prepare does what is to be done before a server starts.
func inSchemas(options Options, prepare func(t *testing.T, schema string)) func(*testing.T) func(*testing.T) driver.Backend {
	var schemas atomic.Int64
	return func(t *testing.T) func(*testing.T) driver.Backend {
		options := options
		options.Schema = fmt.Sprintf("schema_%d", schemas.Add(1))
		prepare(t, options.Schema)
		return func(t *testing.T) driver.Backend { return opened(t, options) }
	}
}

// open opens database until the test ends.
func open(t testing.TB, database postgrestest.Database) *Backend {
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
	record, _, err := backend.Get(t.Context(), key, 0)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	return record != nil
}

// through starts a proxy, and returns how to connect to database through it.
func through(t *testing.T, database postgrestest.Database) (Options, *tcpproxy.Proxy) {
	t.Helper()
	proxy := tcpproxy.Start(t, fmt.Sprintf("%s:%d", database.Host, database.Port))
	options := optionsFor(database)
	options.Port = proxy.Port()
	return options, proxy
}
