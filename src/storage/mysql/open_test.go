package mysql

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

func with(database mysqltest.Database, change func(*Options)) Options {
	options := optionsFor(database)
	change(&options)
	return options
}

func TestOpenSaysWhatToChange(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	foreign := mysqltest.Shared(t).NewDatabase(t)
	foreign.Exec(t, `CREATE TABLE log (n INT)`)
	database.Exec(t, `CREATE USER socket IDENTIFIED VIA unix_socket`)
	newer := mysqltest.Shared(t).NewDatabase(t)
	open(t, newer)
	newer.Exec(t, `INSERT INTO schema_version (version, name) VALUES (99, 'from_the_future')`)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closedPort := listener.Addr().(*net.TCPAddr).Port
	listener.Close()

	const secret = "s3cret/p@ss"
	at := fmt.Sprintf("127.0.0.1:%d", database.Port)
	for name, tc := range map[string]struct {
		options Options
		want    []string
	}{
		"unreachable":     {with(database, func(o *Options) { o.Port = closedPort }), []string{fmt.Sprintf("127.0.0.1:%d", closedPort), "can't be reached", "connection refused"}},
		"unknown host":    {with(database, func(o *Options) { o.Host = "no-such-host.invalid" }), []string{"no-such-host.invalid", "can't be reached"}},
		"wrong password":  {with(database, func(o *Options) { o.Password = secret }), []string{at, `wrong password for user "admin"`}},
		"no such user":    {with(database, func(o *Options) { o.Username, o.Password = "nobody", secret }), []string{at, `"nobody", or no such user`}},
		"socket only":     {with(database, func(o *Options) { o.Username = "socket" }), []string{at, `"socket"`, "the Unix socket"}},
		"no database":     {with(database, func(o *Options) { o.Database = "missing" }), []string{at, `"missing" does not exist`, "CREATE DATABASE"}},
		"no TLS":          {with(database, func(o *Options) { o.TLSMode = tlsRequired }), []string{at, "TLS"}},
		"others' tables":  {optionsFor(foreign), []string{"another program", "one of its own"}},
		"newer tables":    {optionsFor(newer), []string{"version 99", "up to 2"}},
		"malformed DSN":   {Options{DSN: "me:" + secret + "@tcp(host:1/x?y"}, []string{"DSN", "user:password@tcp"}},
		"no name in DSN":  {Options{DSN: "me:" + secret + "@tcp(host:1)/"}, []string{"names no database"}},
		"DSN and more":    {Options{DSN: "me:" + secret + "@tcp(host)/x", Host: "y"}, []string{"not both"}},
		"DSN, wrong port": {Options{DSN: fmt.Sprintf("me:s3cret@tcp(127.0.0.1:%d)/x", closedPort)}, []string{"can't be reached"}},
		"TLS mode":        {Options{TLSMode: "on"}, []string{`"on"`, "verify-identity"}},
		"certificate":     {Options{TLSCA: "/no/such.pem"}, []string{"/no/such.pem"}},
		"key":             {Options{TLSCert: "/no/such.pem"}, []string{"key"}},
		"few connections": {Options{MaxConnections: 3}, []string{"must be greater than or equal to 4"}},
		"port":            {Options{Port: 70000}, []string{"70000"}},
		"port in host":    {Options{Host: "db:3306"}, []string{`give host "db", and "3306" as the port`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantError(t, tc.options, tc.want...)
		})
	}
}

// TestServersThatDoNotSuit: each is refused with what to change there.
func TestServersThatDoNotSuit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		settings []string
		want     []string
	}{
		"packets too small": {[]string{"max-allowed-packet=1M"}, []string{"max_allowed_packet is 1048576", "8388608 or more"}},
		"statement log":     {[]string{"log-bin=binlog", "binlog-format=STATEMENT"}, []string{"binlog_format", "ROW"}},
		"no InnoDB":         {[]string{"skip-innodb", "default-storage-engine=MyISAM"}, []string{"no InnoDB"}},
		"read-only InnoDB":  {[]string{"innodb-read-only"}, []string{"read-only"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mysqltest.New(t)
			database := server.NewDatabase(t)
			server.Stop(t)
			server.Configure(tc.settings...)
			server.Start(t)
			wantError(t, optionsFor(database), append(tc.want, database.Name)...)
		})
	}
}

func TestDialectOf(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"10.6.0-MariaDB":                         "MariaDB",
		"10.11.19-MariaDB-0+deb12u1-log":         "MariaDB",
		"5.5.5-10.6.12-MariaDB-1:10.6.12+maria~": "MariaDB",
		"11.4.2-MariaDB":                         "MariaDB",
		"8.0.21":                                 "MySQL",
		"8.0.40-0ubuntu0.22.04.1":                "MySQL",
		"9.1.0":                                  "MySQL",
		"10.5.28-MariaDB":                        "the server is MariaDB 10.5.28, but must be 10.6.0 or newer",
		"8.0.20":                                 "the server is MySQL 8.0.20, but must be 8.0.21 or newer",
		"5.7.44-log":                             "the server is MySQL 5.7.44, but must be 8.0.21 or newer",
		"unknown":                                `version "unknown" of the server is not understood`,
	} {
		d, err := dialectOf(version)
		if err != nil {
			d.name = err.Error()
		}
		if d.name != want {
			t.Errorf("%s is %q, want %q", version, d.name, want)
		}
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
	for _, secret := range []string{"\n", "s3cret", mysqltest.Password} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error %q contains %q", err, secret)
		}
	}
}

func TestOpenTogether(t *testing.T) {
	t.Parallel()
	options := optionsFor(mysqltest.Shared(t).NewDatabase(t))
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
}

func TestOpenByDSN(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	for _, parameters := range []string{"", "?tls=false", "?charset=latin1&loc=Local&parseTime=true", "?clientFoundRows=true&autocommit=0&multiStatements=false&interpolateParams=false"} {
		create(t, openWith(t, Options{DSN: database.DSN() + parameters}), "/"+parameters)
	}
}

// TestOpenBySocket: the host can be one.
func TestOpenBySocket(t *testing.T) {
	t.Parallel()
	server := mysqltest.Shared(t)
	create(t, openWith(t, with(server.NewDatabase(t), func(o *Options) { o.Host, o.Port = server.Dir+"/socket", 0 })), "/a")
}
