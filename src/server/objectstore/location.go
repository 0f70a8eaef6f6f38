package objectstore

import (
	"fmt"
	"strings"

	"github.com/minio/minio-go/v7/pkg/s3utils"
)

const scheme = "s3://"

// Location is s3://bucket/key, or s3://bucket/folder/, of which the key is what keys in it begin
// with.
type Location struct {
	Bucket, Key string
}

// IsLocation reports whether a place is meant to be in a bucket, not a path of a file.
func IsLocation(place string) bool { return strings.HasPrefix(place, scheme) }

// ParseLocation takes s3://bucket, s3://bucket/folder/ or s3://bucket/key.
func ParseLocation(place string) (Location, error) {
	// Not a URL: a key may have whatever characters, and none is escaped.
	bucket, key, _ := strings.Cut(strings.TrimPrefix(place, scheme), "/")
	if !IsLocation(place) || s3utils.CheckValidBucketNameStrict(bucket) != nil {
		return Location{}, fmt.Errorf("%q must be like s3://bucket/folder/ or s3://bucket/key.db", place)
	}
	return Location{Bucket: bucket, Key: key}, nil
}

// IsFolder reports whether it is a place of objects, and not of one.
func (l Location) IsFolder() bool { return l.Key == "" || strings.HasSuffix(l.Key, "/") }

// String is how users write it.
func (l Location) String() string { return scheme + l.Bucket + "/" + l.Key }
