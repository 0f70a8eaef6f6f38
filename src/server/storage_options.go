package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/postgresql"
	"ark.ai/apiserver/src/storage/sqlite"
)

// Names of the storage drivers.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgresql"
)

var drivers = []string{SQLite, PostgreSQL}

// openTimeout is how long a start waits for a database that does not answer.
const openTimeout = 15 * time.Second

// StorageOptions say where objects are stored and for how long their history is kept.
type StorageOptions struct {
	// Driver is SQLite or PostgreSQL.
	Driver string
	// SQLitePath is the database file.
	SQLitePath string
	PostgreSQL PostgreSQLOptions
	// CompactionWindow is how long superseded versions are kept.
	CompactionWindow time.Duration
	// CompactionMaxBytes is how many bytes of them may be kept; zero is what storage.Options has by default.
	CompactionMaxBytes resource.QuantityValue
	// SelectorKeyFile has the key that labels and fields of encrypted objects are hidden by; none: they are not kept.
	SelectorKeyFile string
}

// NewStorageOptions returns the defaults. SQLitePath has none: it depends on the data directory.
func NewStorageOptions() *StorageOptions {
	return &StorageOptions{Driver: SQLite, CompactionWindow: time.Hour}
}

// AddFlags adds a flag for every option.
func (o *StorageOptions) AddFlags(flags *pflag.FlagSet) {
	o.AddDatabaseFlags(flags)
	flags.DurationVar(&o.CompactionWindow, "compaction-window", o.CompactionWindow,
		"How long superseded versions of objects are kept for watches and paged lists to go on from.")
	flags.Var(&o.CompactionMaxBytes, "compaction-max-bytes",
		"How much may be written within --compaction-window, such as 4Gi: when there is more, the oldest versions are dropped before their time. "+
			"0 is four times what the living objects have, at least 1Gi.")
	flags.StringVar(&o.SelectorKeyFile, "encryption-selector-key-file", o.SelectorKeyFile,
		"The file containing a random key of at least 32 bytes, the same for all servers. With it the database decides label and field selectors "+
			"for encrypted objects: it is told keyed hashes of labels and fields, which tell what is equal and nothing else. Without it, it is told nothing of them.")
}

// AddDatabaseFlags adds those flags that say where the database is.
func (o *StorageOptions) AddDatabaseFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Driver, "storage-driver", o.Driver,
		"Database that objects are stored in, one of: "+strings.Join(drivers, ", ")+".")
	flags.StringVar(&o.SQLitePath, "sqlite-path", o.SQLitePath,
		"SQLite database file. Default: ark.db in the data directory.")
	o.PostgreSQL.addFlags(flags)
}

// minCompactionWindow lets a paged list and an interrupted watch go on after a few requests.
const minCompactionWindow = time.Minute

// minCompactionMaxBytes is some ten of the largest objects.
var minCompactionMaxBytes = resource.MustParse("16Mi")

// Validate finds options that contradict each other. It touches nothing outside the process.
func (o *StorageOptions) Validate() []error {
	var errs []error
	if !slices.Contains(drivers, o.Driver) {
		return []error{field.Invalid(field.NewPath("--storage-driver"), o.Driver, "must be one of "+strings.Join(drivers, ", "))}
	}
	if o.Driver != SQLite && o.SQLitePath != "" {
		errs = append(errs, fmt.Errorf("--sqlite-path has no effect with --storage-driver=%s", o.Driver))
	}
	if o.Driver != PostgreSQL {
		for _, flag := range o.PostgreSQL.given() {
			errs = append(errs, fmt.Errorf("--%s has no effect with --storage-driver=%s", flag, o.Driver))
		}
	} else {
		errs = append(errs, o.PostgreSQL.validate()...)
	}
	if o.CompactionWindow < minCompactionWindow {
		errs = append(errs, field.Invalid(field.NewPath("--compaction-window"), o.CompactionWindow.String(),
			"must be greater than or equal to "+minCompactionWindow.String()))
	}
	if bytes := o.CompactionMaxBytes; !bytes.IsZero() && bytes.Cmp(minCompactionMaxBytes) < 0 {
		errs = append(errs, field.Invalid(field.NewPath("--compaction-max-bytes"), bytes.String(),
			"must be 0, or greater than or equal to "+minCompactionMaxBytes.String()))
	}
	return errs
}

// Open opens the database and starts an engine on it. The caller closes it when the server has stopped.
func (o *StorageOptions) Open(ctx context.Context) (*storage.Engine, error) {
	selectorKey, err := o.selectorKey()
	if err != nil {
		return nil, err
	}
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	backend, err := o.openBackend(opening)
	if err != nil {
		return nil, err
	}
	return storage.Open(opening, backend, storage.Options{
		Log:         changelog.Options{CompactionWindow: o.CompactionWindow, HistoryBytes: o.CompactionMaxBytes.Value()},
		SelectorKey: selectorKey,
	})
}

// minSelectorKey is how many bytes a key has that can't be guessed.
const minSelectorKey = 32

func (o *StorageOptions) selectorKey() ([]byte, error) {
	if o.SelectorKeyFile == "" {
		return nil, nil
	}
	key, err := os.ReadFile(o.SelectorKeyFile)
	if err != nil {
		return nil, fmt.Errorf("--encryption-selector-key-file: %w", err)
	}
	if key = bytes.TrimSpace(key); len(key) < minSelectorKey {
		return nil, fmt.Errorf("--encryption-selector-key-file: %s has %d bytes, must have at least %d: make one by `openssl rand -base64 32`", o.SelectorKeyFile, len(key), minSelectorKey)
	}
	return key, nil
}

// Migrate brings the schema of the database up to date, and returns its name.
func (o *StorageOptions) Migrate(ctx context.Context) (schema string, err error) {
	if o.Driver != PostgreSQL {
		return "", fmt.Errorf("--storage-driver=%s: a server brings its file up to date when it starts", o.Driver)
	}
	options, err := o.PostgreSQL.backendOptions()
	if err != nil {
		return "", err
	}
	return postgresql.Migrate(ctx, options)
}

// withBackend opens the database without serving it, and closes it again.
func (o *StorageOptions) withBackend(ctx context.Context, use func(driver.Backend) error) error {
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	backend, err := o.openBackend(opening)
	if err != nil {
		return err
	}
	return errors.Join(use(backend), backend.Close())
}

func (o *StorageOptions) openBackend(ctx context.Context) (driver.Backend, error) {
	if o.Driver == PostgreSQL {
		options, err := o.PostgreSQL.backendOptions()
		if err != nil {
			return nil, err
		}
		return postgresql.Open(ctx, options)
	}
	return sqlite.Open(ctx, sqlite.Options{Path: o.SQLitePath})
}
