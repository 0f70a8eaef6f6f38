package standalone_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/server/datadir"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// database is one for the servers of a single spec.
type database struct {
	// flags and variables of its servers.
	flags, variables []string
	// upgrade makes it look like the work of a later version. No server may have it open.
	upgrade func(ctx context.Context, dir string)
}

// newDatabase is of the kind that the environment has.
func newDatabase() database {
	GinkgoHelper()
	switch framework.Env.Driver {
	case environment.PostgreSQL:
		return onPostgreSQL(postgrestest.Shared(GinkgoTB()))
	case environment.MySQL:
		return inMySQL(mysqltest.Shared(GinkgoTB()).NewDatabase(GinkgoTB()))
	default:
		return onSQLite
	}
}

// databaseServer is one that a spec has for itself, so that it may end it.
type databaseServer interface {
	Stop(t testing.TB)
	Kill(t testing.TB)
	Start(t testing.TB)
}

// newDatabaseServer is of the kind that the environment has, with a database.
func newDatabaseServer() (databaseServer, database) {
	GinkgoHelper()
	if framework.Env.Driver == environment.MySQL {
		server := mysqltest.New(GinkgoTB())
		return server, inMySQL(server.NewDatabase(GinkgoTB()))
	}
	server := postgrestest.New(GinkgoTB())
	return server, onPostgreSQL(server)
}

// onSQLite is a file in the data directory.
var onSQLite = database{upgrade: func(ctx context.Context, dir string) {
	GinkgoHelper()
	db, err := sql.Open("sqlite", filepath.Join(dir, datadir.Database))
	Expect(err).NotTo(HaveOccurred())
	defer db.Close()
	_, err = db.ExecContext(ctx, "PRAGMA user_version = 999")
	Expect(err).NotTo(HaveOccurred())
}}

func onPostgreSQL(server *postgrestest.Server) database {
	GinkgoHelper()
	return in(server.NewDatabase(GinkgoTB()))
}

// in is a database of a PostgreSQL server.
func in(made postgrestest.Database) database {
	return database{
		flags:     []string{"--storage-driver=postgresql"},
		variables: []string{"ARK_POSTGRESQL_DSN=" + made.DSN()},
		upgrade: func(context.Context, string) {
			GinkgoHelper()
			made.Exec(GinkgoTB(), "INSERT INTO ark.schema_version (version, name) VALUES (999, 'later')")
		},
	}
}

// inMySQL is a database of a MariaDB server.
func inMySQL(made mysqltest.Database) database {
	return database{
		flags:     []string{"--storage-driver=mysql"},
		variables: []string{"ARK_MYSQL_DSN=" + made.DSN()},
		upgrade: func(context.Context, string) {
			GinkgoHelper()
			made.Exec(GinkgoTB(), "INSERT INTO schema_version (version, name) VALUES (999, 'later')")
		},
	}
}
