package crdmigration

import (
	"context"
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
)

// state is where a migration is, as the cluster shows it.
type state struct {
	// switched are the APIServices that lead to a server behind kube-apiserver; all of them do if
	// all is true.
	switched []string
	all      bool
	// marked is nil if no migration has begun, binding if writes are not refused.
	marked  *admissionregistrationv1.ValidatingAdmissionPolicy
	binding *admissionregistrationv1.ValidatingAdmissionPolicyBinding
	// definitions are those of the group's kinds.
	definitions []definition
}

func (c *cluster) look(ctx context.Context) (s *state, err error) {
	s = &state{}
	if s.switched, s.all, err = c.switched(ctx); err != nil {
		return nil, err
	}
	from := c.from
	if s.marked, err = c.findPolicy(ctx); err != nil {
		return nil, err
	}
	if s.binding, err = c.binding(ctx); err != nil {
		return nil, err
	}
	if s.marked != nil {
		from = s.marked.Annotations[groupAnnotation]
	}
	s.definitions, _, err = c.findDefinitions(ctx, from)
	return s, err
}

// hasUnmoved reports whether there are definitions whose objects were not moved.
func (s *state) hasUnmoved() bool {
	return slices.ContainsFunc(s.definitions, func(d definition) bool { return d.Annotations[servedAnnotation] == "" })
}

// isElsewhere reports whether there are definitions of another group than that of the servers.
func (s *state) isElsewhere() bool {
	return slices.ContainsFunc(s.definitions, func(d definition) bool { return d.Spec.Group != Group })
}

// isBack reports whether the migration that has begun is one back to etcd.
func (s *state) isBack() bool {
	return s.marked != nil && s.marked.Annotations[databaseAnnotation] == toEtcd
}

// isCopied reports whether there is a complete copy, since which nobody could write.
func (s *state) isCopied() bool {
	return s.marked != nil && s.binding != nil && s.marked.Annotations[boundAnnotation] == string(s.binding.UID)
}
