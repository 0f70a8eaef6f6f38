package database

import (
	"context"
	"strings"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

// Status is what can be said of a database without reading values.
type Status struct {
	// Database says where it is, Driver which it is.
	Database string `json:"database"`
	Driver   string `json:"driver"`
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
}

// ObjectCount is how many objects of a resource there are.
type ObjectCount struct {
	Resource string `json:"resource"`
	Objects  int64  `json:"objects"`
	Bytes    int64  `json:"bytes"`
}

var roles = map[driver.Role]string{
	driver.Original: "original", driver.Copied: "copy", driver.Unfinished: "unfinished copy", driver.Moved: "moved",
}

// Status looks at the database, whoever else uses it.
func (o *Options) Status(ctx context.Context) (s Status, err error) {
	err = o.withBackend(ctx, true, func(backend driver.Backend) error {
		s, err = status(ctx, backend)
		s.Database, s.Driver = o.String(), o.Driver
		return err
	})
	return s, err
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

func status(ctx context.Context, backend driver.Backend) (s Status, err error) {
	found, err := backend.Rows(ctx, driver.RowQuery{Count: true})
	if err != nil {
		return s, err
	}
	s.Role = roles[found.Role]
	s.Revision, s.CommittedAt = found.Current.Revision, found.Current.CommittedAt.UTC()
	s.Incarnation = s.Revision / driver.IncarnationGap
	s.CompactedRevision, s.LogRows = found.Compacted, found.Count
	// Revision 1 only marks an empty database.
	if s.Changes = s.Revision - max(s.CompactedRevision, 1); s.Changes > 0 {
		oldest, err := backend.CommitTime(ctx, max(s.CompactedRevision, 1)+1)
		if err != nil {
			return s, err
		}
		s.OldestChange = new(oldest.UTC())
	}
	if s.DatabaseBytes, err = backend.Size(ctx); err != nil {
		return s, err
	}
	all, err := backend.Stats(ctx, "")
	if err != nil {
		return s, err
	}
	s.Objects, s.Bytes = all.Keys, all.Bytes
	s.Resources, err = countResources(ctx, backend)
	return s, err
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
