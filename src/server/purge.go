package server

import (
	"context"
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/api/resource"
)

// Purge drops all history, and tells out how much smaller the database is.
func (o *StorageOptions) Purge(ctx context.Context, out io.Writer) error {
	opening, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	backend, err := o.openBackend(opening)
	if err != nil {
		return err
	}
	sizes := make([]string, 0, 2)
	measure := func() error {
		size, err := backend.Size(ctx)
		sizes = append(sizes, resource.NewQuantity(size, resource.BinarySI).String())
		return err
	}
	err = measure()
	if err == nil {
		err = backend.Purge(ctx)
	}
	if err == nil {
		err = measure()
	}
	if err := errors.Join(err, backend.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "all history is dropped: the database has %s, it had %s\n", sizes[1], sizes[0])
	return nil
}
