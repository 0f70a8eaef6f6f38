package postgresql

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

func TestOpenSaysWhatToChange(t *testing.T) {
	t.Parallel()
	server := postgrestest.Shared(t)
	database := server.NewDatabase(t)
	guest := "guest_of_" + database.Name // Roles belong to the server.
	database.Exec(t, `CREATE ROLE `+guest+` LOGIN PASSWORD 'guest'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`)
	latin := server.NewDatabaseWith(t, `ENCODING 'LATIN1' TEMPLATE template0`)
	newer := server.NewDatabase(t)
	open(t, newer)
	newer.Exec(t, `INSERT INTO ark.schema_version (version, name) VALUES (99, 'from_the_future')`)
	readOnly := server.NewDatabase(t)
	readOnly.Exec(t, `ALTER DATABASE `+readOnly.Name+` SET default_transaction_read_only = on`)

	unused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closedPort := unused.Addr().(*net.TCPAddr).Port
	unused.Close()

	with := func(database postgrestest.Database, change func(*Options)) Options {
		options := optionsFor(database)
		change(&options)
		return options
	}
	const secret = "s3cret/p@ss"
	at := fmt.Sprintf("127.0.0.1:%d", database.Port)
	for name, tc := range map[string]struct {
		options Options
		want    []string
	}{
		"unreachable":     {with(database, func(o *Options) { o.Port = closedPort }), []string{fmt.Sprintf("127.0.0.1:%d", closedPort), "can't be reached", "connection refused"}},
		"unknown host":    {with(database, func(o *Options) { o.Host = "no-such-host.invalid" }), []string{"no-such-host.invalid", "can't be reached"}},
		"wrong password":  {with(database, func(o *Options) { o.Password = secret }), []string{at, `wrong password for user "postgres"`}},
		"no such user":    {with(database, func(o *Options) { o.Username, o.Password = "nobody", secret }), []string{at, "nobody"}},
		"no database":     {with(database, func(o *Options) { o.Database = "missing" }), []string{at, `"missing" does not exist`, "CREATE DATABASE"}},
		"no TLS":          {with(database, func(o *Options) { o.SSLMode = "require" }), []string{at, "TLS"}},
		"no privilege":    {with(database, func(o *Options) { o.Username, o.Password = guest, "guest" }), []string{guest, `may not create tables in schema "ark"`, "GRANT"}},
		"no schema":       {with(database, func(o *Options) { o.Username, o.Password, o.Schema = guest, "guest", "other" }), []string{`schema "other"`}},
		"LATIN1":          {optionsFor(latin), []string{"LATIN1", "UTF8"}},
		"newer schema":    {optionsFor(newer), []string{"version 99", "up to 5"}},
		"read-only":       {optionsFor(readOnly), []string{"read-only", "primary"}},
		"malformed DSN":   {Options{DSN: "postgres://me:" + secret + "@host:port:1/x?y"}, []string{"DSN", "percent-encoded"}},
		"malformed words": {Options{DSN: "host=x password='" + secret}, []string{"DSN"}},
		"DSN and more":    {Options{DSN: "postgres://me:" + secret + "@host/x", Host: "y"}, []string{"not both"}},
		"DSN, wrong port": {Options{DSN: fmt.Sprintf("postgres://me:%s@127.0.0.1:%d/x?sslmode=disable", "s3cret", closedPort)}, []string{"can't be reached"}},
		"SSL mode":        {Options{Host: "x", SSLMode: "on"}, []string{`"on"`, "verify-full"}},
		"certificate":     {Options{Host: "x", SSLRootCert: "/no/such.pem"}, []string{"/no/such.pem"}},
		"key":             {Options{Host: "x", SSLCert: "/no/such.pem"}, []string{"key"}},
		"few connections": {Options{Host: "x", MaxConnections: 3}, []string{"must be greater than or equal to 4"}},
		"port":            {Options{Host: "x", Port: 70000}, []string{"70000"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantError(t, tc.options, tc.want...)
		})
	}
}

// wantError tries to open, in vain, and wants to be told why in one line without secrets.
func wantError(t *testing.T, options Options, want ...string) {
	t.Helper()
	backend, err := Open(t.Context(), options)
	if err == nil {
		backend.Close()
		t.Fatal("opened")
	}
	t.Log(err)
	for _, want := range want {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
	for _, secret := range []string{"\n", "s3cret", postgrestest.Password} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error %q contains %q", err, secret)
		}
	}
}

func TestOpenTogether(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]string{"the default": "", "a schema to create": `Odd "name"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := optionsFor(postgrestest.Shared(t).NewDatabase(t))
			options.Schema = schema
			backends := make([]*Backend, 6)
			var opening sync.WaitGroup
			for i := range backends {
				opening.Go(func() {
					var err error
					if backends[i], err = Open(t.Context(), options); err != nil {
						t.Error(err)
					}
				})
			}
			opening.Wait()
			for i, backend := range backends {
				if backend == nil {
					continue
				}
				if revision := create(t, backend, fmt.Sprintf("/%d", i)); revision != int64(i+2) {
					t.Errorf("write %d has revision %d, want %d", i, revision, i+2)
				}
				defer backend.Close()
			}
		})
	}
}

// TestOpenByDSN also shows that a user who owns nothing is enough once the schema is there.
func TestOpenByDSN(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	create(t, openWith(t, Options{DSN: database.DSN(), Schema: "other"}), "/a")
	worker := "worker_of_" + database.Name // Roles belong to the server.
	database.Exec(t, `CREATE ROLE `+worker+` LOGIN PASSWORD 'worker'; GRANT USAGE ON SCHEMA other TO `+worker+`;
		GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA other TO `+worker)
	database.Username, database.Password = worker, "worker"
	backend := openWith(t, Options{DSN: database.DSN(), Schema: "other"})
	create(t, backend, "/b")
	if err := backend.Compact(t.Context(), 3); err != nil {
		t.Error(err)
	}
}
