package postgresql

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"k8s.io/klog/v2"
)

// withoutEffect are parameters of libpq that pgx would pass on to the server, which refuses them.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
var withoutEffect = []string{
	"gssdelegation", "gsslib", "load_balance_hosts", "oauth_client_id", "oauth_client_secret", "oauth_issuer", "oauth_scope", "replication", "requirepeer",
	"requiressl", "scram_client_key", "scram_server_key", "ssl_max_protocol_version", "ssl_min_protocol_version", "sslcompression",
	"sslcrl", "sslcrldir", "sslkeylogfile", "tcp_user_timeout", "tty",
}

// adoptParameters does what the parameters of libpq ask for that pgx does not know. It says which
// ones it can't do anything about.
func adoptParameters(config *pgx.ConnConfig) error {
	take := func(name string) string {
		value := config.RuntimeParams[name]
		delete(config.RuntimeParams, name)
		return value
	}
	if name := take("fallback_application_name"); name != "" && config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = name
	}
	if take("gssencmode") == "require" {
		return errors.New("gssencmode=require can't be met: encryption is by TLS here, see sslmode")
	}
	if err := adoptKeepalives(config, take("keepalives"), take("keepalives_idle"), take("keepalives_interval"), take("keepalives_count")); err != nil {
		return err
	}
	if addresses := take("hostaddr"); addresses != "" {
		if err := adoptAddresses(config, strings.Split(addresses, ",")); err != nil {
			return err
		}
	}
	if dropped := dropWithoutEffect(config.RuntimeParams); len(dropped) > 0 {
		klog.ErrorS(nil, "Parameters of the connection to PostgreSQL have no effect in this server", "parameters", strings.Join(dropped, ", "))
	}
	return nil
}

// dropWithoutEffect drops the parameters of which nothing comes, and returns their names: those of
// withoutEffect, and settings that all connections have another value of. PostgreSQL takes names of
// settings in any case, and the last value.
func dropWithoutEffect(params map[string]string) []string {
	var dropped []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		ours, overwritten := ownSetting(strings.ToLower(name))
		if !overwritten && !slices.Contains(withoutEffect, name) {
			continue
		}
		if !overwritten || !strings.EqualFold(params[name], ours) {
			dropped = append(dropped, name)
		}
		delete(params, name)
	}
	return dropped
}

// adoptHosts takes hosts as people write them: addresses of IPv6 may have brackets.
func adoptHosts(config *pgx.ConnConfig) error {
	hosts := []*string{&config.Host}
	for _, fallback := range config.Fallbacks {
		hosts = append(hosts, &fallback.Host)
	}
	for _, host := range hosts {
		if isDirectory(*host) {
			continue
		}
		if name, port, err := net.SplitHostPort(*host); err == nil {
			if _, err := strconv.ParseUint(port, 10, 16); err != nil {
				return errors.New("a host has a colon: give the port by itself") // The rest could be a password.
			}
			return fmt.Errorf("host %q has a port: give host %q, and %q as the port", *host, name, port)
		}
		*host = strings.TrimSuffix(strings.TrimPrefix(*host, "["), "]")
	}
	return nil
}

// isDirectory reports whether a host is that of a Unix socket.
func isDirectory(host string) bool { return strings.HasPrefix(host, "/") }

// adoptKeepalives takes what is empty from Go's defaults.
func adoptKeepalives(config *pgx.ConnConfig, enabled, idle, interval, count string) error {
	if enabled+idle+interval+count == "" {
		return nil
	}
	var numbers [3]int
	for i, text := range []string{idle, interval, count} {
		if text == "" {
			continue
		}
		var err error
		if numbers[i], err = strconv.Atoi(text); err != nil {
			return errors.New("keepalives_idle, keepalives_interval and keepalives_count must be numbers")
		}
	}
	dialer := net.Dialer{Timeout: config.ConnectTimeout, KeepAlive: -1}
	if enabled != "0" {
		dialer.KeepAliveConfig = net.KeepAliveConfig{
			Enable: true, Idle: time.Duration(numbers[0]) * time.Second, Interval: time.Duration(numbers[1]) * time.Second, Count: numbers[2],
		}
	}
	config.DialFunc = dialer.DialContext
	return nil
}

// adoptAddresses has hosts be where hostaddr says, whatever their names resolve to. Certificates
// are verified by the names, which the TLS settings have.
func adoptAddresses(config *pgx.ConnConfig, addresses []string) error {
	hosts := []*string{&config.Host}
	perHost := 1 // attempts
	for _, fallback := range config.Fallbacks {
		hosts = append(hosts, &fallback.Host)
		// sslmode allow and prefer have two, with TLS and without.
		if (fallback.TLSConfig == nil) != (config.TLSConfig == nil) {
			perHost = 2
		}
	}
	if slices.ContainsFunc(hosts, func(host *string) bool { return isDirectory(*host) }) {
		return errors.New("hostaddr needs a host, by which the server's certificate is verified")
	}
	if len(addresses)*perHost != len(hosts) {
		return fmt.Errorf("hostaddr has %d of what host has %d of", len(addresses), len(hosts)/perHost)
	}
	if err := checkAddresses(addresses); err != nil {
		return err
	}
	for i, host := range hosts {
		*host = addresses[i/perHost]
	}
	return nil
}

func checkAddresses(addresses []string) error {
	for _, address := range addresses {
		if net.ParseIP(address) == nil {
			return fmt.Errorf("hostaddr %q is not an IP address", address)
		}
	}
	return nil
}
