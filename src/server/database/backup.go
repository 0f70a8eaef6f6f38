package database

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ark.ai/apiserver/src/server/objectstore"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/sqlite"
	"ark.ai/apiserver/src/storage/transfer"
)

// BackupOptions say what becomes of a backup.
type BackupOptions struct {
	// Path is the file, or a directory: the file's name is then the time. Or an s3:// location of
	// either.
	Path string
	// Keep is how many backups stay in the directory, the newest ones; 0: all.
	Keep int
	// MadeBy is the version of this program.
	MadeBy string
	// S3 is for s3:// locations; nil: the defaults.
	S3 *objectstore.Options
}

// Backup writes what the database has at one moment to a new file, while servers go on.
func (o *Options) Backup(ctx context.Context, b BackupOptions, out io.Writer, report Report) error {
	if objectstore.IsLocation(b.Path) {
		return o.backUpToBucket(ctx, b, out, report)
	}
	// The file gets its name when it is complete.
	file, partial := b.Path, b.Path+".partial"
	info, err := os.Stat(file)
	directory := err == nil && info.IsDir()
	switch {
	case directory:
		file, partial = filepath.Join(b.Path, newName()), filepath.Join(b.Path, "ark.partial")
	case b.Keep > 0:
		return fmt.Errorf("--keep needs an existing directory, and %s is not one", file)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s already exists: choose another name, or remove it", file)
	}
	found, err := o.makeBackup(ctx, partial, file, b.MadeBy, report)
	if err != nil {
		return err
	}
	if err := tellBackup(out, file, found); err != nil || b.Keep == 0 {
		return err
	}
	return removeOldest(b.Path, filepath.Base(file), b.Keep)
}

// makeBackup writes, reads and seals a file, which has another path until it is complete.
func (o *Options) makeBackup(ctx context.Context, partial, file, madeBy string, report Report) (found transfer.Content, err error) {
	err = o.withBackend(ctx, true, func(from driver.Backend) (err error) {
		found, err = writeBackup(ctx, from, partial, madeBy, report)
		return err
	})
	if err == nil {
		err = sqlite.Pack(ctx, partial, file)
	}
	return found, err
}

// tellBackup says what a backup has. It fails if something of that is damaged: older backups may
// then be better, and none is to be removed.
func tellBackup(out io.Writer, where string, found transfer.Content) error {
	writeDamage(out, found)
	fmt.Fprintf(out, "%s has %d objects and %d changes up to revision %d\n", where, found.Objects, found.Changes, found.Current)
	if len(found.Damaged) > 0 {
		return fmt.Errorf("%d values or revisions of the database are damaged, and so they are in the backup; the first: %s", len(found.Damaged), found.Damaged[0])
	}
	return nil
}

// removeOldest leaves a number of backups in a directory, among them the one that was just made.
func removeOldest(dir, made string, keep int) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	for _, name := range superseded(names, made, keep) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
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
	if err := copyAll(ctx, from, to, true, report); err != nil {
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
