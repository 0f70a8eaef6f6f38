package database

import (
	"context"
	"fmt"
	"io"

	"ark.ai/apiserver/src/storage/driver"
)

// Compact drops history before a revision, or all of it if that is 0.
func (o *Options) Compact(ctx context.Context, revision int64, out io.Writer) error {
	return o.withBackend(ctx, false, func(backend driver.Backend) error {
		current, err := backend.CurrentRevision(ctx)
		if err != nil {
			return err
		}
		if revision == 0 {
			revision = current
		}
		if revision > current {
			return fmt.Errorf("revision %d is in the future: the database is at %d", revision, current)
		}
		if err := backend.Compact(ctx, revision); err != nil {
			return err
		}
		compacted, err := backend.CompactRevision(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "history begins at revision %d, the database is at %d\n", compacted, current)
		return nil
	})
}
