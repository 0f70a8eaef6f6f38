package storage

import (
	"context"
	"fmt"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/value"
	"k8s.io/apiserver/pkg/storage/value/encrypt/identity"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// StoreConfig says what one resource's store keeps and how.
type StoreConfig struct {
	GroupResource schema.GroupResource
	// Prefix comes before all keys; it may be empty.
	Prefix string
	// ResourcePrefix is what the resource's keys start with: "/" or longer.
	ResourcePrefix string
	// Codec turns objects into the bytes that are stored, and back, without being told of which
	// type. Of equal objects it makes equal bytes, by which updates that change nothing are known;
	// JSON can be queried by SQL.
	Codec runtime.Codec
	// Transformer encrypts at rest; nil doesn't.
	Transformer value.Transformer
	// NewFunc makes an empty object of the resource, of the type that Codec makes.
	NewFunc func() runtime.Object
	// GetAttrs is what selectors can ask about an object; nil leaves all selecting to the process.
	// It has to agree with the GetAttrs of the predicates in requests.
	GetAttrs storage.AttrFunc
	// IsCorrupt tells which errors of Transformer mean that a value is damaged for good, so that
	// the object may be deleted unread on request; nil means all of them.
	IsCorrupt func(error) bool
	// Describer has the resource's fields and words indexed, if lists need it; nil doesn't.
	Describer Describer
}

// store implements storage.Interface for one resource.
type store struct {
	StoreConfig
	engine     *Engine
	versioner  storage.Versioner
	pathPrefix string
	resource   changelog.Resource
	// plaintext is true without encryption: what is written can be read again, so that there is no
	// need to try before watchers get it.
	plaintext bool
	hider     hider
	sized     atomic.Bool

	// counted is what is stored as of the revision countedAt, or later; counting guards both.
	counting  sync.Mutex
	counted   driver.Stats
	countedAt int64

	remaining *remaining
	decisions *decisions
	// fieldIndex is nil if the resource has none.
	fieldIndex *fieldIndex
	// decoded is nil if the resource has no watch cache, or nobody asks for whole objects.
	decoded *decodedObjects
}

var _ storage.Interface = (*store)(nil)

// NewStore makes the storage.Interface of one resource. It holds nothing that has to be released.
func (e *Engine) NewStore(config StoreConfig) (storage.Interface, error) {
	store, err := e.newStore(config)
	if err != nil {
		return nil, err
	}
	return store, nil
}

func (e *Engine) newStore(config StoreConfig) (*store, error) {
	if !strings.HasPrefix(config.ResourcePrefix, "/") || config.ResourcePrefix == "/" {
		return nil, fmt.Errorf("resource prefix %q must start with / and name the resource", config.ResourcePrefix)
	}
	if err := config.checkCodec(); err != nil {
		return nil, fmt.Errorf("the store of %s: %w", config.GroupResource, err)
	}
	plaintext := config.Transformer == nil
	if plaintext {
		config.Transformer = identity.NewEncryptCheckTransformer()
	}
	pathPrefix := path.Join("/", config.Prefix)
	if !strings.HasSuffix(pathPrefix, "/") {
		pathPrefix += "/"
	}
	s := &store{
		StoreConfig: config,
		engine:      e,
		versioner:   storage.APIObjectVersioner{},
		pathPrefix:  pathPrefix,
		resource: changelog.Resource{
			Group:  config.GroupResource.Group,
			Name:   config.GroupResource.Resource,
			Prefix: pathPrefix + strings.Trim(config.ResourcePrefix, "/") + "/",
		},
		plaintext: plaintext,
		hider:     newHider(e.options.SelectorKey, config.GroupResource.String()),
		remaining: newRemaining(),
		decisions: newDecisions(),
	}
	s.fieldIndex = s.newFieldIndex(config.Describer)
	return s, nil
}

// key is the key in the database. A recursive one ends in "/".
func (s *store) key(key string, recursive bool) (string, error) {
	key, err := storage.PrepareKey(s.ResourcePrefix, key, recursive)
	if err != nil {
		return "", err
	}
	return s.pathPrefix + strings.TrimPrefix(key, "/"), nil
}

// Versioner implements storage.Interface.
func (s *store) Versioner() storage.Versioner {
	return s.versioner
}

// Get implements storage.Interface.
func (s *store) Get(ctx context.Context, key string, opts storage.GetOptions, out runtime.Object) (err error) {
	key, err = s.key(key, false)
	if err != nil {
		return err
	}
	defer s.observe("get", time.Now(), &err)
	record, current, err := s.engine.backend.Get(ctx, key, 0)
	if err != nil {
		return statusError(err)
	}
	if err := s.checkNotOlderThan(opts.ResourceVersion, current); err != nil {
		return err
	}
	if record == nil {
		if opts.IgnoreNotFound {
			return runtime.SetZeroValue(out)
		}
		return storage.NewKeyNotFoundError(key, 0)
	}
	data, _, err := s.decrypt(ctx, key, record.Value, record.Checksum)
	if err == nil {
		err = s.decodeInto(data, record.Revision, out)
	}
	return asCorruptObject(key, err)
}

// checkNotOlderThan makes sure that what was read at revision is not older than a client has seen.
func (s *store) checkNotOlderThan(resourceVersion string, revision int64) error {
	if resourceVersion == "" {
		return nil
	}
	minimum, err := s.versioner.ParseResourceVersion(resourceVersion)
	if err != nil {
		return apierrors.NewBadRequest(fmt.Sprintf("invalid resource version: %v", err))
	}
	if minimum > uint64(revision) {
		return storage.NewTooLargeResourceVersionError(minimum, uint64(revision), 0)
	}
	return nil
}

// ReadinessCheck implements storage.Interface. The database's state is the server's business
// (Engine.Ping); a store needs no time to get ready.
func (s *store) ReadinessCheck() error {
	return nil
}

// GetCurrentResourceVersion implements storage.Interface. Whoever asks is about to wait until a
// watch cache has seen that revision, so the watchers of the resource hear of it without further
// asking.
func (s *store) GetCurrentResourceVersion(ctx context.Context) (uint64, error) {
	revision, err := s.engine.backend.CurrentRevision(ctx)
	if err != nil {
		return 0, statusError(err)
	}
	s.engine.Progress(s.resource, revision)
	return uint64(revision), nil
}

// RequestWatchProgress implements storage.Interface.
func (s *store) RequestWatchProgress(context.Context) error {
	s.engine.Wake()
	s.engine.Progress(s.resource, 0)
	return nil
}

// CompactRevision implements storage.Interface.
func (s *store) CompactRevision() int64 {
	return s.engine.CompactRevision()
}

// Stats implements storage.Interface.
func (s *store) Stats(ctx context.Context) (stats storage.Stats, err error) {
	defer s.observe("stats", time.Now(), &err)
	counted, err := s.count(ctx)
	if err != nil {
		return storage.Stats{}, statusError(err)
	}
	stats.ObjectCount = counted.Keys
	if s.sized.Load() && counted.Keys > 0 {
		stats.EstimatedAverageObjectSizeBytes = counted.Bytes / counted.Keys
	}
	return stats, nil
}

// count counts what is stored, unless nothing has changed since that was done: upstream asks every
// minute for each resource.
func (s *store) count(ctx context.Context) (driver.Stats, error) {
	s.counting.Lock()
	defer s.counting.Unlock()
	head, quiet := s.engine.Quiet(s.resource, s.countedAt)
	if !quiet || s.countedAt == 0 {
		counted, err := s.engine.backend.Stats(ctx, s.resource.Prefix)
		if err != nil {
			return driver.Stats{}, err
		}
		s.counted = counted
	}
	s.countedAt = head
	return s.counted, nil
}

// EnableResourceSizeEstimation implements storage.Interface. The database knows all sizes: keys is
// not needed.
func (s *store) EnableResourceSizeEstimation(keys storage.KeysFunc) error {
	if keys == nil {
		return fmt.Errorf("KeysFunc cannot be nil")
	}
	if s.sized.Swap(true) {
		return fmt.Errorf("resource size estimation is already enabled")
	}
	return nil
}
