package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"io"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
)

// Finish deletes the CustomResourceDefinitions of a migration that is complete, and with them the
// objects that were left in etcd.
func Finish(ctx context.Context, o Options) error {
	c, err := newCluster(o.Config, Group, o.Out)
	if err != nil {
		return err
	}
	return c.alone(ctx, func(ctx context.Context) error { return c.finish(ctx, o.Out) })
}

func (c *cluster) finish(ctx context.Context, out io.Writer) error {
	found, err := c.look(ctx)
	switch {
	case err != nil:
		return err
	case !found.all:
		return errors.New("kube-apiserver still serves the group itself: run `migrate from-crds` first")
	case found.marked != nil:
		return errors.New("a migration is under way: complete it first, with the command that began it")
	case found.hasUnmoved():
		return errors.New("the CustomResourceDefinitions were not moved by from-crds: their objects would be lost")
	}
	if err := c.putFirst(ctx); err != nil {
		return err
	}
	for _, d := range found.definitions {
		freed, err := c.freeAll(ctx, d)
		if err != nil {
			return fmt.Errorf("finalizers of what CustomResourceDefinition %s has left: %w", d.Name, err)
		}
		if err := c.deleteDefinition(ctx, d); err != nil {
			return fmt.Errorf("delete CustomResourceDefinition %s: %w", d.Name, err)
		}
		fmt.Fprintf(out, "Deleted CustomResourceDefinition %s; %d of its objects in etcd had finalizers.\n", d.Name, freed)
	}
	return nil
}

// deleteDefinition returns once the definition is gone.
func (c *cluster) deleteDefinition(ctx context.Context, d definition) error {
	client := c.definitions.ApiextensionsV1().CustomResourceDefinitions()
	uid := d.UID
	err := client.Delete(ctx, d.Name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	return wait.PollUntilContextCancel(ctx, probeInterval, true, func(ctx context.Context) (bool, error) {
		_, err := client.Get(ctx, d.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
}
