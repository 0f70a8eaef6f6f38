package database

import (
	"context"
	"fmt"
	"io"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// Verify reads all of the database, tells out what is damaged, and fails if something is.
func (o *Options) Verify(ctx context.Context, out io.Writer) error {
	var found changelog.Verification
	err := o.withBackend(ctx, func(backend driver.Backend) (err error) {
		found, err = changelog.Verify(ctx, backend)
		return err
	})
	if err != nil {
		return err
	}
	for _, sentence := range found.Damaged {
		fmt.Fprintln(out, sentence)
	}
	fmt.Fprintf(out, "%d objects and %d changes up to revision %d were read", found.Keys, found.Changes, found.Current)
	if found.Unchecked > 0 {
		fmt.Fprintf(out, ", %d of them without a checksum, as old servers wrote them", found.Unchecked)
	}
	fmt.Fprintln(out)
	if len(found.Damaged) > 0 {
		return fmt.Errorf("%d values or revisions are damaged: restore a backup", len(found.Damaged))
	}
	return nil
}
