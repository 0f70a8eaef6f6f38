package crdmigration

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"ark.ai/apiserver/src/server/database"
)

const (
	listPage = 500
	// writers is how many objects are written at a time: those that wait for a commit go together
	// into the next one.
	writers = 32
)

// objectName is where an object is.
type objectName struct{ resource, namespace, name string }

func (n objectName) String() string {
	if n.namespace == "" {
		return n.resource + "/" + n.name
	}
	return n.resource + "/" + n.name + " in namespace " + n.namespace
}

// copied is what is known of an object that was copied.
type copied struct {
	uid string
	// version is the resourceVersion that it had in the cluster, "" if it is to be looked at again.
	version string
	digest  digest
}

// problem is an object that can't be stored as it is.
type problem struct {
	objectName
	reason string
	// invalid objects can be kept all the same.
	invalid bool
}

// copier copies the custom resources as they are to the database, again and again.
type copier struct {
	cluster     *cluster
	target      *target
	definitions []definition
	report      database.Report

	// objects are those that the database has, problems those that it has not as they are.
	objects  map[objectName]copied
	problems []problem
	// newest is the largest resourceVersion that the cluster has shown.
	newest int64
}

// look learns what the database has.
func (c *copier) look(ctx context.Context) error {
	c.objects = make(map[objectName]copied)
	for plural, kind := range c.target.kinds {
		err := c.target.read(ctx, kind, func(object metav1.Object, content map[string]any) error {
			d, err := digestOf(content)
			c.objects[objectName{plural, object.GetNamespace(), object.GetName()}] = copied{uid: string(object.GetUID()), digest: d}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pass has the database have what the cluster has now, and returns how many objects were written or
// deleted for that.
func (c *copier) pass(ctx context.Context) (changed int, err error) {
	c.problems = nil
	found := make(map[objectName]copied, len(c.objects))
	progress := database.Progress{Expected: int64(len(c.objects))}
	for _, d := range c.definitions {
		resource, err := d.version()
		if err != nil {
			return 0, err
		}
		options := metav1.ListOptions{Limit: listPage}
		for more := true; more; more = options.Continue != "" {
			list, err := c.cluster.dynamic.Resource(resource).List(ctx, options)
			if err != nil {
				return 0, fmt.Errorf("list %s: %w", d.kind.Plural, err)
			}
			written, err := c.copyPage(ctx, d, list, found)
			if err != nil {
				return 0, err
			}
			changed += written
			options.Continue = list.GetContinue()
			progress.Rows += int64(len(list.Items))
			progress.Expected = max(progress.Expected, progress.Rows)
			if c.report != nil {
				c.report(progress)
			}
		}
	}
	for name, before := range c.objects {
		if _, there := found[name]; !there {
			if err := c.target.drop(ctx, c.target.kinds[name.resource], name, before); err != nil {
				return 0, fmt.Errorf("delete %s: %w", name, err)
			}
			changed++
		}
	}
	c.objects = found
	return changed, nil
}

// copyPage copies what is new of a page.
func (c *copier) copyPage(ctx context.Context, d definition, list *unstructured.UnstructuredList, found map[objectName]copied) (written int, err error) {
	kind := c.target.kinds[d.kind.Plural]
	version, err := strconv.ParseInt(list.GetResourceVersion(), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the cluster's resourceVersion: %w", err)
	}
	c.newest = max(c.newest, version)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for i := range list.Items {
		item := &list.Items[i]
		name := objectName{kind.Plural, item.GetNamespace(), item.GetName()}
		before := c.objects[name]
		if before.version == item.GetResourceVersion() {
			found[name] = before
			continue
		}
		d.regroup(item)
		now := copied{uid: string(item.GetUID()), version: item.GetResourceVersion()}
		data, err := item.MarshalJSON()
		if err != nil {
			return 0, err
		}
		var content map[string]any
		if err := json.Unmarshal(data, &content); err != nil {
			return 0, err
		}
		object, stored, err := decode(kind, data)
		if err != nil {
			c.problems = append(c.problems, problem{objectName: name, reason: err.Error()})
			continue
		}
		if errs := kind.Validate(ctx, object); len(errs) > 0 {
			c.problems = append(c.problems, problem{objectName: name, reason: errs.ToAggregate().Error(), invalid: true})
			now.version = "" // it is listed each time
		}
		if lost := difference(comparable(content), comparable(stored)); lost != "" {
			c.problems = append(c.problems, problem{objectName: name, reason: "this server would not keep " + lost + " as it is"})
			continue
		}
		if now.digest, err = digestOf(stored); err != nil {
			return 0, err
		}
		found[name] = now
		if before.uid == now.uid && before.digest == now.digest {
			continue
		}
		written++
		group.Go(func() error {
			if err := c.target.write(ctx, kind, object, before); err != nil {
				return fmt.Errorf("write %s: %w", name, err)
			}
			return nil
		})
	}
	return written, group.Wait()
}

// check reads all that the database has, and compares it with what the cluster had at the last
// pass. It returns a digest that is the same for both.
func (c *copier) check(ctx context.Context) (sameSum string, err error) {
	there := &copier{target: c.target}
	if err := there.look(ctx); err != nil {
		return "", err
	}
	for name, object := range c.objects {
		other, ok := there.objects[name]
		if !ok || other.uid != object.uid || other.digest != object.digest {
			return "", fmt.Errorf("the copy of %s in the database is not the same as in the cluster", name)
		}
	}
	if len(there.objects) != len(c.objects) {
		return "", fmt.Errorf("the database has %d objects, the cluster %d", len(there.objects), len(c.objects))
	}
	return sum(c.objects), nil
}

// refused lists the objects that stand against going on.
func (c *copier) refused(keepInvalid bool) []problem {
	return slices.DeleteFunc(slices.Clone(c.problems), func(p problem) bool { return p.invalid && keepInvalid })
}
