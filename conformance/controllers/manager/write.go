package main

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// write makes an object what it should be. It does not compare: that an update which changes
// nothing is no change is up to the API server.
func write(ctx context.Context, c client.Client, o client.Object, mutate func() error) error {
	err := c.Get(ctx, client.ObjectKeyFromObject(o), o)
	if client.IgnoreNotFound(err) != nil {
		return err
	}
	if err := mutate(); err != nil {
		return err
	}
	if apierrors.IsNotFound(err) {
		return c.Create(ctx, o)
	}
	return c.Update(ctx, o)
}
