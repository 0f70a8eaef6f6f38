package postgresql

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestParametersOfLibpq: a connection string that works with PostgreSQL's own programs works here.
func TestParametersOfLibpq(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	for _, parameters := range []string{
		"keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=3&tcp_user_timeout=20000",
		"keepalives=0",
		"gssencmode=prefer&krbsrvname=postgres&gsslib=gssapi&gssdelegation=0",
		"load_balance_hosts=random&target_session_attrs=read-write",
		"channel_binding=prefer&require_auth=scram-sha-256&requirepeer=postgres",
		"sslcompression=0&sslsni=1&ssl_min_protocol_version=TLSv1.2&ssl_max_protocol_version=&sslcrl=&sslcrldir=&sslkeylogfile=&sslnegotiation=postgres&sslcertmode=allow",
		"client_encoding=LATIN1&options=-c%20geqo%3Doff&connect_timeout=3&passfile=/no/such&replication=false&requiressl=0&tty=x",
		"min_protocol_version=3.0&max_protocol_version=3.0",
		"oauth_issuer=x&oauth_client_id=x&oauth_client_secret=x&oauth_scope=x&scram_client_key=x&scram_server_key=x",
		"statement_timeout=1&search_path=public&application_name=mine&geqo=off", // Settings of the server.
	} {
		t.Run(parameters, func(t *testing.T) {
			t.Parallel()
			backend := openWith(t, Options{DSN: database.DSN() + "&" + parameters})
			create(t, backend, "/"+parameters)
		})
	}
}

func TestFallbackApplicationName(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	for parameters, want := range map[string]string{
		"fallback_application_name=fallback":                       "fallback",
		"fallback_application_name=fallback&application_name=mine": "mine",
		"": defaultName + "-apiserver",
	} {
		var name string
		backend := openWith(t, Options{DSN: database.DSN() + "&" + parameters})
		if err := backend.reader.QueryRow(t.Context(), `SHOW application_name`).Scan(&name); err != nil || name != want {
			t.Errorf("%q: the name is %q, error %v; want %q", parameters, name, err, want)
		}
	}
}

// TestHostaddr: the name is not looked up.
func TestHostaddr(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	withoutHost := fmt.Sprintf("hostaddr=127.0.0.1 port=%d user=%s password='%s' dbname=%s",
		database.Port, database.Username, strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(database.Password), database.Name)
	for i, dsn := range []string{
		strings.Replace(database.DSN(), "127.0.0.1", "no-such-host.invalid", 1) + "&hostaddr=127.0.0.1",
		strings.Replace(database.DSN(), "127.0.0.1", "a.invalid,a.invalid", 1) + "&hostaddr=127.0.0.1,127.0.0.1",
		strings.Replace(database.DSN(), "127.0.0.1", "a.invalid,a.invalid", 1) + "&hostaddr=127.0.0.1,127.0.0.1&sslmode=prefer",
		strings.Replace(database.DSN(), "@127.0.0.1", "@", 1) + fmt.Sprintf("&hostaddr=127.0.0.1&port=%d", database.Port),
		withoutHost,
		withoutHost + " sslmode=disable host=/no/such/directory",
	} {
		create(t, openWith(t, Options{DSN: dsn}), fmt.Sprintf("/%d", i))
	}
	for dsn, want := range map[string]string{
		database.DSN() + "&hostaddr=127.0.0.1,127.0.0.2": "has 2 of what host has 1 of",
		database.DSN() + "&hostaddr=localhost":           `"localhost" is not an IP address`,
		"host=a,/tmp hostaddr=127.0.0.1,127.0.0.2":       "needs a host",
		"host=a,a hostaddr=127.0.0.1":                    "has 1 of what host has 2 of",
		withoutHost + " sslmode=verify-full":             "hostaddr needs a host with sslmode=verify-full",
		database.DSN() + "&gssencmode=require":           "sslmode",
		database.DSN() + "&keepalives_idle=soon":         "numbers",
		database.DSN() + "&no_such_thing=1":              `"no_such_thing"`,
	} {
		wantError(t, Options{DSN: dsn}, want)
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	options := optionsFor(database)
	for _, host := range []string{"[127.0.0.1]", "127.0.0.1,127.0.0.1"} {
		options.Host = host
		create(t, openWith(t, options), "/"+url.PathEscape(host))
	}
	for host, want := range map[string]string{"db:5432": `give host "db", and "5432" as the port`, "[::1]:5432": `give host "::1", and "5432" as the port`, "a,b:1": `"b:1" has a port`} {
		options.Host = host
		wantError(t, options, want)
	}
	options.Host, options.Port = "[::1]", 1
	wantError(t, options, "[::1]:1", "can't be reached")
	for dsn, want := range map[string]string{
		"host=db:5432":               `give host "db", and "5432" as the port`,
		"host=a,b:1":                 `"b:1" has a port`,
		"host=me:s3cret@db":          "a host has a colon",
		"postgres:///x?host=db:5432": `give host "db", and "5432" as the port`,
	} {
		wantError(t, Options{DSN: dsn}, want)
	}
	for _, dsn := range []string{"host=[::1]", "host=::1", "postgres://[::1]:1/x"} {
		config, err := Options{DSN: dsn, MaxConnections: MinConnections}.config()
		if err != nil || config.ConnConfig.Host != "::1" {
			t.Errorf("the host of %s is not ::1 (%v)", dsn, err)
		}
	}
}

// TestHostsOfTheEnvironment is not parallel: the environment is the process's.
func TestHostsOfTheEnvironment(t *testing.T) {
	t.Setenv("PGHOST", "db:5432")
	wantError(t, Options{}, `give host "db", and "5432" as the port`)
}

// TestParametersWithoutEffect: those that connections have another value of are named too.
func TestParametersWithoutEffect(t *testing.T) {
	t.Parallel()
	params := map[string]string{
		"TimeZone": "Asia/Kathmandu", "search_path": "mine", "client_encoding": "utf8", "sslcrl": "x", "transaction_timeout": "1s", "geqo": "off",
	}
	if got, want := fmt.Sprint(dropWithoutEffect(params)), "[TimeZone search_path sslcrl transaction_timeout]"; got != want {
		t.Errorf("without effect are %s, want %s", got, want)
	}
	if len(params) != 1 || params["geqo"] != "off" {
		t.Errorf("what is left is %v", params)
	}
}
