package transfer_test

import (
	"os"
	"path/filepath"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/mysql"
	"ark.ai/apiserver/src/storage/postgresql"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

func TestMain(m *testing.M) {
	os.Exit(mysqltest.Main(testserver.Then(func() int { return postgrestest.Main(m) })))
}

// kinds make an empty database of each driver, until the test ends.
var kinds = map[string]func(t *testing.T) driver.Backend{
	"sqlite": func(t *testing.T) driver.Backend {
		backend, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "objects.db")})
		return closing(t, backend, err)
	},
	"postgresql": func(t *testing.T) driver.Backend {
		d := postgrestest.Shared(t).NewDatabase(t)
		backend, err := postgresql.Open(t.Context(), postgresql.Options{
			Host: d.Host, Port: d.Port, Database: d.Name, Username: d.Username, Password: d.Password, SSLMode: "disable",
		})
		return closing(t, backend, err)
	},
	"mysql": func(t *testing.T) driver.Backend {
		d := mysqltest.Shared(t).NewDatabase(t)
		backend, err := mysql.Open(t.Context(), mysql.Options{
			Host: d.Host, Port: d.Port, Database: d.Name, Username: d.Username, Password: d.Password, TLSMode: mysql.TLSDisabled,
		})
		return closing(t, backend, err)
	},
}

func closing[B driver.Backend](t *testing.T, backend B, err error) driver.Backend {
	t.Helper()
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
