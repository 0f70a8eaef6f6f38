package database

import (
	"context"
	"errors"
	"strings"
	"time"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/transfer"
)

// Status is what can be said of a database without reading values.
type Status struct {
	// Database says where it is, Driver which it is.
	Database string `json:"database"`
	Driver   string `json:"driver"`
	// SchemaVersion is that of the tables, NewestSchemaVersion the one that this binary brings them
	// to.
	SchemaVersion       int `json:"schemaVersion"`
	NewestSchemaVersion int `json:"newestSchemaVersion"`
	// Content is nil if it can't be read, since these differ.
	*Content
	// Copy is only there if it was asked what the database is a copy of.
	Copy *transfer.Lag `json:"copy,omitempty"`
	// Indexes are those of a server, which has them apart from the database; only if it was asked.
	Indexes []storage.IndexStatus `json:"indexes,omitempty"`
}

// Content is what the tables have, and what their server knows of replicas.
type Content struct {
	// Role is original, copy, unfinished or moved.
	Role string `json:"role"`
	// Revision is the newest one, CommittedAt when it was committed.
	Revision    int64     `json:"revision"`
	CommittedAt time.Time `json:"committedAt"`
	// Incarnation counts how often revisions were raised, because the database went back or was
	// restored.
	Incarnation int64 `json:"incarnation"`
	// CompactedRevision is where history begins, Changes how many there are since, OldestChange
	// when the first of them was committed.
	CompactedRevision int64      `json:"compactedRevision"`
	Changes           int64      `json:"changes"`
	OldestChange      *time.Time `json:"oldestChange,omitempty"`
	// LogRows are the writes that are kept: those changes, and what lives or was superseded by
	// them.
	LogRows int64 `json:"logRows"`
	// Objects are the living ones, Bytes those of their values, DatabaseBytes what all of it takes
	// on the disk.
	Objects       int64         `json:"objects"`
	Bytes         int64         `json:"bytes"`
	DatabaseBytes int64         `json:"databaseBytes"`
	Resources     []ObjectCount `json:"resources"`
	Replication   Replication   `json:"replication"`
}

// ObjectCount is how many objects of a resource there are.
type ObjectCount struct {
	Resource string `json:"resource"`
	Objects  int64  `json:"objects"`
	Bytes    int64  `json:"bytes"`
}

// Replication is that of the database's server.
type Replication struct {
	// Replicas follow the server, Sources are what it follows itself.
	Replicas []Peer `json:"replicas"`
	Sources  []Peer `json:"sources"`
	// Hidden are sentences on what the server does not tell.
	Hidden []string `json:"hidden"`
}

// Peer is another server, and how far the replica is behind, of the two; nil is unknown.
type Peer struct {
	Name       string   `json:"name"`
	Address    string   `json:"address"`
	State      string   `json:"state"`
	Sync       string   `json:"sync"`
	LagBytes   *int64   `json:"lagBytes"`
	LagSeconds *float64 `json:"lagSeconds"`
}

var roles = map[driver.Role]string{
	driver.Original: "original", driver.Copied: "copy", driver.Unfinished: "unfinished copy", driver.Moved: "moved",
}

// IsRetired reports whether something else has taken the database's place.
func (c *Content) IsRetired() bool { return c.Role == roles[driver.Moved] }

// IsShared reports whether several servers may use the database at a time.
func (s *Status) IsShared() bool {
	chosen := find(s.Driver)
	return chosen != nil && chosen.shared
}

// Status looks at the database, whoever else uses it. If its schema is not this binary's, it fails,
// with a Status that has no Content.
func (o *Options) Status(ctx context.Context) (s Status, err error) {
	s.Database, s.Driver = o.String(), o.Driver
	err = o.withBackend(ctx, true, func(backend driver.Backend) error {
		schema, err := backend.Schema(ctx)
		s.noteSchema(schema)
		if err == nil {
			s.Content, err = content(ctx, backend)
		}
		return err
	})
	var other *driver.SchemaError
	if errors.As(err, &other) {
		s.noteSchema(other.Schema)
	}
	return s, err
}

func (s *Status) noteSchema(found driver.Schema) {
	s.SchemaVersion, s.NewestSchemaVersion = found.Version, found.Newest
}

// Status is that of a database, for a backup.
func (b BackupFile) Status(ctx context.Context) (s Status, err error) {
	err = b.read(ctx, func(file string) (err error) {
		s, err = onFile(file).Status(ctx)
		return err
	})
	s.Database = "the backup " + b.Path
	return s, err
}

func content(ctx context.Context, backend driver.Backend) (s *Content, err error) {
	found, err := backend.Rows(ctx, driver.RowQuery{Count: true})
	if err != nil {
		return nil, err
	}
	s = &Content{}
	s.Role = roles[found.Role]
	s.Revision, s.CommittedAt = found.Current.Revision, found.Current.CommittedAt.UTC()
	s.Incarnation = s.Revision / driver.IncarnationGap
	s.CompactedRevision, s.LogRows = found.Compacted, found.Count
	// Revision 1 only marks an empty database.
	if s.Changes = s.Revision - max(s.CompactedRevision, 1); s.Changes > 0 {
		oldest, err := backend.CommitTime(ctx, max(s.CompactedRevision, 1)+1)
		if err != nil {
			return nil, err
		}
		s.OldestChange = new(oldest.UTC())
	}
	if s.DatabaseBytes, err = backend.Size(ctx); err != nil {
		return nil, err
	}
	all, err := backend.Stats(ctx, "")
	if err != nil {
		return nil, err
	}
	s.Objects, s.Bytes = all.Keys, all.Bytes
	if s.Resources, err = countResources(ctx, backend); err != nil {
		return nil, err
	}
	s.Replication, err = replication(ctx, backend)
	return s, err
}

func replication(ctx context.Context, backend driver.Backend) (Replication, error) {
	found, err := backend.Replication(ctx)
	return Replication{Replicas: peers(found.Replicas), Sources: peers(found.Sources), Hidden: append([]string{}, found.Hidden...)}, err
}

func peers(found []driver.Peer) []Peer {
	all := make([]Peer, 0, len(found))
	for _, peer := range found {
		all = append(all, Peer(peer))
	}
	return all
}

// countResources goes from the first key of a resource to that of the next one.
func countResources(ctx context.Context, backend driver.Backend) (counts []ObjectCount, err error) {
	for start := ""; ; {
		page, err := backend.List(ctx, driver.ListQuery{Start: start, Limit: 1})
		if err != nil || len(page.Records) == 0 {
			return counts, err
		}
		prefix, resource := resourceOf(page.Records[0].Key)
		stats, err := backend.Stats(ctx, prefix)
		if err != nil {
			return counts, err
		}
		counts = append(counts, ObjectCount{Resource: resource, Objects: stats.Keys, Bytes: stats.Bytes})
		start = strings.TrimSuffix(prefix, "/") + "0" // what comes after all that begins with the prefix
	}
}

// resourceOf is the prefix of all keys of a resource, and its name: keys are
// /group/resource/namespace/name, or without group or namespace.
func resourceOf(key string) (prefix, resource string) {
	parts := strings.Split(strings.TrimPrefix(key, "/"), "/")
	if len(parts) > 1 && strings.Contains(parts[0], ".") {
		return "/" + parts[0] + "/" + parts[1] + "/", parts[1] + "." + parts[0]
	}
	return "/" + parts[0] + "/", parts[0]
}
