package changelog

import (
	"context"
	"crypto/rand"
	"time"

	"ark.ai/apiserver/src/storage/driver"
)

const (
	// probePrefix, after the name of the API server, is outside all resources: no watcher and no
	// list sees what is below.
	probePrefix = "-apiserver/write-probes/"
	// probeBytes is more than a page of the database, so that a full disk shows itself.
	probeBytes = 16 << 10
)

// Ping reports whether the database answers.
func (l *Log) Ping(ctx context.Context) error {
	return l.backend.Ping(ctx)
}

// CheckWrites reports whether the database takes writes; a full disk, for instance, can still be
// read. Nothing is written as long as commits succeed. After one that failed only another one can
// tell: a record that expires at once.
func (l *Log) CheckWrites(ctx context.Context) error {
	if local, ok := l.backend.(driver.DiskBackend); ok {
		if err := local.CheckWrites(); err != nil {
			return err
		}
	}
	if !l.committer.failing.Load() {
		return nil
	}
	value := make([]byte, probeBytes) // random, so that it can't be compressed
	rand.Read(value)
	return l.Submit(ctx, &Submission{
		Write: driver.Write{Key: "/" + l.options.Name + probePrefix + rand.Text(), Value: value, ExpiresAt: time.Now()},
	})
}
