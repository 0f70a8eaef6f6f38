// Package database opens the database that flags choose, for servers and for the commands that
// maintain it.
package database

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/index"
)

// serverName is what metrics, the default schema and other names in a database begin with.
const serverName = "ark"

// openTimeout is how long a start waits for a database that does not answer.
const openTimeout = 15 * time.Second

// Options say where objects are stored and for how long their history is kept.
type Options struct {
	// Driver is one of those in the table: "sqlite", "postgresql", "mysql".
	Driver     string
	SQLite     SQLiteOptions
	PostgreSQL PostgreSQLOptions
	MySQL      MySQLOptions
	// CompactionWindow is how long superseded versions are kept.
	CompactionWindow time.Duration
	// CompactionMaxBytes is how many bytes of them may be kept; zero is what changelog.Options has
	// by default.
	CompactionMaxBytes resource.QuantityValue
	// FieldIndexThreshold is how long a list takes that has the fields of its kind indexed; 0: none
	// has. FieldIndexDir is where indexes are, or else DefaultFieldIndexDir, or else the directory
	// for temporary files.
	FieldIndexThreshold                 time.Duration
	FieldIndexDir, DefaultFieldIndexDir string
	// SelectorKeyFile has the key that labels and fields of encrypted objects are hidden by; none:
	// they are not kept.
	SelectorKeyFile string
}

// NewOptions returns the defaults. Where SQLite's file is depends on the server.
func NewOptions() *Options {
	return &Options{Driver: choices[0].name, CompactionWindow: time.Hour, FieldIndexThreshold: 20 * time.Millisecond}
}

// AddFlags adds a flag for every option.
func (o *Options) AddFlags(flags *pflag.FlagSet) {
	o.AddDatabaseFlags(flags)
	flags.DurationVar(&o.CompactionWindow, "compaction-window", o.CompactionWindow,
		"How long superseded versions of objects are kept for watches and paged lists to go on from; at least "+minCompactionWindow.String()+".")
	flags.Var(&o.CompactionMaxBytes, "compaction-max-bytes",
		"How much may be written within --compaction-window, such as 4Gi: when there is more, the oldest versions are dropped before their time. "+
			"0 is four times what the living objects have, at least 1Gi; others at least "+minCompactionMaxBytes.String()+".")
	flags.DurationVar(&o.FieldIndexThreshold, "field-index-threshold", o.FieldIndexThreshold,
		"A list with a selector that takes longer than this has the fields, labels and words of its kind indexed, for later lists. 0 never indexes.")
	flags.StringVar(&o.FieldIndexDir, "field-index-dir", o.FieldIndexDir,
		"The directory for indexes of fields, which each server makes for itself. Default: the data directory, or that for temporary files.")
	flags.StringVar(&o.SelectorKeyFile, "encryption-selector-key-file", o.SelectorKeyFile,
		fmt.Sprintf("The file containing a random key of at least %d bytes, the same for all servers. ", minSelectorKey)+"With it the database decides label and field selectors "+
			"for encrypted objects: it is given keyed hashes of labels and fields, which reveal what is equal and nothing else. Without it, it is given nothing of them.")
}

// AddDatabaseFlags adds those flags that say where the database is.
func (o *Options) AddDatabaseFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Driver, "storage-driver", o.Driver,
		"Database that objects are stored in, one of: "+strings.Join(driverNames(), ", ")+".")
	for _, choice := range choices {
		choice.connection(o).addFlags(flags)
	}
}

// minCompactionWindow lets a paged list and an interrupted watch go on after a few requests.
const minCompactionWindow = time.Minute

// minCompactionMaxBytes is some ten of the largest objects.
var minCompactionMaxBytes = resource.MustParse("16Mi")

// Validate finds options that contradict each other, or the value of --encryption-provider-config.
// It touches nothing outside the process.
func (o *Options) Validate(encryptionProviderConfig string) []error {
	chosen := o.chosen()
	if chosen == nil {
		return []error{field.Invalid(field.NewPath("--storage-driver"), o.Driver, "must be one of "+strings.Join(driverNames(), ", "))}
	}
	errs := chosen.connection(o).validate()
	for _, choice := range choices {
		if choice.name == o.Driver {
			continue
		}
		for _, flag := range choice.connection(o).given() {
			errs = append(errs, fmt.Errorf("--%s has no effect with --storage-driver=%s", flag, o.Driver))
		}
	}
	if o.SelectorKeyFile != "" && encryptionProviderConfig == "" {
		errs = append(errs, errors.New("--encryption-selector-key-file has no effect without --encryption-provider-config"))
	}
	if o.CompactionWindow < minCompactionWindow {
		errs = append(errs, field.Invalid(field.NewPath("--compaction-window"), o.CompactionWindow.String(),
			"must be greater than or equal to "+minCompactionWindow.String()))
	}
	if o.FieldIndexThreshold < 0 {
		errs = append(errs, field.Invalid(field.NewPath("--field-index-threshold"), o.FieldIndexThreshold.String(), "must be greater than or equal to 0"))
	}
	if bytes := o.CompactionMaxBytes; !bytes.IsZero() && bytes.Cmp(minCompactionMaxBytes) < 0 {
		errs = append(errs, field.Invalid(field.NewPath("--compaction-max-bytes"), bytes.String(),
			"must be 0, or greater than or equal to "+minCompactionMaxBytes.String()))
	}
	return errs
}

// Open opens the database and starts an engine on it. The caller closes it when the server has
// stopped.
func (o *Options) Open(ctx context.Context) (*storage.Engine, error) {
	selectorKey, err := o.selectorKey()
	if err != nil {
		return nil, err
	}
	if err := o.checkFieldIndexDir(); err != nil {
		return nil, err
	}
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	backend, err := o.open(opening, false)
	if err != nil {
		return nil, err
	}
	engine, err := storage.Open(opening, backend, storage.Options{
		Log: changelog.Options{
			Name: serverName, CompactionWindow: o.CompactionWindow, HistoryBytes: o.CompactionMaxBytes.Value(),
		},
		SelectorKey: selectorKey,
		Index: storage.IndexOptions{
			Options: index.Options{Dir: cmp.Or(o.FieldIndexDir, o.DefaultFieldIndexDir)},
			Off:     o.FieldIndexThreshold == 0, Slow: o.FieldIndexThreshold,
		},
	})
	if errors.Is(err, driver.ErrMoved) {
		err = fmt.Errorf("%w; after migrate to-crds, that is kube-apiserver's", err)
	}
	return engine, err
}

// checkFieldIndexDir makes sure that an index, which is made when it is needed, can be made.
func (o *Options) checkFieldIndexDir() error {
	if o.FieldIndexDir == "" {
		return nil
	}
	probe, err := os.MkdirTemp(o.FieldIndexDir, "")
	if err == nil {
		err = os.Remove(probe)
	}
	if err != nil {
		return fmt.Errorf("--field-index-dir: %w", err)
	}
	return nil
}

// minSelectorKey is how many bytes a key has that can't be guessed.
const minSelectorKey = 32

func (o *Options) selectorKey() ([]byte, error) {
	if o.SelectorKeyFile == "" {
		return nil, nil
	}
	key, err := os.ReadFile(o.SelectorKeyFile)
	if err != nil {
		return nil, fmt.Errorf("--encryption-selector-key-file: %w", err)
	}
	if key = bytes.TrimSpace(key); len(key) < minSelectorKey {
		return nil, fmt.Errorf("--encryption-selector-key-file: %s has %d bytes, must have at least %d: generate one with `openssl rand -base64 32`", o.SelectorKeyFile, len(key), minSelectorKey)
	}
	return key, nil
}

// String says where the database is, for people.
func (o *Options) String() string {
	return o.chosen().connection(o).String()
}

// Shared reports whether several servers may use the database at a time.
func (o *Options) Shared() bool {
	return o.chosen().shared
}

// IsSpecified reports whether the options say where the database is. A shared one is somewhere by
// default.
func (o *Options) IsSpecified() bool {
	return o.Shared() || len(o.chosen().connection(o).given()) > 0
}

// Migrate brings the schema of the database up to date, and returns its name.
func (o *Options) Migrate(ctx context.Context) (schema string, err error) {
	return o.chosen().connection(o).migrate(ctx)
}

func (o *Options) open(ctx context.Context, readOnly bool) (driver.Backend, error) {
	return o.chosen().connection(o).open(ctx, readOnly)
}

// withBackend opens the database without serving it, and closes it again. readOnly takes it as it
// is, whoever else uses it.
func (o *Options) withBackend(ctx context.Context, readOnly bool, use func(driver.Backend) error) error {
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	backend, err := o.open(opening, readOnly)
	if err != nil {
		return err
	}
	return errors.Join(use(backend), backend.Close())
}
