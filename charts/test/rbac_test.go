package chart_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"ark.ai/apiserver/docs/aggregated"
)

// right is what of a role or binding counts.
type right struct {
	kind, namespace, name string
	aggregates            []string
	rules                 []rbacv1.PolicyRule
	roleRef               rbacv1.RoleRef
	subjects              []rbacv1.Subject
}

func rights(all objects) []right {
	var found []right
	for _, object := range all {
		r := right{namespace: object.GetNamespace(), name: object.GetName()}
		if object.GetAnnotations()["helm.sh/hook"] == "test" {
			continue
		}
		switch object := object.(type) {
		case *rbacv1.ClusterRole:
			r.kind, r.rules = "ClusterRole", object.Rules
		case *rbacv1.Role:
			r.kind, r.rules = "Role", object.Rules
		case *rbacv1.ClusterRoleBinding:
			r.kind, r.roleRef, r.subjects = "ClusterRoleBinding", object.RoleRef, object.Subjects
		case *rbacv1.RoleBinding:
			r.kind, r.roleRef, r.subjects = "RoleBinding", object.RoleRef, object.Subjects
		default:
			continue
		}
		for label := range object.GetLabels() {
			if strings.HasPrefix(label, "rbac.authorization.k8s.io/") {
				r.aggregates = append(r.aggregates, label)
			}
		}
		found = append(found, r)
	}
	slices.SortFunc(found, func(a, b right) int { return strings.Compare(a.kind+a.name, b.kind+b.name) })
	return found
}

// What the conformance suites verify are the rights that docs/aggregated/rbac.yaml gives.
func TestRightsAreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	var documented objects
	for manifest := range strings.SplitSeq(aggregated.RBAC, "\n---\n") {
		documented = append(documented, decode(t, manifest))
	}
	got, want := rights(render(t, postgresql, `fullnameOverride: ark-apiserver`)), rights(documented)
	if len(got) != len(want) {
		t.Errorf("the chart has %d roles and bindings, the documentation %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("the chart has\n%+v\nthe documentation\n%+v", got[i], want[i])
		}
	}
}

func TestRightsCanBeLeftToOthers(t *testing.T) {
	t.Parallel()
	if got := rights(render(t, postgresql, `rbac: {create: false}`)); len(got) > 0 {
		t.Errorf("%+v", got)
	}
	var names []string
	for _, r := range rights(render(t, postgresql, `{rbac: {aggregateToUserRoles: false, policyParameters: []}, tls: {source: certManager}}`)) {
		names = append(names, r.name)
	}
	if want := []string{fullname, fullname, fullname + ":auth-delegator", fullname + ":authentication-reader"}; !slices.Equal(sorted(names), want) {
		t.Errorf("%q", names)
	}
}

func TestPrometheusMayBeGivenTheRightToReadMetrics(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, `metrics: {readers: [{namespace: monitoring, name: prometheus-k8s}]}`)
	role := one[*rbacv1.ClusterRole](t, all, fullname+":metrics-reader")
	if want := []rbacv1.PolicyRule{{NonResourceURLs: []string{"/metrics"}, Verbs: []string{"get"}}}; !reflect.DeepEqual(role.Rules, want) {
		t.Errorf("%+v", role.Rules)
	}
	binding := one[*rbacv1.ClusterRoleBinding](t, all, fullname+":metrics-reader")
	if want := []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: "monitoring", Name: "prometheus-k8s"}}; !reflect.DeepEqual(binding.Subjects, want) || binding.RoleRef.Name != role.Name {
		t.Errorf("%+v", binding)
	}
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
