package objectstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/minio/minio-go/v7"
)

// Bucket is one of a server.
type Bucket struct {
	name   string
	client *minio.Client
	// server is how errors call it.
	server string
}

// Object is a file in a bucket.
type Object struct {
	Key string
	// Bytes is its size.
	Bytes int64
}

// Open gets ready to use a bucket. The server is not asked yet.
func (o *Options) Open(ctx context.Context, bucket string) (*Bucket, error) {
	if err := errors.Join(o.Validate()...); err != nil {
		return nil, err
	}
	address, secure, err := o.server()
	if err != nil {
		return nil, err
	}
	authorities, err := o.authorities()
	if err != nil {
		return nil, err
	}
	credentials, err := findCredentials(ctx, o.region())
	if err != nil {
		return nil, err
	}
	client, err := minio.New(address, &minio.Options{
		Creds:        credentials,
		Secure:       secure,
		Transport:    newTransport(authorities, cmp.Or(o.patience, patience)),
		Region:       o.region(),
		BucketLookup: styles[o.AddressingStyle],
		MaxRetries:   attempts,
	})
	if err != nil {
		return nil, err
	}
	return &Bucket{name: bucket, client: client, server: client.EndpointURL().String()}, nil
}

// List returns the objects whose keys begin with a prefix, in order, without those that have a
// slash after it.
func (b *Bucket) List(ctx context.Context, prefix string) ([]Object, error) {
	ctx, cancel := context.WithCancel(ctx) // ends the listing if it is not read to its end
	defer cancel()
	var found []Object
	for object := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: prefix}) {
		if object.Err != nil {
			return nil, b.explain("list "+Location{b.name, prefix}.String(), object.Err)
		}
		found = append(found, Object{Key: object.Key, Bytes: object.Size})
	}
	return found, nil
}

// Upload makes an object of a file. It is there once all of it is, whatever else happens.
func (b *Bucket) Upload(ctx context.Context, file, key string) error {
	_, err := b.client.FPutObject(ctx, b.name, key, file, minio.PutObjectOptions{
		ContentType: "application/vnd.sqlite3",
		// The server compares each part with it; buckets with a lock take nothing without.
		SendContentMd5: true,
	})
	return b.explain("upload "+Location{b.name, key}.String(), err)
}

// Download makes a file of an object, which only its owner can read. Nothing may be there.
func (b *Bucket) Download(ctx context.Context, key, file string) (err error) {
	doing := "download " + Location{b.name, key}.String()
	to, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	core := minio.Core{Client: b.client}
	from, info, _, err := core.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return b.explain(doing, err)
	}
	defer from.Close()
	copied, err := io.Copy(to, from)
	if err == nil && copied != info.Size {
		err = io.ErrUnexpectedEOF
	}
	if onDisk := new(os.PathError); errors.As(err, &onDisk) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return b.explain(doing, err)
}

// Remove removes an object.
func (b *Bucket) Remove(ctx context.Context, key string) error {
	return b.explain("remove "+Location{b.name, key}.String(), b.client.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{}))
}
