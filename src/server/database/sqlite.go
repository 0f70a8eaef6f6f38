package database

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/pflag"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
)

// applicationID marks files of this server: "ark1".
const applicationID = 0x61726b31

// SQLiteOptions say where the file of a SQLite database is.
type SQLiteOptions struct {
	// Path of the file, or else DefaultPath.
	Path, DefaultPath string
}

func (o *SQLiteOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Path, "sqlite-path", o.Path, "SQLite database file. Default: ark.db in the data directory.")
}

// String implements fmt.Stringer.
func (o *SQLiteOptions) String() string {
	return "the SQLite database " + o.path()
}

func (o *SQLiteOptions) path() string {
	return cmp.Or(o.Path, o.DefaultPath)
}

func (o *SQLiteOptions) given() []string {
	return given(flag{"sqlite-path", o.Path != ""})
}

func (o *SQLiteOptions) validate() []error { return nil }

func (o *SQLiteOptions) open(ctx context.Context, readOnly bool) (driver.Backend, error) {
	path := o.path()
	if path == "" {
		return nil, errors.New("--sqlite-path must be specified")
	}
	return openFile(ctx, path, readOnly)
}

// openFile opens a file of this server.
func openFile(ctx context.Context, path string, readOnly bool) (*sqlite.Backend, error) {
	return sqlite.Open(ctx, sqlite.Options{Path: path, ApplicationID: applicationID, ReadOnly: readOnly})
}

func (o *SQLiteOptions) migrate(context.Context) (string, error) {
	return "", errors.New("--storage-driver=sqlite: a server brings its file up to date when it starts")
}
