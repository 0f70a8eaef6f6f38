package crdmigration

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/src/server/database"
)

const (
	// A pass that changed so few objects has caught up with the writers; otherwise another one
	// follows, but not more than that many.
	fewChanges = 100
	maxPasses  = 10
	// inFlight is how long a write may take that was let in just before writes were refused.
	inFlight = time.Second
	// giveUpTimeout bounds how long an end that was not planned takes.
	giveUpTimeout = 30 * time.Second
	// maxNamed is how many objects an error names.
	maxNamed = 20
)

// Options of a migration.
type Options struct {
	// Config is how the cluster is reached, by somebody who may do everything in it.
	Config *rest.Config
	// FromGroup is that of the CustomResourceDefinitions.
	FromGroup string
	Database  *database.Options
	// EncryptionProviderConfig is that of the servers.
	EncryptionProviderConfig string
	// APIServices is a file with the APIServices that lead to the servers.
	APIServices string
	// KeepInvalid has objects stored that servers would refuse, as they are.
	KeepInvalid bool
	// Wait is how long a switch waits for a copy that is complete.
	Wait time.Duration
	// Out is told what was done, Report how far the copy is.
	Out    io.Writer
	Report database.Report
}

// FromCRDs moves the objects of the group's CustomResourceDefinitions to the database, and has its
// servers answer. With a database that only one process can use, it ends before it does that:
// Switch is for after the server was started.
func FromCRDs(ctx context.Context, o Options) error {
	manifest, err := readAPIServices(o.APIServices)
	if err != nil {
		return err
	}
	c, err := newCluster(o.Config, o.FromGroup, o.Out)
	if err != nil {
		return err
	}
	return c.alone(ctx, func(ctx context.Context) error { return c.fromCRDs(ctx, o, manifest) })
}

func (c *cluster) fromCRDs(ctx context.Context, o Options, manifest map[string]*unstructured.Unstructured) error {
	found, err := c.look(ctx)
	if err != nil {
		return err
	}
	complete, _, err := found.findCopy()
	if err != nil {
		return err
	}
	if !complete {
		if err := c.copy(ctx, o, manifest); err != nil {
			return err
		}
	}
	if len(found.switched) == 0 && !o.Database.Shared() {
		fmt.Fprintf(o.Out, "Start the server on %s now, then run: ark-apiserver migrate switch. Until then writes are refused.\n", o.Database)
		return nil
	}
	return c.finishSwitch(ctx, manifest, o.Out)
}

// findCopy reports whether there is a complete copy, since which nobody could write, and whether
// all is done.
func (s *state) findCopy() (complete, done bool, err error) {
	switch {
	case s.isBack():
		return false, false, errors.New("a migration back to CustomResourceDefinitions is under way: complete it first, with `migrate to-crds`")
	case len(s.switched) == 0:
		return s.isCopied(), false, nil
	case s.marked != nil:
		return true, false, nil
	case s.hasUnmoved():
		return false, false, fmt.Errorf("APIService %s already leads to a server, although not all objects have been moved: delete it first", strings.Join(s.switched, ", "))
	}
	return true, true, nil
}

// Switch has the servers of a database to which everything was moved answer.
func Switch(ctx context.Context, o Options) error {
	manifest, err := readAPIServices(o.APIServices)
	if err != nil {
		return err
	}
	c, err := newCluster(o.Config, o.FromGroup, o.Out)
	if err != nil {
		return err
	}
	if err := c.awaitCopy(ctx, o.Wait); err != nil {
		return err
	}
	return c.alone(ctx, func(ctx context.Context) error {
		found, err := c.look(ctx)
		if err != nil {
			return err
		}
		if len(found.switched) == 0 && found.isCopied() {
			if err := c.awaitServers(ctx, manifest, freezeTimeout); err != nil {
				return errors.Join(err, c.giveUp(ctx))
			}
		}
		return c.finishSwitch(ctx, manifest, o.Out)
	})
}

// awaitCopy waits until there is a copy to switch to, while another command copies.
func (c *cluster) awaitCopy(ctx context.Context, wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return c.poll(ctx, "from-crds", "copy everything", func(ctx context.Context) (bool, error) {
		found, err := c.look(ctx)
		if err != nil {
			return false, err
		}
		complete, _, err := found.findCopy()
		return complete, err
	})
}

// copy copies until writes can be refused for the rest, and leaves them refused.
func (c *cluster) copy(ctx context.Context, o Options, manifest map[string]*unstructured.Unstructured) (err error) {
	if err := c.checkAPIServers(ctx); err != nil {
		return err
	}
	definitions, others, err := c.findDefinitions(ctx, c.from)
	switch {
	case err != nil:
		return err
	case len(others) > 0:
		return fmt.Errorf("these CustomResourceDefinitions of the group would no longer be served: %s", strings.Join(others, ", "))
	case len(definitions) == 0:
		return fmt.Errorf("the cluster has no CustomResourceDefinitions of group %s", c.from)
	}
	engine, err := o.Database.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	t, err := newTarget(engine, o.EncryptionProviderConfig)
	if err != nil {
		return err
	}
	defer t.end()
	copier := &copier{cluster: c, target: t, definitions: definitions, report: o.Report}
	if err := copier.look(ctx); err != nil {
		return err
	}
	if err := c.mark(ctx, o.Database.String(), len(copier.objects)); err != nil {
		return err
	}
	if err := copier.catchUp(ctx, o); err != nil {
		return err
	}
	if o.Database.Shared() {
		if err := c.awaitServers(ctx, manifest, startTimeout); err != nil {
			return err
		}
	}
	bound, err := c.freeze(ctx)
	if err != nil {
		return errors.Join(err, c.giveUp(ctx))
	}
	if err := copier.complete(ctx, o, bound); err != nil {
		return errors.Join(err, c.giveUp(ctx))
	}
	return nil
}

// giveUp has writes accepted again: nobody waits for an administrator. Over new connections, as a
// kube-apiserver that hangs may be why.
func (c *cluster) giveUp(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errLost) {
		return nil // Another command may go on.
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUpTimeout)
	defer cancel()
	return c.poll(ctx, "kube-apiserver", "accept writes again", func(ctx context.Context) (bool, error) {
		server, err := c.anew()
		if err != nil {
			return false, err
		}
		defer server.close()
		err = server.unbind(ctx)
		return err == nil, err
	})
}

// complete copies the rest, while nobody writes, and verifies the copy.
func (c *copier) complete(ctx context.Context, o Options, bound types.UID) error {
	begun := time.Now()
	fmt.Fprintf(o.Out, "Writes are refused since %s.\n", begun.Format(time.TimeOnly))
	last, err := c.pass(ctx)
	if err != nil {
		return err
	}
	for changed := 1; changed > 0; last += changed {
		if err := c.cluster.settle(ctx); err != nil {
			return err
		}
		if changed, err = c.pass(ctx); err != nil {
			return err
		}
	}
	if err := refusal(c.refused(o.KeepInvalid)); err != nil {
		return err
	}
	same, err := c.check(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Copied %d last changes, and verified %d objects: SHA-256 %s.\n", last, len(c.objects), same)
	revision, err := c.target.engine.RaiseAbove(ctx, c.newest)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "Revisions go on from %d, above the cluster's %d.\n", revision, c.newest)
	return c.cluster.noteCopied(ctx, revision, bound)
}

// pause waits for a while, if it is positive.
func pause(ctx context.Context, while time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(max(0, while)):
		return nil
	}
}

// mark takes note of which database a migration goes to: only that one may have objects already.
func (c *cluster) mark(ctx context.Context, where string, objects int) error {
	marked, err := c.findPolicy(ctx)
	switch {
	case err != nil:
		return err
	case marked != nil && (marked.Annotations[databaseAnnotation] != where || marked.Annotations[groupAnnotation] != c.from):
		return fmt.Errorf("a migration from %s to %s has begun: go on with that, or delete the ValidatingAdmissionPolicy %s to begin anew",
			marked.Annotations[groupAnnotation], marked.Annotations[databaseAnnotation], policyName)
	case marked != nil:
		return nil
	case objects > 0:
		return fmt.Errorf("%s has %d objects already: choose an empty database", where, objects)
	}
	return c.begin(ctx, where)
}

// catchUp copies while everybody writes, until only little is left to copy.
func (c *copier) catchUp(ctx context.Context, o Options) error {
	for range maxPasses {
		begun := time.Now()
		changed, err := c.pass(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(o.Out, "Copied %d changes of %d objects in %.1fs.\n", changed, len(c.objects), time.Since(begun).Seconds())
		if err := refusal(c.refused(o.KeepInvalid)); err != nil {
			return err
		}
		if changed <= fewChanges {
			return nil
		}
	}
	return nil
}

// refusal names the objects that can't be moved as they are.
func refusal(problems []problem) error {
	if len(problems) == 0 {
		return nil
	}
	errs := []error{fmt.Errorf("%d objects can't be moved as they are: change them", len(problems))}
	for i, p := range problems {
		if i == maxNamed {
			errs = append(errs, errors.New("and so on"))
			break
		}
		remedy := ""
		if p.invalid {
			remedy = " (--keep-invalid moves it all the same)"
		}
		errs = append(errs, fmt.Errorf("%s: %s%s", p.objectName, p.reason, remedy))
	}
	return errors.Join(errs...)
}

// finishSwitch goes on from a complete copy to where writes are accepted by the servers.
func (c *cluster) finishSwitch(ctx context.Context, manifest map[string]*unstructured.Unstructured, out io.Writer) error {
	found, err := c.look(ctx)
	if err != nil {
		return err
	}
	complete, done, err := found.findCopy()
	switch {
	case err != nil:
		return err
	case done:
		fmt.Fprintln(out, "The servers answer already: there is nothing to do.")
		return nil
	case !complete:
		return errors.New("no copy has been completed since writes were refused: run `migrate from-crds` first")
	}
	revision, err := strconv.ParseInt(found.marked.Annotations[copiedAnnotation], 10, 64)
	if err != nil {
		return err
	}
	if err := c.switchTo(ctx, manifest, revision); err != nil {
		return err
	}
	if err := c.retire(ctx, found.definitions); err != nil {
		return err
	}
	if found.isElsewhere() {
		if err := c.renameOwners(ctx, out); err != nil {
			return err
		}
	}
	if err := c.thaw(ctx); err != nil {
		return err
	}
	frozen := ""
	if found.binding != nil {
		frozen = fmt.Sprintf(", after %.0fs", time.Since(found.binding.CreationTimestamp.Time).Seconds())
	}
	fmt.Fprintf(out, "The servers answer, and writes are accepted again%s. When all is well, run: ark-apiserver migrate finish.\n", frozen)
	return nil
}
