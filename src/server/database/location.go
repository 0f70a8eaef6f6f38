package database

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/pflag"
)

// ParseLocation reads where a database is: sqlite:///var/lib/ark/ark.db, or
// postgresql://user@host:port/database?sslmode=verify-full, or the same with mysql. Parameters are
// the flags of the driver, without its name. Secrets come from files or the environment, as with
// flags: the list of processes would show them.
func ParseLocation(location string) (*Options, error) {
	u, err := url.Parse(location)
	if err != nil {
		return nil, errors.New("must be a URL such as sqlite:///path, postgresql://user@host/database or mysql://user@host/database")
	}
	options := NewOptions()
	options.Driver = u.Scheme
	if u.Scheme == "postgres" || u.Scheme == "mariadb" {
		options.Driver = map[string]string{"postgres": "postgresql", "mariadb": "mysql"}[u.Scheme]
	}
	chosen := options.chosen()
	if chosen == nil {
		return nil, fmt.Errorf("must begin with one of %s:", strings.Join(driverNames(), ":, "))
	}
	if _, secret := u.User.Password(); secret {
		return nil, errors.New("must not contain a password, which the process list would show: use ?password-file=…, or the environment")
	}
	flags := pflag.NewFlagSet(options.Driver, pflag.ContinueOnError)
	chosen.connection(options).addFlags(flags)
	values := u.Query()
	if !chosen.shared {
		if u.Host != "" {
			return nil, fmt.Errorf("%s://%s must be a path: use %[1]s:///path, or %[1]s:path", u.Scheme, u.Host)
		}
		values.Set("path", u.Opaque+u.Path)
	} else {
		for name, value := range map[string]string{
			"host": u.Hostname(), "port": u.Port(), "username": u.User.Username(), "database": strings.TrimPrefix(u.Path, "/"),
		} {
			if value != "" {
				values.Set(name, value)
			}
		}
	}
	for name, value := range values {
		flag := options.Driver + "-" + name
		if flags.Lookup(flag) == nil {
			return nil, fmt.Errorf("unknown parameter %q: there is no flag --%s", name, flag)
		}
		if err := flags.Set(flag, value[len(value)-1]); err != nil {
			return nil, err
		}
	}
	return options, errors.Join(options.Validate("")...)
}
