package postgresql

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Options say where the database is. What is left empty is taken from the PG* environment variables
// and libpq's password file, then from libpq's defaults.
type Options struct {
	// DSN is a connection string, "postgres://user@host:port/database?sslmode=verify-full" or
	// "host=… user=…". It excludes Host, Port, Database, Username, Password and the SSL fields.
	// With several hosts give target_session_attrs=read-write, so that the one that accepts writes
	// is found after a failover.
	DSN string

	// Host is a name, an address, or the directory of a Unix socket, or several of them, with
	// commas in between.
	Host     string
	Port     int
	Database string
	Username string
	Password string
	// SSLMode is one of SSLModes.
	SSLMode string
	// SSLRootCert, SSLCert and SSLKey are paths of PEM files: the authority that signed the
	// server's certificate, and the client's certificate with its key.
	SSLRootCert string
	SSLCert     string
	SSLKey      string

	// Name of the API server, which what it has in the database is named after; all processes have
	// the same. Default: generic.
	Name string
	// Schema that holds the tables; it is created if need be. Default: Name, or public if the
	// tables are there.
	Schema string
	// MaxConnections is the largest number of connections of this process; at least MinConnections,
	// default 10: one commits, with a second in case it breaks, one listens, the others read. All
	// processes together, and one more during a rolling update, must fit into the server's
	// max_connections.
	MaxConnections int
	// ReadOnly takes a database as it is, a copy or one of a standby too: its schema is not brought
	// up to date, and what would change it fails.
	ReadOnly bool
	// ApplicationName is shown by pg_stat_activity. Default: Name-apiserver.
	ApplicationName string
}

// MinConnections is the least that MaxConnections may be.
const MinConnections = writerConnections + listenerConnections + 1

const (
	defaultName           = "generic"
	formerSchema          = "public" // The default while the database's version was below 3.
	defaultMaxConnections = 10
	writerConnections     = 2 // A connection that breaks is only gone after some seconds.
	listenerConnections   = 1

	// connectTimeout bounds an attempt to connect if the connection string does not.
	connectTimeout = 5 * time.Second
	// pingTimeout bounds the check of a pooled connection that has been idle for a second or more.
	pingTimeout = 5 * time.Second

	// maxIdentifier is the length in bytes at which PostgreSQL cuts identifiers.
	maxIdentifier = 63
)

// SSLModes are those of libpq.
var SSLModes = []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}

func (o Options) withDefaults() Options {
	o.Name = cmp.Or(o.Name, defaultName)
	o.MaxConnections = cmp.Or(o.MaxConnections, defaultMaxConnections)
	o.ApplicationName = cmp.Or(o.ApplicationName, o.Name+"-apiserver")
	return o
}

// validate finds what can be found without a connection. Its errors never hold the DSN or the
// password.
func (o Options) validate() error {
	if o.DSN != "" && (o.Host != "" || o.Port != 0 || o.Database != "" || o.Username != "" || o.Password != "" ||
		o.SSLMode != "" || o.SSLRootCert != "" || o.SSLCert != "" || o.SSLKey != "") {
		return errors.New("give either a DSN or host, port, database, username, password and SSL settings, not both")
	}
	if o.Port < 0 || o.Port > 65535 {
		return fmt.Errorf("port %d must be between 1 and 65535, inclusive", o.Port)
	}
	if o.SSLMode != "" && !slices.Contains(SSLModes, o.SSLMode) {
		return fmt.Errorf("SSL mode %q must be one of %s", o.SSLMode, strings.Join(SSLModes, ", "))
	}
	if (o.SSLCert == "") != (o.SSLKey == "") {
		return errors.New("a client certificate needs its key, and the key its certificate")
	}
	for _, path := range []string{o.SSLRootCert, o.SSLCert, o.SSLKey} {
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("certificate file: %w", err)
		}
	}
	if len(o.Schema) > maxIdentifier || strings.ContainsRune(o.Schema, 0) {
		return fmt.Errorf("schema name %q must have at most %d bytes and no zero byte", o.Schema, maxIdentifier)
	}
	if o.MaxConnections < MinConnections {
		return fmt.Errorf("max connections %d must be greater than or equal to %d: to commit, to listen and to read", o.MaxConnections, MinConnections)
	}
	return nil
}

// config is the configuration that all connections share.
func (o Options) config() (*pgxpool.Config, error) {
	err := o.validate()
	var config *pgxpool.Config
	if err == nil {
		config, err = o.parse()
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL options: %w", err)
	}
	return config, nil
}

func (o Options) parse() (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(cmp.Or(o.DSN, o.keywords()))
	if err != nil {
		return nil, parseError(o.DSN != "", err)
	}
	if addresses := config.ConnConfig.RuntimeParams["hostaddr"]; addresses != "" && o.hasNoHost(config.ConnConfig) {
		if config, err = o.parseAddresses(addresses); err != nil {
			return nil, err
		}
	}
	conn := config.ConnConfig
	if o.DSN == "" || !strings.Contains(o.DSN, "connect_timeout") {
		conn.ConnectTimeout = connectTimeout
	}
	if err := adoptHosts(conn); err != nil {
		return nil, err
	}
	if err := adoptParameters(conn); err != nil {
		return nil, err
	}
	if _, ok := conn.RuntimeParams["application_name"]; !ok {
		conn.RuntimeParams["application_name"] = o.ApplicationName
	}
	config.PingTimeout = pingTimeout
	return config, nil
}

// hasNoHost reports whether pgx has put in what it takes for a host by default: the directory of a
// socket, or localhost if there is none of those that it knows.
func (o Options) hasNoHost(config *pgx.ConnConfig) bool {
	return isDirectory(config.Host) || config.Host == "localhost" && !strings.Contains(o.DSN+o.Host+os.Getenv("PGHOST"), "localhost")
}

// parseAddresses parses what has hostaddr but no host, with the addresses as hosts, as libpq does.
func (o Options) parseAddresses(addresses string) (*pgxpool.Config, error) {
	if err := checkAddresses(strings.Split(addresses, ",")); err != nil {
		return nil, err
	}
	connection := cmp.Or(o.DSN, o.keywords()) + " host='" + addresses + "'"
	if strings.HasPrefix(o.DSN, "postgres://") || strings.HasPrefix(o.DSN, "postgresql://") {
		separator := "?"
		if strings.Contains(o.DSN, "?") {
			separator = "&"
		}
		connection = o.DSN + separator + "host=" + url.QueryEscape(addresses)
	}
	config, err := pgxpool.ParseConfig(connection)
	if err != nil {
		return nil, parseError(o.DSN != "", err)
	}
	if tls := config.ConnConfig.TLSConfig; tls != nil && !tls.InsecureSkipVerify {
		return nil, errors.New("hostaddr needs a host with sslmode=verify-full: the name that the server's certificate is for")
	}
	return config, nil
}

// keywords is the connection string of the single options.
func (o Options) keywords() string {
	var words []string
	add := func(keyword, value string) {
		if value != "" {
			value = strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value)
			words = append(words, keyword+"='"+value+"'")
		}
	}
	add("host", o.Host)
	if o.Port != 0 {
		add("port", strconv.Itoa(o.Port))
	}
	add("dbname", o.Database)
	add("user", o.Username)
	add("password", o.Password)
	add("sslmode", o.SSLMode)
	add("sslrootcert", o.SSLRootCert)
	add("sslcert", o.SSLCert)
	add("sslkey", o.SSLKey)
	return strings.Join(words, " ")
}

// parseError leaves out what pgx quotes from a DSN: a malformed one can hold the password anywhere.
func parseError(dsn bool, err error) error {
	if dsn {
		return errors.New("the DSN is not a PostgreSQL connection string: expected postgres://user:password@host:port/database?sslmode=… with special characters percent-encoded, or host=… port=… dbname=… user=… password=…")
	}
	var parse *pgconn.ParseConfigError
	if errors.As(err, &parse) {
		if cause := parse.Unwrap(); cause != nil {
			return cause
		}
		return errors.New("the connection settings, together with the PG* environment variables, are not valid")
	}
	return err
}
