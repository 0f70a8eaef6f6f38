package database

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/mysql"
)

// Environment variables with secrets, which the list of processes would show if they were flags.
const (
	mysqlPasswordVariable = "ARK_MYSQL_PASSWORD"
	mysqlDSNVariable      = "ARK_MYSQL_DSN"
)

// MySQLOptions say how to reach a database of MariaDB or MySQL. What is zero has the default that
// its flag tells.
type MySQLOptions struct {
	Host           string
	Port           int
	Database       string
	Username       string
	TLSMode        string
	TLSCA          string
	TLSCert        string
	TLSKey         string
	PasswordFile   string
	DSNFile        string
	MaxConnections int
}

func (o *MySQLOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Host, "mysql-host", o.Host, "Host name, address, or path of the Unix socket. Default: 127.0.0.1.")
	flags.IntVar(&o.Port, "mysql-port", o.Port, "Port. Default: 3306.")
	flags.StringVar(&o.Database, "mysql-database", o.Database, "Database name. Default: ark.")
	flags.StringVar(&o.Username, "mysql-username", o.Username, "User name. Default: ark.")
	flags.StringVar(&o.TLSMode, "mysql-tls-mode", o.TLSMode, "Encryption of the connection: "+strings.Join(mysql.TLSModes, ", ")+". Default: preferred.")
	flags.StringVar(&o.TLSCA, "mysql-tls-ca", o.TLSCA, "File with the authorities that verify-ca and verify-identity trust. Default: the system's.")
	flags.StringVar(&o.TLSCert, "mysql-tls-cert", o.TLSCert, "File with the client's certificate.")
	flags.StringVar(&o.TLSKey, "mysql-tls-key", o.TLSKey, "File with the key of the client's certificate.")
	flags.StringVar(&o.PasswordFile, "mysql-password-file", o.PasswordFile,
		"File with the password. The environment variable "+mysqlPasswordVariable+" does as well.")
	flags.StringVar(&o.DSNFile, "mysql-dsn-file", o.DSNFile,
		"File with a connection string, user:password@tcp(host:port)/database?tls=true, in place of all other connection flags. "+
			"The environment variable "+mysqlDSNVariable+" does as well.")
	flags.IntVar(&o.MaxConnections, "mysql-max-connections", o.MaxConnections,
		fmt.Sprintf("Largest number of connections, at least %d. Default: 10.", mysql.MinConnections))
}

// connectionFlags are the given flags that a connection string takes the place of.
func (o *MySQLOptions) connectionFlags() []string {
	return given(
		flag{"mysql-host", o.Host != ""},
		flag{"mysql-port", o.Port != 0},
		flag{"mysql-database", o.Database != ""},
		flag{"mysql-username", o.Username != ""},
		flag{"mysql-tls-mode", o.TLSMode != ""},
		flag{"mysql-tls-ca", o.TLSCA != ""},
		flag{"mysql-tls-cert", o.TLSCert != ""},
		flag{"mysql-tls-key", o.TLSKey != ""},
		flag{"mysql-password-file", o.PasswordFile != ""},
	)
}

func (o *MySQLOptions) given() []string {
	return append(o.connectionFlags(), given(
		flag{"mysql-dsn-file", o.DSNFile != ""},
		flag{"mysql-max-connections", o.MaxConnections != 0},
	)...)
}

func (o *MySQLOptions) validate() []error {
	return networked{
		driver: "mysql", connectionFlags: o.connectionFlags(), dsnFile: o.DSNFile, dsnVariable: mysqlDSNVariable, port: o.Port,
		encryption: o.TLSMode, encryptionFlag: "tls-mode", encryptions: mysql.TLSModes, connections: o.MaxConnections, minConnections: mysql.MinConnections,
	}.validate()
}

// backendOptions reads the secrets. Errors never contain them.
func (o *MySQLOptions) backendOptions() (mysql.Options, error) {
	options := mysql.Options{
		Name:           serverName,
		Host:           o.Host,
		Port:           o.Port,
		Database:       o.Database,
		Username:       o.Username,
		TLSMode:        o.TLSMode,
		TLSCA:          o.TLSCA,
		TLSCert:        o.TLSCert,
		TLSKey:         o.TLSKey,
		MaxConnections: o.MaxConnections,
	}
	var err error
	if options.DSN, err = secret("mysql-dsn-file", o.DSNFile, mysqlDSNVariable); err != nil {
		return mysql.Options{}, err
	}
	if options.DSN != "" {
		return options, nil
	}
	options.Password, err = secret("mysql-password-file", o.PasswordFile, mysqlPasswordVariable)
	return options, err
}

// String implements fmt.Stringer. What a connection string says stays secret.
func (o *MySQLOptions) String() string {
	if o.Host == "" {
		return "a MySQL database"
	}
	return "the MySQL database at " + o.Host
}

func (o *MySQLOptions) open(ctx context.Context, readOnly bool) (driver.Backend, error) {
	options, err := o.backendOptions()
	if err != nil {
		return nil, err
	}
	options.ReadOnly = readOnly
	return mysql.Open(ctx, options)
}

func (o *MySQLOptions) migrate(ctx context.Context) (string, error) {
	options, err := o.backendOptions()
	if err != nil {
		return "", err
	}
	return mysql.Migrate(ctx, options)
}
