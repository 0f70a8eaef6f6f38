package database

import (
	"context"
	"errors"
	"fmt"
	"io"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/transfer"
)

// Restore reads all of a backup, and only then copies it to the database, which has to be empty
// unless it is to be replaced. Revisions go on far above all that were used, so that all clients
// list anew.
func (o *Options) Restore(ctx context.Context, backup BackupFile, replace bool, out io.Writer, report Report) error {
	return backup.read(ctx, func(file string) error { return o.restoreFile(ctx, file, replace, out, report) })
}

func (o *Options) restoreFile(ctx context.Context, file string, replace bool, out io.Writer, report Report) (err error) {
	from, err := openFile(ctx, file, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	found, err := checkBackup(ctx, from, report)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var began driver.Incarnation
	err = o.withBackend(ctx, false, func(to driver.Backend) (err error) {
		began, err = restore(ctx, from, to, replace, report)
		return err
	})
	switch {
	case errors.Is(err, transfer.ErrNotEmpty), errors.Is(err, transfer.ErrUnrelated):
		return fmt.Errorf("%s is not empty: choose another one, or use --replace to delete what it has", o)
	case err != nil:
		return err
	}
	fmt.Fprintf(out, "%d objects as of revision %d were restored; clients list anew, and revisions go on from %d\n", found.Objects, found.Current, began.Began)
	return nil
}

func checkBackup(ctx context.Context, from *sqlite.Backend, report Report) (transfer.Content, error) {
	found, err := transfer.Read(ctx, from, report)
	if err != nil {
		return found, err
	}
	if found.Role == driver.Unfinished {
		return found, driver.ErrUnfinished
	}
	if len(found.Damaged) > 0 {
		return found, fmt.Errorf("%d values or revisions are damaged, the first: %s", len(found.Damaged), found.Damaged[0])
	}
	return found, checkSeal(ctx, from, found)
}

func restore(ctx context.Context, from, to driver.Backend, replace bool, report Report) (driver.Incarnation, error) {
	if err := copyAll(ctx, from, to, replace, report); err != nil {
		return driver.Incarnation{}, err
	}
	return to.StartIncarnation(ctx)
}

// copyAll copies to a database, which loses what it has besides if it is to be replaced.
func copyAll(ctx context.Context, from, to driver.Backend, replace bool, report Report) error {
	c, err := transfer.Begin(ctx, from, to, report)
	if replace && (errors.Is(err, transfer.ErrNotEmpty) || errors.Is(err, transfer.ErrUnrelated)) {
		if err = transfer.Clear(ctx, to); err == nil {
			c, err = transfer.Begin(ctx, from, to, report)
		}
	}
	if err == nil {
		_, err = c.CatchUp(ctx)
	}
	return err
}
