package database

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/postgresql"
)

// Environment variables with secrets, which the list of processes would show if they were flags.
// PGPASSWORD is read by the driver.
const (
	passwordVariable = "ARK_POSTGRESQL_PASSWORD"
	dsnVariable      = "ARK_POSTGRESQL_DSN"
)

// PostgreSQLOptions say how to reach a PostgreSQL database. What is zero has the default that its
// flag tells.
type PostgreSQLOptions struct {
	Host           string
	Port           int
	Database       string
	Username       string
	SSLMode        string
	SSLRootCert    string
	SSLCert        string
	SSLKey         string
	PasswordFile   string
	DSNFile        string
	Schema         string
	MaxConnections int
}

func (o *PostgreSQLOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Host, "postgresql-host", o.Host,
		"Host name, address, or directory of the Unix socket. Like all of these, the default is libpq's, with its environment variables (PGHOST…).")
	flags.IntVar(&o.Port, "postgresql-port", o.Port, "Port.")
	flags.StringVar(&o.Database, "postgresql-database", o.Database, "Database name.")
	flags.StringVar(&o.Username, "postgresql-username", o.Username, "User name.")
	flags.StringVar(&o.SSLMode, "postgresql-sslmode", o.SSLMode, "Encryption of the connection: "+strings.Join(postgresql.SSLModes, ", ")+".")
	flags.StringVar(&o.SSLRootCert, "postgresql-sslrootcert", o.SSLRootCert, "File with the authorities that verify-ca and verify-full trust.")
	flags.StringVar(&o.SSLCert, "postgresql-sslcert", o.SSLCert, "File with the client's certificate.")
	flags.StringVar(&o.SSLKey, "postgresql-sslkey", o.SSLKey, "File with the key of the client's certificate.")
	flags.StringVar(&o.PasswordFile, "postgresql-password-file", o.PasswordFile,
		"File with the password. The environment variables "+passwordVariable+" and PGPASSWORD do as well.")
	flags.StringVar(&o.DSNFile, "postgresql-dsn-file", o.DSNFile,
		"File with a connection string or URL, in place of all other connection flags. The environment variable "+dsnVariable+" does as well.")
	flags.StringVar(&o.Schema, "postgresql-schema", o.Schema, "Schema of the tables. Default: ark, or public if the tables are there.")
	flags.IntVar(&o.MaxConnections, "postgresql-max-connections", o.MaxConnections,
		fmt.Sprintf("Largest number of connections, at least %d. Default: 10.", postgresql.MinConnections))
}

// connectionFlags are the given flags that a connection string takes the place of.
func (o *PostgreSQLOptions) connectionFlags() []string {
	return given(
		flag{"postgresql-host", o.Host != ""},
		flag{"postgresql-port", o.Port != 0},
		flag{"postgresql-database", o.Database != ""},
		flag{"postgresql-username", o.Username != ""},
		flag{"postgresql-sslmode", o.SSLMode != ""},
		flag{"postgresql-sslrootcert", o.SSLRootCert != ""},
		flag{"postgresql-sslcert", o.SSLCert != ""},
		flag{"postgresql-sslkey", o.SSLKey != ""},
		flag{"postgresql-password-file", o.PasswordFile != ""},
	)
}

func (o *PostgreSQLOptions) given() []string {
	return append(o.connectionFlags(), given(
		flag{"postgresql-dsn-file", o.DSNFile != ""},
		flag{"postgresql-schema", o.Schema != ""},
		flag{"postgresql-max-connections", o.MaxConnections != 0},
	)...)
}

func (o *PostgreSQLOptions) validate() []error {
	return networked{
		driver: "postgresql", connectionFlags: o.connectionFlags(), dsnFile: o.DSNFile, dsnVariable: dsnVariable, port: o.Port,
		encryption: o.SSLMode, encryptionFlag: "sslmode", encryptions: postgresql.SSLModes, connections: o.MaxConnections, minConnections: postgresql.MinConnections,
	}.validate()
}

// backendOptions reads the secrets. Errors never contain them.
func (o *PostgreSQLOptions) backendOptions() (postgresql.Options, error) {
	options := postgresql.Options{
		Name:           serverName,
		Host:           o.Host,
		Port:           o.Port,
		Database:       o.Database,
		Username:       o.Username,
		SSLMode:        o.SSLMode,
		SSLRootCert:    o.SSLRootCert,
		SSLCert:        o.SSLCert,
		SSLKey:         o.SSLKey,
		Schema:         o.Schema,
		MaxConnections: o.MaxConnections,
	}
	var err error
	if options.DSN, err = secret("postgresql-dsn-file", o.DSNFile, dsnVariable); err != nil {
		return postgresql.Options{}, err
	}
	if options.DSN != "" {
		return options, nil
	}
	options.Password, err = secret("postgresql-password-file", o.PasswordFile, passwordVariable)
	return options, err
}

// String implements fmt.Stringer. What a connection string says stays secret.
func (o *PostgreSQLOptions) String() string {
	if o.Host == "" {
		return "a PostgreSQL database"
	}
	return "the PostgreSQL database at " + o.Host
}

func (o *PostgreSQLOptions) open(ctx context.Context, readOnly bool) (driver.Backend, error) {
	options, err := o.backendOptions()
	if err != nil {
		return nil, err
	}
	options.ReadOnly = readOnly
	return postgresql.Open(ctx, options)
}

func (o *PostgreSQLOptions) migrate(ctx context.Context) (string, error) {
	options, err := o.backendOptions()
	if err != nil {
		return "", err
	}
	return postgresql.Migrate(ctx, options)
}
