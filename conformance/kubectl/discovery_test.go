package kubectl_test

import (
	"slices"
	"strings"
	"testing"
)

func TestListResources(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, _, read *kubectl) {
		got := rows(read.ok(t, "api-resources", "--api-group=ark.ai", "--no-headers", "-o", "wide"))
		kinds := []string{
			"a2aservers A2AServer", "a2atasks A2ATask", "agents Agent", "evaluations Evaluation", "evaluators Evaluator",
			"executionengines ExecutionEngine", "mcpservers MCPServer", "memories Memory", "models Model", "queries Query", "teams Team", "tools Tool",
		}
		if len(got) != len(kinds) {
			t.Errorf("%d resources, want %d:\n%s", len(got), len(kinds), strings.Join(got, "\n"))
		}
		for _, kind := range kinds {
			plural, kind, _ := strings.Cut(kind, " ")
			want := plural + " ark.ai/v1alpha1 true " + kind + " create,delete,deletecollection,get,list,patch,update,watch ark"
			if !slices.Contains(got, want) {
				t.Errorf("missing: %s\nin\n%s", want, strings.Join(got, "\n"))
			}
		}

		resources := strings.Fields(read.ok(t, "api-resources", "-o", "name"))
		for _, name := range []string{
			"namespaces", "secrets", "configmaps", "events", "serviceaccounts", "resourcequotas", "leases.coordination.k8s.io",
			"roles.rbac.authorization.k8s.io", "validatingwebhookconfigurations.admissionregistration.k8s.io",
			"validatingadmissionpolicies.admissionregistration.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
			"apiservices.apiregistration.k8s.io",
		} {
			if !slices.Contains(resources, name) {
				t.Errorf("%s are not served", name)
			}
		}
		for _, name := range []string{"pods", "nodes", "services"} {
			if slices.Contains(resources, name) {
				t.Errorf("%s are served", name)
			}
		}
	})
}

func TestListVersions(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, _, read *kubectl) {
		versions := strings.Fields(read.ok(t, "api-versions"))
		for _, want := range []string{"v1", "ark.ai/v1alpha1", "rbac.authorization.k8s.io/v1", "apiextensions.k8s.io/v1"} {
			if !slices.Contains(versions, want) {
				t.Errorf("%s is not served", want)
			}
		}
	})
}

func TestExplain(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, _, read *kubectl) {
		got := read.ok(t, "explain", "query.spec.target")
		shows(t, got, "GROUP:      ark.ai", "KIND:       Query", "VERSION:    v1alpha1", "FIELD: target <QueryTarget>",
			"name\t<string> -required-", "type\t<string> -required-", "enum: agent, model, team, tool")
		shows(t, read.ok(t, "explain", "query.spec.ttl"), "FIELD: ttl <string>")
		shows(t, read.ok(t, "explain", "agents", "--api-version=ark.ai/v1alpha1"), "KIND:       Agent", "spec\t<AgentSpec>", "status\t<AgentStatus>")
		shows(t, read.refused(t, "explain", "query.spec.wizard"), `field "wizard" does not exist`)

		for _, resource := range strings.Fields(read.ok(t, "api-resources", "--api-group=ark.ai", "-o", "name")) {
			plural, _, _ := strings.Cut(resource, ".")
			all := read.ok(t, "explain", plural, "--recursive")
			shows(t, all, "metadata\t<ObjectMeta>", "spec\t<", "status\t<")
			if description := read.ok(t, "explain", plural+".spec"); strings.Contains(description, "<no description>") || strings.Contains(description, "<empty>") {
				t.Errorf("a field has no description:\n%s", description)
			}
		}
	})
}
