package storage

import (
	"context"
	"crypto/rand"
	"time"
)

const (
	// probePrefix is outside all resources: no watcher and no list sees what is below.
	probePrefix = "/ark-apiserver/write-probes/"
	// probeBytes is more than a page of the database, so that a full disk shows itself.
	probeBytes = 16 << 10
)

// Ping reports whether the database answers.
func (e *Engine) Ping(ctx context.Context) error {
	return e.backend.Ping(ctx)
}

// CheckWrites reports whether the database takes writes; a full disk, for instance, can still be read. Nothing
// is written as long as commits succeed. After one that failed only another one can tell: a record that
// expires at once.
func (e *Engine) CheckWrites(ctx context.Context) error {
	if local, ok := e.backend.(DiskBackend); ok {
		if err := local.CheckWrites(); err != nil {
			return err
		}
	}
	if !e.committer.failing.Load() {
		return nil
	}
	value := make([]byte, probeBytes) // random, so that it can't be compressed
	rand.Read(value)
	return e.committer.submit(ctx, &submission{
		Write: Write{Key: probePrefix + rand.Text(), Value: value, ExpiresAt: time.Now()},
	})
}
