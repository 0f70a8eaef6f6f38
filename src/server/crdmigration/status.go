package crdmigration

import (
	"context"
	"io"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/registry"
)

// Status is how far a migration is.
type Status struct {
	// Step is "not begun", "copying", "frozen", "copied", "switched", "finished" or "going
	// back".
	Step string `json:"step"`
	// Database is where the migration that is under way goes, "etcd" if it goes back.
	Database string `json:"database,omitempty"`
	// FrozenSince is when writes began to be refused, if they are.
	FrozenSince *time.Time `json:"frozenSince,omitempty"`
	// Revision is the first one that servers have after a copy that is complete.
	Revision string `json:"revision,omitempty"`
	// Answers is "kube-apiserver" or "servers"; in between it is "both".
	Answers string       `json:"answers"`
	Kinds   []kindStatus `json:"kinds"`
}

// kindStatus is how many objects of a kind there are.
type kindStatus struct {
	Resource string `json:"resource"`
	// Definition says whether there is a CustomResourceDefinition.
	Definition bool `json:"definition"`
	// Objects are those that clients get.
	Objects int64 `json:"objects"`
	// Copied are those that the database has.
	Copied int64 `json:"copied"`
}

// FindStatus looks at the cluster and the database, and changes neither.
func FindStatus(ctx context.Context, o Options) (s Status, err error) {
	c, err := newCluster(o.Config, Group, io.Discard)
	if err != nil {
		return s, err
	}
	found, err := c.look(ctx)
	if err != nil {
		return s, err
	}
	s = found.status()
	stored, err := o.Database.Status(ctx)
	if err != nil {
		return s, err
	}
	copied := make(map[string]int64)
	for _, resource := range stored.Resources {
		copied[resource.Resource] = resource.Objects
	}
	for _, kind := range registry.Describe() {
		k := kindStatus{Resource: kind.Plural, Copied: copied[kind.Plural+"."+Group]}
		resource := kind.Resource()
		for _, d := range found.definitions {
			if d.kind.Plural != kind.Plural {
				continue
			}
			k.Definition = true
			if version, err := d.version(); err == nil && !found.all {
				resource = version
			}
		}
		if list, err := c.dynamic.Resource(resource).List(ctx, metav1.ListOptions{Limit: 1}); err == nil {
			k.Objects = int64(len(list.Items))
			if more := list.GetRemainingItemCount(); more != nil {
				k.Objects += *more
			}
		}
		s.Kinds = append(s.Kinds, k)
	}
	return s, nil
}

// status says where the migration is, without counting objects.
func (s *state) status() (status Status) {
	if s.marked != nil {
		status.Database, status.Revision = s.marked.Annotations[databaseAnnotation], s.marked.Annotations[copiedAnnotation]
	}
	if s.binding != nil {
		status.FrozenSince = &s.binding.CreationTimestamp.Time
	}
	switch {
	case s.all:
		status.Answers = "servers"
	case len(s.switched) > 0:
		status.Answers = "both"
	default:
		status.Answers = "kube-apiserver"
	}
	switch {
	case s.isBack():
		status.Step = "going back"
	case len(s.switched) > 0 && s.marked == nil && len(s.definitions) == 0:
		status.Step = "finished"
	case len(s.switched) > 0:
		status.Step = "switched"
	case s.marked == nil:
		status.Step = "not begun"
	case s.isCopied():
		status.Step = "copied"
	case s.binding != nil:
		status.Step = "frozen"
	default:
		status.Step = "copying"
	}
	return status
}
