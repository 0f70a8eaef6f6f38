package storage

import (
	"cmp"
	"context"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/index"
)

// Options of an Engine. The zero value is ready for production.
type Options struct {
	// Log has the options of what is below the stores.
	Log changelog.Options
	// MaxValueBytes is the largest value a write may have. Default 1.5 MiB, etcd's limit for a
	// request.
	MaxValueBytes int
	// SelectorKey hides the labels and selectable fields of encrypted objects, so that the database
	// can tell which are equal, and nothing else. Without it they are not kept, and selectors for
	// such objects are decided by the process. All processes have the same; another one is slow
	// until objects are written again.
	SelectorKey []byte
	// Index says how fields and words are indexed, for resources that have a Describer.
	Index IndexOptions
}

// Engine has the stores of all resources of an API server, which share the log of one database.
type Engine struct {
	*changelog.Log
	backend driver.Backend
	options Options
	metrics *instruments
	indexes indexes
	reading entrance
}

// Open starts an Engine on backend, which belongs to it from then on: Close closes both, and so
// does an error, such as of a database that can't be read. ctx bounds Open only.
func Open(ctx context.Context, backend driver.Backend, options Options) (*Engine, error) {
	if options.MaxValueBytes == 0 {
		options.MaxValueBytes = 3 << 19
	}
	announceWatchProgress()
	log, err := changelog.Open(ctx, backend, options.Log)
	if err != nil {
		return nil, err
	}
	name := cmp.Or(options.Log.Name, changelog.DefaultName)
	options.Index.Name = cmp.Or(options.Index.Name, name)
	// Also of what is encrypted by now, and will have no index any more.
	index.DeleteLeft(options.Index.Options)
	return &Engine{Log: log, backend: backend, options: options, metrics: instrumentsOf(name)}, nil
}
