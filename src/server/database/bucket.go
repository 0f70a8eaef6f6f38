package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"ark.ai/apiserver/src/server/objectstore"
	"ark.ai/apiserver/src/storage/driver"
)

// openBucket opens the bucket of an s3:// location.
func openBucket(ctx context.Context, place string, options *objectstore.Options) (*objectstore.Bucket, objectstore.Location, error) {
	location, err := objectstore.ParseLocation(place)
	if err != nil {
		return nil, location, err
	}
	bucket, err := cmp.Or(options, objectstore.NewOptions()).Open(ctx, location.Bucket)
	return bucket, location, err
}

// backUpToBucket makes a backup in a temporary file, and uploads that.
func (o *Options) backUpToBucket(ctx context.Context, b BackupOptions, out io.Writer, report Report) error {
	bucket, to, err := openBucket(ctx, b.Path, b.S3)
	if err != nil {
		return err
	}
	folder := to
	switch {
	case to.IsFolder():
		to.Key += newName()
	case b.Keep > 0:
		return fmt.Errorf("--keep needs a folder, such as %s/", to)
	}
	// Before all of the database is read: that may take long.
	there, err := bucket.List(ctx, to.Key)
	if err != nil {
		return err
	}
	for _, object := range there {
		switch object.Key {
		case to.Key:
			return fmt.Errorf("%s already exists: choose another name, or remove it", to)
		case to.Key + "/":
			return fmt.Errorf("%s is a folder: use %[1]s/ for a backup in it, or choose another name", to)
		}
	}
	var bytes int64
	err = withTemporary(path.Base(to.Key), func(file string) error {
		found, err := o.makeBackup(ctx, file+".partial", file, b.MadeBy, report)
		if err != nil {
			return err
		}
		info, err := os.Stat(file)
		if err != nil {
			return err
		}
		bytes = info.Size()
		if err := bucket.Upload(ctx, file, to.Key); err != nil {
			return err
		}
		return tellBackup(out, to.String(), found)
	})
	if err != nil || b.Keep == 0 {
		return err
	}
	return removeOldestOf(ctx, bucket, folder, objectstore.Object{Key: to.Key, Bytes: bytes}, b.Keep)
}

// removeOldestOf leaves a number of backups in a folder, once the one that was just made is seen to
// be there.
func removeOldestOf(ctx context.Context, bucket *objectstore.Bucket, folder objectstore.Location, made objectstore.Object, keep int) error {
	objects, err := bucket.List(ctx, folder.Key)
	if err != nil {
		return fmt.Errorf("no old backup is removed: %w", err)
	}
	var names []string
	seen := false
	for _, object := range objects {
		seen = seen || object == made
		names = append(names, strings.TrimPrefix(object.Key, folder.Key))
	}
	if !seen {
		return fmt.Errorf("%s does not list the new backup with its %d bytes: no old one is removed", folder, made.Bytes)
	}
	for _, name := range superseded(names, path.Base(made.Key), keep) {
		if err := bucket.Remove(ctx, folder.Key+name); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}

// withTemporary gives a function the path of a file that does not outlive it, in a directory that
// nobody else can read.
func withTemporary(name string, use func(file string) error) (err error) {
	dir, err := os.MkdirTemp("", "ark-backup-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	err = use(filepath.Join(dir, name))
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
	if full || errors.Is(err, driver.ErrUnavailable) && strings.Contains(err.Error(), dir) {
		return fmt.Errorf("%w; the environment variable TMPDIR names another directory for temporary files", err)
	}
	return err
}
