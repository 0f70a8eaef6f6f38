package database

import (
	"context"
	"fmt"
	"io"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/transfer"
)

// Progress of a command.
type Progress = transfer.Progress

// Report is told how far a command is.
type Report = func(Progress)

// Verify reads all of the database, tells out what is damaged, and fails if something is. A backup
// is compared with what was backed up besides.
func (o *Options) Verify(ctx context.Context, out io.Writer, report Report) error {
	return o.withBackend(ctx, true, func(backend driver.Backend) error {
		found, err := transfer.Read(ctx, backend, report)
		if err != nil {
			return err
		}
		writeDamage(out, found)
		fmt.Fprintf(out, "%d objects and %d changes up to revision %d were read", found.Objects, found.Changes, found.Current)
		if found.Unchecked > 0 {
			fmt.Fprintf(out, ", %d of them without a checksum, as old servers wrote them", found.Unchecked)
		}
		fmt.Fprintln(out)
		if err := checkDamage(found); err != nil {
			return err
		}
		return checkSeal(ctx, backend, found)
	})
}

// Verify is that of a database, for a backup.
func (b BackupFile) Verify(ctx context.Context, out io.Writer, report Report) error {
	return b.read(ctx, func(file string) error { return onFile(file).Verify(ctx, out, report) })
}

func writeDamage(out io.Writer, found transfer.Content) {
	for _, sentence := range found.Damaged {
		fmt.Fprintln(out, sentence)
	}
}

func checkDamage(found transfer.Content) error {
	if len(found.Damaged) > 0 {
		return fmt.Errorf("%d values or revisions are damaged: restore a backup; the first: %s", len(found.Damaged), found.Damaged[0])
	}
	return nil
}
