package chart_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

// otherGroup is that of definitions whose objects get new uids.
const otherGroup = `ark: {fromCustomResourceDefinitions: {group: ark.mckinsey.com}}`

// everything is switched on that the chart can.
const everything = `
ark: {apiserver: {audit: {enabled: true}}, storage: {encryption: {secret: keys}}, backup: {enabled: true}}
tls: {source: certManager}
autoscaling: {enabled: true}
networkPolicy: {enabled: true, egress: {enabled: true}}
metrics:
  serviceMonitor: {enabled: true}
  prometheusRule: {enabled: true}
  dashboard: {enabled: true}
  readers: [{namespace: monitoring, name: prometheus-k8s}]
`

// testdata/rights.yaml is what a reviewer reads.
func TestPodsHaveNoOtherRightsThanThose(t *testing.T) {
	t.Parallel()
	allowed := map[string]map[string]string{}
	text, err := os.ReadFile("testdata/rights.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(text, &allowed); err != nil {
		t.Fatal(err)
	}
	rightsIn := func(sections []string) (rights []string) {
		for _, section := range sections {
			rights = slices.AppendSeq(rights, maps.Keys(allowed[section]))
		}
		return rights
	}
	for name, set := range map[string]struct{ values, allowed []string }{
		"the defaults on PostgreSQL":      {[]string{postgresql}, []string{"server", "servingCertificate", "policyParameters"}},
		"the defaults on SQLite":          {[]string{sqlite}, []string{"server", "servingCertificate", "policyParameters"}},
		"everything":                      {[]string{postgresql, everything}, []string{"server", "policyParameters"}},
		"a service account that is there": {[]string{postgresql, `serviceAccount: {create: false, name: mine}`}, []string{"server", "servingCertificate", "policyParameters"}},
		"no parameters of policies":       {[]string{postgresql, `rbac: {policyParameters: []}`}, []string{"server", "servingCertificate"}},
		"other parameters of policies": {
			[]string{postgresql, `rbac: {policyParameters: [{apiGroups: [example.org], resources: [limits]}]}`}, []string{"server", "servingCertificate", "ownPolicyParameters"},
		},
		"moving in on SQLite":  {[]string{sqlite, movesIn}, []string{"server", "servingCertificate", "policyParameters", "fromCustomResourceDefinitions"}},
		"moving in by a Job":   {[]string{postgresql, movesIn}, []string{"server", "servingCertificate", "policyParameters"}},
		"no users' roles":      {[]string{postgresql, `rbac: {aggregateToUserRoles: false}`}, []string{"server", "servingCertificate", "policyParameters"}},
		"rights from somebody": {[]string{postgresql, `rbac: {create: false}`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := rightsIn(set.allowed)
			all := render(t, set.values...)
			got := rightsOf(t, all, pod(t, all).Spec.ServiceAccountName)
			compareRights(t, got, want)
		})
	}
	for name, set := range map[string]struct{ values, allowed []string }{
		"the Job that moves in":                    {[]string{postgresql, movesIn}, []string{"fromCustomResourceDefinitions"}},
		"the Job that moves in from another group": {[]string{postgresql, movesIn, otherGroup}, []string{"fromCustomResourceDefinitions", "fromAnotherGroup"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := rightsIn(set.allowed)
			all := render(t, set.values...)
			got := rightsOf(t, all, moverJob(t, all).Spec.Template.Spec.ServiceAccountName)
			if len(set.allowed) > 1 {
				// The names of the definitions are other ones.
				want = slices.DeleteFunc(want, func(right string) bool {
					return strings.Contains(right, `.apiextensions.k8s.io "`) && strings.HasSuffix(right, `.ark.ai"`)
				})
				got = slices.DeleteFunc(got, func(right string) bool {
					return strings.HasSuffix(right, `.ark.mckinsey.com"`) || strings.HasSuffix(right, ".ark.mckinsey.com")
				})
			}
			compareRights(t, got, want)
		})
	}
	for section, rights := range allowed {
		for right, reason := range rights {
			if reason == "" {
				t.Errorf("%s: %s has no reason", section, right)
			}
		}
	}
}

func compareRights(t *testing.T, got, want []string) {
	t.Helper()
	for _, right := range got {
		if !slices.Contains(want, right) {
			t.Errorf("a right that is not in the list: %s", right)
		}
	}
	for _, right := range want {
		if !slices.Contains(got, right) {
			t.Errorf("in the list, but not given: %s", right)
		}
	}
}

// rightsOf are all rights that bindings give to a service account of the release, by whatever name.
func rightsOf(t *testing.T, all objects, account string) []string {
	t.Helper()
	var rights []string
	given := func(where string, role rbacv1.RoleRef, subjects []rbacv1.Subject) {
		if slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool { return isAccount(s, account) }) {
			rights = append(rights, spelledOut(where, rulesOf(t, all, where, role))...)
		}
	}
	for _, object := range all {
		switch binding := object.(type) {
		case *rbacv1.ClusterRoleBinding:
			given("all namespaces", binding.RoleRef, binding.Subjects)
		case *rbacv1.RoleBinding:
			given(binding.Namespace, binding.RoleRef, binding.Subjects)
		}
	}
	return rights
}

func isAccount(subject rbacv1.Subject, account string) bool {
	switch subject.Kind {
	case rbacv1.ServiceAccountKind:
		return subject.Namespace == namespace && subject.Name == account
	case rbacv1.UserKind:
		return subject.Name == fmt.Sprintf("system:serviceaccount:%s:%s", namespace, account)
	default:
		return slices.Contains([]string{"system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"}, subject.Name)
	}
}

// rulesOf is for roles of the chart and of Kubernetes.
func rulesOf(t *testing.T, all objects, namespace string, ref rbacv1.RoleRef) []rbacv1.PolicyRule {
	t.Helper()
	for _, object := range all {
		switch role := object.(type) {
		case *rbacv1.ClusterRole:
			if ref.Kind == "ClusterRole" && role.Name == ref.Name {
				return role.Rules
			}
		case *rbacv1.Role:
			if ref.Kind == "Role" && role.Name == ref.Name && role.Namespace == namespace {
				return role.Rules
			}
		}
	}
	if ref.Kind == "ClusterRole" {
		for _, role := range bootstrappolicy.ClusterRoles() {
			if role.Name == ref.Name {
				return role.Rules
			}
		}
	}
	for _, role := range bootstrappolicy.NamespaceRoles()[namespace] {
		if ref.Kind == "Role" && role.Name == ref.Name {
			return role.Rules
		}
	}
	t.Errorf("nobody has the %s %s in %s", ref.Kind, ref.Name, namespace)
	return nil
}

// spelledOut has a line for each resource, and for each name where there are names.
func spelledOut(where string, rules []rbacv1.PolicyRule) []string {
	var lines []string
	for _, rule := range rules {
		line := func(what string) {
			lines = append(lines, fmt.Sprintf("in %s %s %s", where, strings.Join(rule.Verbs, ","), what))
		}
		for _, url := range rule.NonResourceURLs {
			line(url)
		}
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				name, subresource, divided := strings.Cut(resource, "/")
				what := strings.TrimSuffix(name+"."+group, ".")
				if divided {
					what += "/" + subresource
				}
				if len(rule.ResourceNames) == 0 {
					line(what)
				}
				for _, name := range rule.ResourceNames {
					line(fmt.Sprintf("%s %q", what, name))
				}
			}
		}
	}
	return lines
}
