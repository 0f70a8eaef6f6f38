package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/server/database"
)

// toEtcd marks a migration that goes back, instead of a database.
const toEtcd = "etcd"

// ToCRDs goes back to CustomResourceDefinitions: what is left in etcd becomes what the servers
// have. Objects that were made meanwhile get new uids.
func ToCRDs(ctx context.Context, o Options) error {
	c, err := newCluster(o.Config, Group, o.Out)
	if err != nil {
		return err
	}
	return c.alone(ctx, func(ctx context.Context) error { return c.toCRDs(ctx, o) })
}

func (c *cluster) toCRDs(ctx context.Context, o Options) error {
	found, err := c.look(ctx)
	if err != nil {
		return err
	}
	switch {
	case len(found.definitions) == 0:
		return errors.New("there are no CustomResourceDefinitions to go back to: after finish there is no way back")
	case found.isElsewhere():
		return errors.New("the CustomResourceDefinitions belong to another group, whose objects were given new uids: there is no way back")
	case found.isBack():
		// It is gone on with.
	case found.marked != nil:
		return errors.New("a migration from CustomResourceDefinitions is under way: complete it first")
	case len(found.switched) == 0:
		fmt.Fprintln(o.Out, "kube-apiserver answers already: there is nothing to do.")
		return nil
	case found.hasUnmoved():
		return errors.New("the CustomResourceDefinitions were not moved by from-crds: what is in etcd is not older versions of the same objects")
	}
	if len(found.switched) > 0 {
		if err := c.leaveServers(ctx, o, found); err != nil {
			return err
		}
	}
	return c.completeBack(ctx, o.Out, found.definitions)
}

// leaveServers goes on to where nobody answers, and etcd has everything.
func (c *cluster) leaveServers(ctx context.Context, o Options, found *state) error {
	if err := c.checkAPIServers(ctx); err != nil {
		return err
	}
	if err := c.checkDatabase(ctx, o.Database, found); err != nil {
		return err
	}
	if found.marked == nil {
		if err := c.begin(ctx, toEtcd); err != nil {
			return err
		}
	}
	if !found.isCopied() {
		if err := c.copyBack(ctx, o, found.definitions); err != nil {
			return errors.Join(err, c.giveUp(ctx))
		}
	}
	return c.endServers(ctx, o, found.definitions)
}

// copyBack has etcd have what the servers have, and leaves writes refused.
func (c *cluster) copyBack(ctx context.Context, o Options, definitions []definition) error {
	if err := c.putFirst(ctx); err != nil {
		return err
	}
	if err := c.serveLeft(ctx, definitions...); err != nil {
		return err
	}
	r := &returner{cluster: c, definitions: definitions}
	changed, objects, err := r.pass(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Copied %d changes of %d objects.\n", changed, objects)
	bound, err := c.freeze(ctx)
	if err != nil {
		return err
	}
	err = c.repeated(ctx, probesThrough, "all servers", refuseWrites, func(ctx context.Context, server *cluster) (bool, error) { return server.serversRefuse(ctx) })
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Writes are refused since %s.\n", time.Now().Format(time.TimeOnly))
	if objects, err = r.complete(ctx); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Verified %d objects, of which %d have new uids.\n", objects, len(r.uids))
	revision, err := c.servedRevision(ctx)
	if err != nil {
		return err
	}
	return c.noteCopied(ctx, revision, bound)
}

// checkDatabase compares revisions: without the database of the servers nobody could end their
// watches.
func (c *cluster) checkDatabase(ctx context.Context, options *database.Options, found *state) error {
	before, err := options.Status(ctx)
	if err != nil {
		return err
	}
	copied := found.isCopied()
	var revision int64
	if copied { // Nobody has written since, and maybe nobody answers any more.
		revision, err = strconv.ParseInt(found.marked.Annotations[copiedAnnotation], 10, 64)
	} else {
		revision, err = c.servedRevision(ctx)
	}
	if err != nil {
		return err
	}
	after, err := options.Status(ctx)
	if err != nil {
		return err
	}
	if after.Revision < revision || !copied && before.Revision > revision {
		return fmt.Errorf("%s is at revision %d, the servers are at %d: name the database that they have", options, after.Revision, revision)
	}
	return nil
}

// servedRevision is the newest one that clients see.
func (c *cluster) servedRevision(ctx context.Context) (int64, error) {
	list, err := c.dynamic.Resource(registry.Describe()[0].Resource()).List(ctx, metav1.ListOptions{Limit: 1})
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(list.GetResourceVersion(), 10, 64)
}

// endServers has nobody answer, and ends all watches, so that all clients list anew: revisions are
// lower from then on, and kube-apiserver says nothing in a watch from one that etcd does not have
// yet. Nobody is led to a server that stops: it would ask clients to try their watches again. In
// the end the database is closed for good: if the cluster is led to its servers again, none of them
// writes beside etcd.
func (c *cluster) endServers(ctx context.Context, o Options, definitions []definition) error {
	if err := c.hideLeft(ctx, definitions...); err != nil {
		return err
	}
	if err := c.leadNowhere(ctx); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Nobody answers since %s.\n", time.Now().Format(time.TimeOnly))
	if stored, err := o.Database.Status(ctx); err != nil || stored.IsRetired() {
		return err
	}
	if !o.Database.Shared() {
		fmt.Fprintln(o.Out, "Stop the server now.")
	}
	engine, err := openAlone(ctx, o.Database)
	if err != nil {
		return err
	}
	_, err = engine.RaiseAbove(ctx, 0)
	if err := errors.Join(err, engine.Close()); err != nil {
		return err
	}
	if err := pause(ctx, watchesEnd); err != nil {
		return err
	}
	return o.Database.Retire(ctx)
}

// completeBack goes on from where nobody answers to where kube-apiserver does, and accepts writes.
func (c *cluster) completeBack(ctx context.Context, out io.Writer, definitions []definition) error {
	for _, d := range definitions {
		if err := c.serveAgain(ctx, d); err != nil {
			return err
		}
	}
	// 404 would be taken for deletions: the definitions are served before anybody is led there.
	// Whoever serves what the last one has left has heard of all the others.
	last := definitions[len(definitions)-1]
	if err := c.serveLeft(ctx, last); err != nil {
		return err
	}
	if err := c.leadBack(ctx); err != nil {
		return err
	}
	if err := c.hideLeft(ctx, last); err != nil {
		return err
	}
	if err := c.renameOwners(ctx, out); err != nil {
		return err
	}
	if err := c.thaw(ctx); err != nil {
		return err
	}
	fmt.Fprintln(out, "kube-apiserver answers, and writes are accepted again.")
	return nil
}
