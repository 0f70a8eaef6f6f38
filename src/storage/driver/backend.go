package driver

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Backend keeps keys, their values and every recent revision of them in one database.
//
// It knows bytes and revisions, nothing of Kubernetes objects. A revision is the database-wide
// number of a committed write: the first write gets 2 (1 marks an empty database), the next one 3,
// without gaps, in commit order. A reader that sees revision r sees every write up to r. All
// methods are safe for concurrent use, except that Commit is only ever called by one goroutine of a
// process.
//
// A Backend remembers the newest entry of the log that it has returned. A commit or read that finds
// the log without it fails with ErrDiverged: the database lost commits, by a failover or because an
// older copy was restored, and revisions may stand for something else now. That lasts until
// StartIncarnation.
//
// Errors that a caller may act upon are, or wrap, the Err variables of this package; any other
// error means that the operation did not take place.
type Backend interface {
	// Name is the driver's name, as in flags and metrics: "sqlite", "postgresql".
	Name() string

	// Commit applies batch in one durable transaction, or not at all. No two writes of a batch have
	// the same key. A write whose precondition does not hold is left out, the others are not
	// affected by it. The result has one revision per write, in the order of the batch: revisions
	// ascend, 0 means that the write's precondition did not hold. An error means that nothing was
	// committed, except ErrUnknownOutcome.
	Commit(ctx context.Context, batch []Write) (revisions []int64, err error)

	// Get reads the record of key as it was at revision at, or now if at is 0. It returns nil if
	// the key does not exist, and the database's current revision at the moment of reading. Errors:
	// ErrCompacted, ErrFutureRevision.
	Get(ctx context.Context, key string, at int64) (record *Record, current int64, err error)

	// GetAll reads the records of those of some keys that existed at a revision, in the order of
	// keys. Errors: ErrCompacted, ErrFutureRevision.
	GetAll(ctx context.Context, query KeysQuery) ([]Record, error)

	// List reads one page of records in ascending byte order of their keys, from one snapshot.
	// Errors: ErrCompacted, ErrFutureRevision.
	List(ctx context.Context, query ListQuery) (Page, error)

	// Log reads at most limit changes with a revision above after and a key that starts with
	// prefix, in order of revision. through is the revision up to which the log has been read:
	// every matching change in (after, through] is in the result. Errors: ErrCompacted if after is
	// below the compacted revision.
	Log(ctx context.Context, after int64, prefix string, limit int) (changes []Change, through int64, err error)

	// StartIncarnation puts an end to ErrDiverged: revisions go on far above all that were ever
	// used, and what was before counts as compacted. It does nothing if there is no reason to, or
	// if another process did so. Errors: ErrUnfinished, ErrMoved.
	StartIncarnation(ctx context.Context) (Incarnation, error)

	// Rows reads the log as it is kept, whatever the database's role: in order of revision, from
	// the oldest row on that there is. A copy of all rows is a copy of the database.
	Rows(ctx context.Context, query RowQuery) (Rows, error)

	// Import adds rows of another database to this one, with their revisions, and sets its role.
	// Errors: ErrDiverged if the database is not where the import goes on from.
	Import(ctx context.Context, batch Import) error

	// CurrentRevision is the newest committed revision.
	CurrentRevision(ctx context.Context) (int64, error)

	// CompactRevision is the revision below which history is gone: changes up to it can't be
	// replayed, states before it can't be read. 0 if nothing was compacted yet.
	CompactRevision(ctx context.Context) (int64, error)

	// Compact drops versions that were superseded, and tombstones that were written, at or before
	// revision, in small transactions that do not hold up writers. The current state and the newest
	// log entry always stay. It does nothing if another process is compacting the same database.
	Compact(ctx context.Context, revision int64) error

	// Purge drops all history, and whatever of it, of deleted keys and of former values is left in
	// the database's files. It rewrites them, which takes time and space; on PostgreSQL everybody
	// else waits for that.
	Purge(ctx context.Context) error

	// CommitTime is the commit time of the oldest log entry that has at least this revision.
	CommitTime(ctx context.Context, revision int64) (time.Time, error)

	// RevisionBeyond is the newest revision whose value, with those of all after it, has more than
	// a number of bytes; 0 if all above the compacted revision have no more than that.
	RevisionBeyond(ctx context.Context, bytes int64) (int64, error)

	// Expired returns at most limit records whose ExpiresAt has passed at now.
	Expired(ctx context.Context, now time.Time, limit int) ([]Record, error)

	// Stats counts the keys that start with prefix and the bytes of their values.
	Stats(ctx context.Context, prefix string) (Stats, error)

	// Size is the number of bytes that the database takes on disk, indexes and history included.
	Size(ctx context.Context) (int64, error)

	// Schema tells which version the tables have.
	Schema(ctx context.Context) (Schema, error)

	// Replication tells how far replicas are behind. What the user of the connection may not know
	// is no error.
	Replication(ctx context.Context) (Replication, error)

	// Pools tells how busy the connections are, without asking the database.
	Pools() []Pool

	// Listen calls wake whenever another process may have committed. It keeps trying until ctx
	// ends, and calls wake after each reconnection. A backend that cannot be notified returns at
	// once: callers poll too.
	Listen(ctx context.Context, wake func())

	// Ping reports whether the database answers and is not read-only. It changes nothing.
	Ping(ctx context.Context) error

	// Close releases the database. Nothing else may be called afterwards.
	Close() error
}

// DiskBackend is a Backend whose files are on a disk of this machine.
type DiskBackend interface {
	Backend

	// Disk tells how much of it is taken and left.
	Disk() (Disk, error)

	// CheckWrites tells why writes are refused, if they are, without writing.
	CheckWrites() error
}

// Disk is the state of a disk with a database.
type Disk struct {
	// WriteAheadLog is the size of the log of writes that are not in the database's own file yet,
	// in bytes.
	WriteAheadLog int64
	// Free is how many bytes there are for new data.
	Free int64
}

var (
	// ErrCompacted means that the revision asked for is no longer kept.
	ErrCompacted = errors.New("revision has been compacted")

	// ErrFutureRevision means that the revision asked for has not been committed yet.
	ErrFutureRevision = errors.New("revision is in the future")

	// ErrUnknownOutcome means that the connection was lost during a commit: the batch may or may
	// not be durable.
	ErrUnknownOutcome = errors.New("outcome of the commit is unknown")

	// ErrUnavailable means that the database can't be used right now and that nothing was changed.
	ErrUnavailable = errors.New("database unavailable")
)

// ErrDiverged means that the database is not the one that was read before: see Backend. Nothing was
// changed.
var ErrDiverged = fmt.Errorf("%w: its log is not the one that was read before", ErrUnavailable)

// Incarnation is what StartIncarnation did.
type Incarnation struct {
	// Began is its first revision; 0 if none was begun.
	Began int64
	// Seen is the newest revision that this Backend had returned, Found the newest one in the
	// database.
	Seen, Found int64
	// Lost means that the database lacked what this Backend had returned; else it was only in
	// another place.
	Lost bool
}

// Write is a change asked for: a create if Expected is 0, else an update or a deletion.
type Write struct {
	Key string
	// Expected is the revision that the key's record must have; 0: the key must not exist.
	Expected int64
	// Delete removes the key; Value, Attributes and ExpiresAt are then ignored.
	Delete bool
	Value  []byte
	Attributes
	// ExpiresAt is when the record is to be deleted; zero: never.
	ExpiresAt time.Time
}

// Attributes are what selectors can ask about an object. They are kept beside its value, because
// the value may be encrypted, or hold what a database's own JSON functions refuse. Those of
// encrypted values are hidden.
type Attributes struct {
	Labels map[string]string
	// Fields are the selectable fields by path, such as "status.phase".
	Fields map[string]string
}

// Record is the state of a key.
type Record struct {
	Key      string
	Value    []byte
	Revision int64
	// Checksum of Value when it was written.
	Checksum Checksum
}

// One is the only one of records of which there is at most one, or nil.
func One(records []Record) *Record {
	if len(records) == 0 {
		return nil
	}
	return &records[0]
}

// KeysQuery asks for the records of keys.
type KeysQuery struct {
	// Keys are wanted, of which no two are the same.
	Keys []string
	// Revision as of which they are wanted.
	Revision int64
	// Bare records have neither value nor checksum.
	Bare bool
}

// ListQuery asks for one page of records.
type ListQuery struct {
	// Prefix all keys start with.
	Prefix string
	// Start is the first key wanted; "" is the beginning of Prefix.
	Start string
	// Revision of the snapshot; 0 is the current one.
	Revision int64
	// Limit is the largest number of records; 0 is no limit.
	Limit int
	// Filter all records match.
	Filter Filter
	// Count asks for Page.Remaining.
	Count bool
	// Bare records have neither value nor checksum. There is no Filter then.
	Bare bool
}

// Page is an answer to a ListQuery.
type Page struct {
	Records []Record
	// Revision of the snapshot.
	Revision int64
	// More is true if further records of the query come after this page.
	More bool
	// Remaining is the number of keys from the query's start to the end of its prefix that are not
	// on this page, without regard to the filter; only if the query asked to count.
	Remaining int64
}

// Change is an entry of the log.
type Change struct {
	Key      string
	Revision int64
	// Deleted is true for a tombstone, which has no Value.
	Deleted bool
	Value   []byte
	// PrevRevision and PrevValue are what the key had before; 0 and nil if it did not exist.
	PrevRevision int64
	PrevValue    []byte
	// Checksum and PrevChecksum are those of the values when they were written.
	Checksum, PrevChecksum Checksum
}

// Stats are sizes of a part of the database.
type Stats struct {
	Keys int64
	// Bytes is the sum of the lengths of the values.
	Bytes int64
}

// Pool is the state of the connections that a backend has for one purpose.
type Pool struct {
	// Name says what for: "read", "write".
	Name string
	// InUse and Idle are connections that are open, Max is how many may be.
	InUse, Idle, Max int
	// Waits counts the operations that found no idle connection, Waited is the time that they
	// waited.
	Waits  int64
	Waited time.Duration
}

// Filter is a conjunction of requirements on Attributes. A record may be left out only if a
// requirement fails; the caller decides the rest.
type Filter []Requirement

// Requirement is one condition on an attribute.
type Requirement struct {
	// Field is true for Attributes.Fields, false for Attributes.Labels.
	Field    bool
	Key      string
	Operator Operator
	// Values are those under Key and, if that is given, those under HiddenKey.
	Values []string
	// HiddenKey is the attribute's other name, in records hidden by the key with the ID HiddenBy.
	// The labels of those that another key has hidden are unknown.
	HiddenKey, HiddenBy string
}

// HiddenLabel is a name that no label of an object can have. A record with it is encrypted; the
// value is the ID of the key that its labels and fields are hidden by.
const HiddenLabel = "?"

// Operator of a Requirement.
type Operator int

// A field that a record has no value for is unknown (the record was written before the field became
// selectable) and meets every requirement. A label that is absent is known to be so: it meets NotIn
// and NotExists. If HiddenLabel has another value than Requirement.HiddenBy, an absent label is
// unknown.
const (
	// In: the attribute has one of the values.
	In Operator = iota
	// NotIn: the attribute has none of the values.
	NotIn
	// Exists: the label is there.
	Exists
	// NotExists: the label is not there.
	NotExists
)
