package database

import (
	"context"

	"github.com/spf13/pflag"

	"ark.ai/apiserver/src/storage/driver"
)

// choice is a database to choose from, by the name of its driver.
type choice struct {
	name string
	// shared databases may be used by several servers at a time.
	shared bool
	// common are the flags that a first start, or a first deployment, needs, without the name.
	common     []string
	connection func(*Options) connection
}

// choices are all of them, the default first.
var choices = []choice{
	{name: "sqlite", common: []string{"path"}, connection: func(o *Options) connection { return &o.SQLite }},
	{
		name: "postgresql", shared: true, common: []string{"host", "database", "username", "password-file", "sslmode", "dsn-file"},
		connection: func(o *Options) connection { return &o.PostgreSQL },
	},
	{ // MariaDB too
		name: "mysql", shared: true, common: []string{"host", "password-file", "tls-mode"},
		connection: func(o *Options) connection { return &o.MySQL },
	},
}

// connection says how a driver gets to its database.
type connection interface {
	addFlags(flags *pflag.FlagSet)
	// String says where the database is, for people.
	String() string
	// given are the names of its flags that were given.
	given() []string
	validate() []error
	// open opens the database; readOnly takes it as it is, whoever else uses it.
	open(ctx context.Context, readOnly bool) (driver.Backend, error)
	// migrate brings the schema up to date, and returns its name.
	migrate(ctx context.Context) (schema string, err error)
}

func driverNames() []string {
	names := make([]string, 0, len(choices))
	for _, choice := range choices {
		names = append(names, choice.name)
	}
	return names
}

// CommonFlags are the flags that a first start, or a first deployment, needs.
func CommonFlags() []string {
	names := []string{"storage-driver"}
	for _, choice := range choices {
		for _, flag := range choice.common {
			names = append(names, choice.name+"-"+flag)
		}
	}
	return names
}

// chosen is what is chosen, or nil if there is no such.
func (o *Options) chosen() *choice { return find(o.Driver) }

// find is the choice of a name, or nil.
func find(name string) *choice {
	for i := range choices {
		if choices[i].name == name {
			return &choices[i]
		}
	}
	return nil
}
