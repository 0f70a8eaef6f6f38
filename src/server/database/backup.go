package database

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/transfer"
)

// Backup writes what the database has at one moment to a new file, while servers go on. madeBy is
// the version of this program.
func (o *Options) Backup(ctx context.Context, file, madeBy string, out io.Writer, report Report) error {
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: choose another name, or remove it", file)
	}
	// It gets its name when it is complete.
	partial := file + ".partial"
	var found transfer.Content
	err := o.withBackend(ctx, true, func(from driver.Backend) (err error) {
		found, err = writeBackup(ctx, from, partial, madeBy, report)
		return err
	})
	if err == nil {
		err = sqlite.Pack(ctx, partial, file)
	}
	if err != nil {
		return err
	}
	writeDamage(out, found)
	fmt.Fprintf(out, "%s has %d objects and %d changes up to revision %d\n", file, found.Objects, found.Changes, found.Current)
	if len(found.Damaged) > 0 {
		return fmt.Errorf("%d values or revisions of the database are damaged, and so they are in the backup", len(found.Damaged))
	}
	return nil
}

// writeBackup copies to a file, reads it again, and seals it. What is left of an attempt that was
// killed is gone on with, or replaced.
func writeBackup(ctx context.Context, from driver.Backend, path, madeBy string, report Report) (found transfer.Content, err error) {
	to, err := openFile(ctx, path, false)
	if err != nil {
		return found, err
	}
	defer func() {
		if err = errors.Join(err, to.Close()); err != nil {
			err = errors.Join(err, sqlite.Remove(path)) // gives the disk its space back
		}
	}()
	c, err := transfer.Begin(ctx, from, to, report)
	if errors.Is(err, transfer.ErrNotEmpty) || errors.Is(err, transfer.ErrUnrelated) {
		if err = transfer.Clear(ctx, to); err == nil {
			c, err = transfer.Begin(ctx, from, to, report)
		}
	}
	if err != nil {
		return found, err
	}
	if _, err := c.CatchUp(ctx); err != nil {
		return found, err
	}
	if found, err = transfer.Read(ctx, to, report); err != nil {
		return found, err
	}
	return found, to.Seal(ctx, sqlite.Seal{
		Rows: found.Rows, Objects: found.Objects, Digest: found.Digest[:], MadeAt: time.Now(), MadeBy: madeBy,
	})
}

// checkSeal compares what was read with the seal of a backup, if it has one.
func checkSeal(ctx context.Context, backend driver.Backend, found transfer.Content) error {
	file, ok := backend.(*sqlite.Backend)
	if !ok {
		return nil
	}
	seal, err := file.ReadSeal(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("the seal of the file is damaged: use another backup (%w)", err)
	case seal == nil:
		return nil
	case seal.Rows != found.Rows || seal.Objects != found.Objects:
		return fmt.Errorf("the file has %d objects in %d rows, but %d in %d were backed up: it was altered or damaged, use another backup",
			found.Objects, found.Rows, seal.Objects, seal.Rows)
	case !bytes.Equal(seal.Digest, found.Digest[:]):
		return errors.New("the file does not have what was backed up: it was altered or damaged, use another backup")
	}
	return nil
}
