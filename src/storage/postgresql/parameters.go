package postgresql

import (
	"context"
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
	given := slices.Sorted(maps.Keys(config.RuntimeParams))
	given = slices.DeleteFunc(given, func(name string) bool { return !slices.Contains(withoutEffect, name) })
	for _, name := range given {
		take(name)
	}
	if len(given) > 0 {
		klog.ErrorS(nil, "Parameters of the connection to PostgreSQL have no effect in this server", "parameters", strings.Join(given, ", "))
	}
	return nil
}

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
// are verified by the names.
func adoptAddresses(config *pgx.ConnConfig, addresses []string) error {
	hosts := []string{config.Host}
	for _, fallback := range config.Fallbacks {
		if !slices.Contains(hosts, fallback.Host) {
			hosts = append(hosts, fallback.Host)
		}
	}
	if strings.HasPrefix(config.Host, "/") {
		return errors.New("hostaddr needs a host, by which the server's certificate is verified")
	}
	if len(addresses) != len(hosts) {
		return fmt.Errorf("hostaddr has %d of what host has %d of", len(addresses), len(hosts))
	}
	for _, address := range addresses {
		if net.ParseIP(address) == nil {
			return fmt.Errorf("hostaddr %q is not an IP address", address)
		}
	}
	lookup := config.LookupFunc
	config.LookupFunc = func(ctx context.Context, host string) ([]string, error) {
		if i := slices.Index(hosts, host); i >= 0 {
			return []string{addresses[i]}, nil
		}
		return lookup(ctx, host)
	}
	return nil
}
