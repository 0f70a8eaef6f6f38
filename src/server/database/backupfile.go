package database

import (
	"context"
	"fmt"
	"strings"

	"ark.ai/apiserver/src/server/objectstore"
)

// BackupFile is where a backup is.
type BackupFile struct {
	// Path of the file, or an s3:// location.
	Path string
	// S3 is for s3:// locations; nil: the defaults.
	S3 *objectstore.Options
}

// read gives a function the path of the file, which is downloaded first if it is elsewhere.
func (b BackupFile) read(ctx context.Context, use func(file string) error) error {
	if !objectstore.IsLocation(b.Path) {
		return use(b.Path)
	}
	bucket, from, err := openBucket(ctx, b.Path, b.S3)
	if err != nil {
		return err
	}
	if from.IsFolder() {
		return chooseOne(ctx, bucket, from)
	}
	return withTemporary("backup.db", func(file string) error {
		if err := bucket.Download(ctx, from.Key, file); err != nil {
			return err
		}
		if err := use(file); err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
		return nil
	})
}

// chooseOne is the error of who names a folder and not a backup.
func chooseOne(ctx context.Context, bucket *objectstore.Bucket, folder objectstore.Location) error {
	objects, err := bucket.List(ctx, folder.Key)
	if err != nil {
		return err
	}
	newest := ""
	for _, object := range objects {
		if name := strings.TrimPrefix(object.Key, folder.Key); isBackup(name) {
			newest = max(newest, name)
		}
	}
	if newest == "" {
		return fmt.Errorf("there are no backups in %s", folder)
	}
	return fmt.Errorf("%s is a folder: name one of its backups, of which %s%s is the newest", folder, folder, newest)
}

// onFile is the database that a file is.
func onFile(path string) *Options {
	o := NewOptions()
	o.Driver, o.SQLite.Path = "sqlite", path
	return o
}
