package environment_test

import (
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	manifests "ark.ai/apiserver/docs/aggregated"
	"ark.ai/apiserver/src/registry"
)

func TestRolesOfTheManifestsNameEveryKind(t *testing.T) {
	var plurals []string
	for _, kind := range registry.Describe() {
		plurals = append(plurals, kind.Plural)
	}
	slices.Sort(plurals)
	roles := 0
	for manifest := range strings.SplitSeq(manifests.RBAC, "\n---\n") {
		var role rbacv1.ClusterRole
		if err := yaml.Unmarshal([]byte(manifest), &role); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(role.Name, "ark-apiserver:aggregate-to-") {
			continue
		}
		roles++
		if !slices.Equal(role.Rules[0].Resources, plurals) {
			t.Errorf("%s is about %q, not %q", role.Name, role.Rules[0].Resources, plurals)
		}
	}
	if roles != 2 {
		t.Errorf("%d roles of users, not view and edit", roles)
	}
}
