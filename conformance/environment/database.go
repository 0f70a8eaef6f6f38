package environment

import (
	"context"
	"path/filepath"
	"strconv"

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
	if r.Driver == PostgreSQL {
		made, err = r.newPostgreSQL(ctx)
	} else {
		made = database{
			flags:   []string{"--storage-driver=sqlite", "--sqlite-path", filepath.Join(r.dir, "ark.db")},
			servers: 1,
		}
	}
	made.flags = append(made.flags, "--compaction-window", CompactionWindow.String())
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
