package chart_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// production are the values in docs/helm.md.
func production(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/helm.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What to set for production\n")
	_, block, _ := strings.Cut(section, "```yaml\n")
	values, _, found := strings.Cut(block, "```")
	if !found {
		t.Fatal("docs/helm.md has no values for production")
	}
	return values
}

func TestValuesForProduction(t *testing.T) {
	t.Parallel()
	all := render(t, postgresql, production(t))
	server := container(t, all)
	limit := server.Resources.Limits.Memory()
	i := slices.IndexFunc(server.Env, func(variable corev1.EnvVar) bool { return variable.Name == "GOMEMLIMIT" })
	if i < 0 || limit.IsZero() {
		t.Fatalf("%+v", server)
	}
	// Go has a B at the end of its units.
	soft := resource.MustParse(strings.TrimSuffix(server.Env[i].Value, "B"))
	if share := soft.AsApproximateFloat64() / limit.AsApproximateFloat64(); share < 0.85 || share > 0.9 {
		t.Errorf("GOMEMLIMIT is %.2f of the limit", share)
	}
	if !server.Resources.Limits.Cpu().IsZero() {
		t.Error("CPU is limited")
	}
	if policy := one[*networkingv1.NetworkPolicy](t, all, fullname).Spec; !slices.Contains(policy.PolicyTypes, networkingv1.PolicyTypeEgress) {
		t.Errorf("%+v", policy)
	}
	if path := options(t, all).Recommended.Audit.PolicyFile; path == "" {
		t.Error("nothing is audited")
	}
}
