package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// Two agents, the first of which is available.
const poetAndCritic = `
apiVersion: ark.ai/v1alpha1
kind: Agent
metadata:
  name: poet
  labels: {stage: live}
spec:
  description: Writes verse.
  modelRef: {name: large}
  prompt: Rhyme.
  parameters:
    - {name: metre, value: iambic}
status:
  conditions:
    - {type: Available, status: "True", reason: Ready, message: It answers., lastTransitionTime: "2026-01-02T03:04:05Z"}
---
apiVersion: ark.ai/v1alpha1
kind: Agent
metadata:
  name: critic
spec:
  description: Reads verse.
  modelRef: {name: small}
  executionEngine: {name: langchain}
  prompt: Frown.
`

var _ = Describe("kubectl get", func() {
	DescribeTable("prints agents",
		func(ctx context.Context, args []string, want types.GomegaMatcher) {
			write, read := administrators(ctx)
			write.finds(poetAndCritic)
			Expect(read.ok(append([]string{"get"}, args...)...)).To(want)
		},
		Entry("as a table", []string{"agents"}, haveAgedRows("NAME MODEL AVAILABLE", "critic small", "poet large True")),
		Entry("as a table without its head", []string{"agents", "--no-headers"}, haveAgedRows("critic small", "poet large True")),
		Entry("as a wide table", []string{"agents", "-o", "wide"},
			haveAgedRows("NAME MODEL AVAILABLE ENGINE", "critic small langchain", "poet large True")),
		Entry("as a table in the order that was asked for", []string{"agents.v1alpha1.ark.ai", "poet", "critic"},
			haveAgedRows("NAME MODEL AVAILABLE", "poet large True", "critic small")),
		Entry("as a table that is made by kubectl", []string{"agents", "--server-print=false"}, haveAgedRows("NAME", "critic", "poet")),
		Entry("as a table with their kind", []string{"agents", "--show-kind", "--no-headers"},
			haveAgedRows("agent.ark.ai/critic small", "agent.ark.ai/poet large True")),
		Entry("as a table with a label as a column (-L)", []string{"agents", "-L", "stage"},
			WithTransform(rows, ConsistOf(HaveSuffix(" AGE STAGE"), HavePrefix("critic small "), MatchRegexp("^poet large True .* live$")))),
		Entry("as a table with all labels (--show-labels)", []string{"agents", "--show-labels"},
			WithTransform(rows, ConsistOf(HaveSuffix(" LABELS"), HaveSuffix(" <none>"), HaveSuffix(" stage=live")))),
		Entry("by name", []string{"agents", "-o", "name"}, Equal("agent.ark.ai/critic\nagent.ark.ai/poet\n")),
		Entry("sorted by a field", []string{"agents", "-o", "name", "--sort-by", ".spec.modelRef.name"}, Equal("agent.ark.ai/poet\nagent.ark.ai/critic\n")),
		Entry("with a JSONPath", []string{"agents", "-o", "jsonpath={.items[*].metadata.name}"}, Equal("critic poet")),
		Entry("with a JSONPath, as JSON", []string{"agents", "-o", "jsonpath-as-json={.items[*].spec.modelRef}"},
			MatchJSON(`[{"name":"small"},{"name":"large"}]`)),
		Entry("with a Go template", []string{"agent", "poet", "-o", "go-template={{(index .spec.parameters 0).value}}"}, Equal("iambic")),
		Entry("with columns of one's own", []string{"agents", "-o", "custom-columns=WHO:.metadata.name,MODEL:.spec.modelRef.name,METRE:.spec.parameters[0].value"},
			haveRows("WHO MODEL METRE", "critic small <none>", "poet large iambic")),
	)

	DescribeTable("prints an agent with a template from a file",
		func(ctx context.Context, format, template string, want types.GomegaMatcher) {
			write, read := administrators(ctx)
			write.finds(poetAndCritic)
			Expect(read.ok("get", "agent", "poet", "-o", format+"="+read.file("template", template))).To(want)
		},
		Entry("that is a JSONPath", "jsonpath-file", "{.spec.prompt}", Equal("Rhyme.")),
		Entry("that is a Go template", "go-template-file", "{{.spec.description}}", Equal("Writes verse.")),
		Entry("that names columns", "custom-columns-file", "WHO            MODEL\n.metadata.name .spec.modelRef.name\n", haveRows("WHO MODEL", "poet large")),
	)

	DescribeTable("knows agents",
		func(ctx context.Context, name string) {
			write, read := administrators(ctx)
			write.finds(poetAndCritic)
			read.says("agent.ark.ai/poet", "get", name, "poet", "-o", "name")
		},
		Entry("by their plural", "agents"),
		Entry("by their singular", "agent"),
		Entry("by their kind", "Agent"),
		Entry("by resource and group", "agents.ark.ai"),
		Entry("by resource, version and group", "agents.v1alpha1.ark.ai"),
	)

	It("lists the agents of all namespaces", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(poetAndCritic)
		Expect(agedRows(read.ok("get", "agents", "-A"))).To(ContainElements(
			"NAMESPACE NAME MODEL AVAILABLE", read.namespace+" poet large True", read.namespace+" critic small"))
	})

	It("shows who manages a field only if asked", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(poetAndCritic).ok("create", "-f", "-")
		for _, format := range []string{"json", "yaml"} {
			Expect(read.ok("get", "agent", "poet", "-o", format)).NotTo(ContainSubstring("managedFields"))
			Expect(read.ok("get", "agent", "poet", "-o", format, "--show-managed-fields")).To(show("managedFields", "kubectl-create", "f:modelRef"))
		}
	})

	It("reads the agents that a manifest names", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(poetAndCritic)
		read.given(poetAndCritic).says("agent.ark.ai/poet\nagent.ark.ai/critic", "get", "-o", "name", "-f", "-")
	})

	It("says that there are no agents", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.run("get", "agents")).To(Equal(result{stderr: "No resources found in " + read.namespace + " namespace.\n"}))
		read.says("", "get", "agents", "-o", "name")
		Expect(read.ok("get", "agents", "-o", "yaml")).To(show("items: []", "kind: List"))
	})

	It("fails for an agent that does not exist, unless --ignore-not-found is given", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("get", "agent", "nobody")).To(Equal("Error from server (NotFound): agents.ark.ai \"nobody\" not found\n"))
		Expect(read.run("get", "agent", "nobody", "--ignore-not-found")).To(Equal(result{}))
		Expect(read.refused("get", "wizards")).To(show(`the server doesn't have a resource type "wizards"`))
	})

	It("lists all kinds of the category ark", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.ok("apply", "-f", samples)
		Expect(rows(read.ok("get", "ark", "-o", "name"))).To(ContainElements(
			"a2aserver.ark.ai/airline", "a2atask.ark.ai/check-in", "agent.ark.ai/adviser", "agent.ark.ai/forecaster",
			"evaluation.ark.ai/packing-list", "evaluator.ark.ai/judge", "executionengine.ark.ai/langchain", "mcpserver.ark.ai/maps",
			"memory.ark.ai/default", "model.ark.ai/default", "query.ark.ai/packing-list", "query.ark.ai/packing-list-chat",
			"team.ark.ai/travel", "tool.ark.ai/forecast", "executionprofile.ark.ai/careful"))
	})

	It("lists several kinds at once, each with its own columns", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(poetAndCritic)
		write.finds(query("ask", "a"))
		Expect(read.ok("get", "agents,queries")).To(haveAgedRows("NAME MODEL AVAILABLE", "agent.ark.ai/critic small", "agent.ark.ai/poet large True", "",
			"NAME TYPE PHASE DURATION", "query.ark.ai/ask user"))
	})

	It("knows the short names of Kubernetes' own kinds", func(ctx context.Context) {
		_, read := administrators(ctx)
		read.says("namespace/"+read.namespace, "get", "ns", read.namespace, "-o", "name")
		read.eventuallySays("serviceaccount/default", "get", "sa", "-o", "name")
		read.eventuallySays("configmap/kube-root-ca.crt", "get", "cm", "-o", "name")
	})
})
