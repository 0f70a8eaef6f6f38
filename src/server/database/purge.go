package database

import (
	"context"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/api/resource"

	"ark.ai/apiserver/src/storage/driver"
)

// Purge drops all history, and tells out how much smaller the database is.
func (o *Options) Purge(ctx context.Context, out io.Writer) error {
	var before, after int64
	err := o.withBackend(ctx, false, func(backend driver.Backend) (err error) {
		if before, err = backend.Size(ctx); err != nil {
			return err
		}
		if err := backend.Purge(ctx); err != nil {
			return err
		}
		after, err = backend.Size(ctx)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "all history is dropped: the database has %s, it had %s\n",
		resource.NewQuantity(after, resource.BinarySI), resource.NewQuantity(before, resource.BinarySI))
	return nil
}
