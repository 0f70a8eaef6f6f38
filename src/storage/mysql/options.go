package mysql

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

// Options say where the database is.
type Options struct {
	// DSN is a connection string of Go's driver, "user:password@tcp(host:3306)/database?tls=true".
	// It excludes Host, Port, Database, Username, Password and the TLS fields.
	DSN string

	// Host is a name, an address, or the path of a Unix socket. Default: 127.0.0.1.
	Host string
	// Port has the default 3306.
	Port int
	// Database and Username have the default Name.
	Database string
	Username string
	Password string
	// TLSMode is one of TLSModes. Default: preferred.
	TLSMode string
	// TLSCA, TLSCert and TLSKey are paths of PEM files: the authorities that may have signed the
	// server's certificate (default: the system's), and the client's certificate with its key.
	TLSCA   string
	TLSCert string
	TLSKey  string

	// Name of the API server, which what it has in the database is named after; all processes have
	// the same. Default: generic.
	Name string
	// MaxConnections is the largest number of connections of this process; at least MinConnections,
	// default 10: one commits, with a second in case it breaks, one looks for others' commits, the
	// others read. All processes together, and one more during a rolling update, must fit into the
	// server's max_connections.
	MaxConnections int
	// ReadOnly takes a database as it is, a copy or one of a replica too: its tables are not
	// brought up to date, and what would change it fails.
	ReadOnly bool
}

// MinConnections is the least that MaxConnections may be.
const MinConnections = writerConnections + lookerConnections + 1

const (
	defaultHost           = "127.0.0.1"
	defaultPort           = 3306
	defaultName           = "generic"
	defaultMaxConnections = 10
	writerConnections     = 2 // A connection that breaks is only gone after some seconds.
	lookerConnections     = 1

	// connectTimeout bounds an attempt to connect if the connection string does not.
	connectTimeout = 5 * time.Second
)

// The modes of encryption, as MySQL's own programs call them. The server's certificate is only
// looked at by those that verify.
const (
	TLSDisabled       = "disabled"
	tlsPreferred      = "preferred"
	tlsRequired       = "required"
	tlsVerifyCA       = "verify-ca"
	tlsVerifyIdentity = "verify-identity"
)

// TLSModes are all of them.
var TLSModes = []string{TLSDisabled, tlsPreferred, tlsRequired, tlsVerifyCA, tlsVerifyIdentity}

func (o Options) withDefaults() Options {
	o.Name = cmp.Or(o.Name, defaultName)
	o.MaxConnections = cmp.Or(o.MaxConnections, defaultMaxConnections)
	return o
}

// validate finds what can be found without a connection. Its errors never hold the DSN or the
// password.
func (o Options) validate() error {
	if o.DSN != "" && (o.Host != "" || o.Port != 0 || o.Database != "" || o.Username != "" || o.Password != "" ||
		o.TLSMode != "" || o.TLSCA != "" || o.TLSCert != "" || o.TLSKey != "") {
		return errors.New("give either a DSN or host, port, database, username, password and TLS settings, not both")
	}
	if o.Port < 0 || o.Port > 65535 {
		return fmt.Errorf("port %d must be between 1 and 65535, inclusive", o.Port)
	}
	if name, port, err := net.SplitHostPort(o.Host); err == nil && !strings.HasPrefix(o.Host, "/") {
		return fmt.Errorf("host %q has a port: give host %q, and %q as the port", o.Host, name, port)
	}
	if o.TLSMode != "" && !slices.Contains(TLSModes, o.TLSMode) {
		return fmt.Errorf("TLS mode %q must be one of %s", o.TLSMode, strings.Join(TLSModes, ", "))
	}
	if (o.TLSCert == "") != (o.TLSKey == "") {
		return errors.New("a client certificate needs its key, and the key its certificate")
	}
	if o.MaxConnections < MinConnections {
		return fmt.Errorf("max connections %d must be greater than or equal to %d: to commit, to look for others' commits and to read", o.MaxConnections, MinConnections)
	}
	return nil
}

// config is the configuration that all connections share.
func (o Options) config() (*mysql.Config, error) {
	err := o.validate()
	var config *mysql.Config
	if err == nil {
		config, err = o.connection()
	}
	if err != nil {
		return nil, fmt.Errorf("MySQL options: %w", err)
	}
	if config.DBName == "" {
		return nil, errors.New("MySQL options: the DSN names no database")
	}
	config.Timeout = cmp.Or(config.Timeout, connectTimeout)
	// A batch is one message, with its values in it.
	config.MultiStatements, config.InterpolateParams = true, true
	config.ParseTime, config.ClientFoundRows, config.ColumnsWithAlias, config.AllowAllFiles = false, false, false, false
	config.Collation = ""
	config.Logger = &mysql.NopLogger{} // What it says, errors say too.
	return config, nil
}

func (o Options) connection() (*mysql.Config, error) {
	if o.DSN != "" {
		config, err := mysql.ParseDSN(o.DSN)
		if err != nil {
			// A malformed one can hold the password anywhere.
			return nil, errors.New("the DSN is not a connection string of Go's driver for MySQL: expected user:password@tcp(host:port)/database?tls=…")
		}
		return config, nil
	}
	config := mysql.NewConfig()
	config.User, config.Passwd, config.DBName = cmp.Or(o.Username, o.Name), o.Password, cmp.Or(o.Database, o.Name)
	host := strings.Trim(cmp.Or(o.Host, defaultHost), "[]")
	if strings.HasPrefix(host, "/") {
		config.Net, config.Addr = "unix", host
		return config, nil
	}
	config.Net, config.Addr = "tcp", net.JoinHostPort(host, strconv.Itoa(cmp.Or(o.Port, defaultPort)))
	var err error
	config.TLS, err = o.tls(host)
	config.AllowFallbackToPlaintext = cmp.Or(o.TLSMode, tlsPreferred) == tlsPreferred
	return config, err
}

// tls is nil if the connection is not to be encrypted.
func (o Options) tls(host string) (*tls.Config, error) {
	if o.TLSMode == TLSDisabled {
		return nil, nil
	}
	config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if o.TLSCA != "" {
		authorities, err := os.ReadFile(o.TLSCA)
		if err != nil {
			return nil, fmt.Errorf("certificate file: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, fmt.Errorf("certificate file: %s has no certificate in PEM", o.TLSCA)
		}
	}
	if o.TLSCert != "" {
		certificate, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
		if err != nil {
			return nil, fmt.Errorf("certificate file: %w", err)
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	switch o.TLSMode {
	case tlsVerifyIdentity:
	case tlsVerifyCA:
		config.InsecureSkipVerify = true // VerifyConnection does the rest.
		config.VerifyConnection = func(state tls.ConnectionState) error { return verifyAuthority(state, config.RootCAs) }
	default:
		config.InsecureSkipVerify = true // These modes ask for no more.
	}
	return config, nil
}

// verifyAuthority verifies a certificate whatever name it is for.
func verifyAuthority(state tls.ConnectionState, authorities *x509.CertPool) error {
	intermediates := x509.NewCertPool()
	for _, certificate := range state.PeerCertificates[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: authorities, Intermediates: intermediates})
	return err
}
