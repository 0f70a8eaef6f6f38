package environment

import (
	"context"
	"path/filepath"
	"strconv"

	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// database is where Ark API servers keep their objects.
type database struct {
	// flags and variables of a server.
	flags, variables []string
	// servers is how many share it.
	servers int
}

// newDatabase makes an empty one.
func (r *Running) newDatabase(ctx context.Context) (made database, err error) {
	switch r.Driver {
	case PostgreSQL:
		made, err = r.newPostgreSQL(ctx)
	case MySQL:
		made, err = r.newMySQL(ctx)
	default:
		made = database{
			flags:   []string{"--storage-driver=sqlite", "--sqlite-path", filepath.Join(r.dir, "ark.db")},
			servers: 1,
		}
	}
	// The first list by fields, however quick, has its kind indexed for those that follow.
	made.flags = append(made.flags, "--compaction-window", CompactionWindow.String(), "--field-index-threshold=1ns")
	made.flags = append(made.flags, r.options.Flags...)
	return made, err
}

func (r *Running) newPostgreSQL(ctx context.Context) (database, error) {
	server, err := postgrestest.Open(postgrestest.Options{Log: r.logFile("postgresql")})
	if err != nil {
		return database{}, err
	}
	r.closers = append(r.closers, server.Close)
	if r.Versions["postgresql"], err = server.Version(ctx); err != nil {
		return database{}, err
	}
	made, err := server.CreateDatabase(ctx, "")
	if err != nil {
		return database{}, err
	}
	return database{
		flags: []string{
			"--storage-driver=postgresql", "--postgresql-host", made.Host, "--postgresql-port", strconv.Itoa(made.Port),
			"--postgresql-database", made.Name, "--postgresql-username", made.Username,
		},
		variables: []string{"ARK_POSTGRESQL_PASSWORD=" + made.Password},
		servers:   2,
	}, nil
}

func (r *Running) newMySQL(ctx context.Context) (database, error) {
	// InnoDB reads what is not in its own memory from the disk, past the system's.
	server, err := mysqltest.Open(mysqltest.Options{Log: r.logFile("mariadb"), Settings: []string{"innodb-buffer-pool-size=1G"}})
	if err != nil {
		return database{}, err
	}
	r.closers = append(r.closers, server.Close)
	if r.Versions["mariadb"], err = server.Version(ctx); err != nil {
		return database{}, err
	}
	made, err := server.CreateDatabase(ctx, "")
	if err != nil {
		return database{}, err
	}
	return database{
		flags: []string{
			"--storage-driver=mysql", "--mysql-host", made.Host, "--mysql-port", strconv.Itoa(made.Port),
			"--mysql-database", made.Name, "--mysql-username", made.Username,
		},
		variables: []string{"ARK_MYSQL_PASSWORD=" + made.Password},
		servers:   2,
	}, nil
}
