package kubectl_test

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// kinds are all of the group.
var kinds = []string{
	"a2aservers A2AServer", "a2atasks A2ATask", "agents Agent", "evaluations Evaluation", "evaluators Evaluator",
	"executionengines ExecutionEngine", "mcpservers MCPServer", "memories Memory", "models Model", "queries Query", "teams Team", "tools Tool",
}

// eachKind is a row of a table for each kind: its plural, text, its kind and more text.
func eachKind(between, after string) []string {
	var rows []string
	for _, kind := range kinds {
		plural, kind, _ := strings.Cut(kind, " ")
		rows = append(rows, plural+between+kind+after)
	}
	return rows
}

// sortVerbs puts the verbs, which are the last but one column, in order: custom resources have another one.
func sortVerbs(rows []string) []string {
	var sorted []string
	for _, row := range rows {
		columns := strings.Fields(row)
		verbs := strings.Split(columns[len(columns)-2], ",")
		slices.Sort(verbs)
		columns[len(columns)-2] = strings.Join(verbs, ",")
		sorted = append(sorted, strings.Join(columns, " "))
	}
	return sorted
}

var _ = Describe("kubectl api-resources", func() {
	ark := []string{"api-resources", "--api-group=ark.ai", "--no-headers"}

	DescribeTable("lists the Ark kinds",
		func(ctx context.Context, args []string, want types.GomegaMatcher) {
			_, read := administrators(ctx)
			Expect(rows(read.ok(args...))).To(want)
		},
		Entry("with verbs and categories", append(ark, "-o", "wide"), WithTransform(sortVerbs,
			ConsistOf(eachKind(" ark.ai/v1alpha1 true ", " create,delete,deletecollection,get,list,patch,update,watch ark")))),
		Entry("that can be listed and watched", append(ark, "--verbs=list,watch"), ConsistOf(eachKind(" ark.ai/v1alpha1 true ", ""))),
		Entry("of which none can be connected to", append(ark, "--verbs=connect"), BeEmpty()),
		Entry("of which none is cluster-wide", append(ark, "--namespaced=false"), BeEmpty()),
		Entry("of the category ark", []string{"api-resources", "--categories=ark", "--no-headers"}, ConsistOf(eachKind(" ark.ai/v1alpha1 true ", ""))),
		Entry("by name, sorted", append(ark, "-o", "name", "--sort-by=name"), WithTransform(
			func(rows []string) string { return strings.Join(rows, " ") },
			Equal("a2aservers.ark.ai a2atasks.ark.ai agents.ark.ai evaluations.ark.ai evaluators.ark.ai executionengines.ark.ai "+
				"mcpservers.ark.ai memories.ark.ai models.ark.ai queries.ark.ai teams.ark.ai tools.ark.ai"))),
	)

	It("lists what controllers and tools expect of Kubernetes", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(strings.Fields(read.ok("api-resources", "-o", "name"))).To(ContainElements(
			"namespaces", "secrets", "configmaps", "events", "serviceaccounts", "resourcequotas", "leases.coordination.k8s.io",
			"roles.rbac.authorization.k8s.io", "validatingwebhookconfigurations.admissionregistration.k8s.io",
			"validatingadmissionpolicies.admissionregistration.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
			"apiservices.apiregistration.k8s.io"))
	})

	It("lists nothing that runs containers, without Kubernetes", standaloneOnly, func(ctx context.Context) {
		_, read := administrators(ctx)
		resources := strings.Fields(read.ok("api-resources", "-o", "name"))
		for _, name := range []string{"pods", "nodes", "services"} {
			Expect(resources).NotTo(ContainElement(name))
		}
	})
})

var _ = Describe("kubectl api-versions", func() {
	It("lists ark.ai/v1alpha1 beside Kubernetes' own versions", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(strings.Fields(read.ok("api-versions"))).To(ContainElements("v1", "ark.ai/v1alpha1", "rbac.authorization.k8s.io/v1", "apiextensions.k8s.io/v1"))
	})
})

var _ = Describe("kubectl version", func() {
	It("says which Kubernetes the server is", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.ok("version")).To(show("Server Version: v1.37."))
		Expect(read.ok("version", "-o", "json")).To(show(`"serverVersion"`, `"gitVersion": "v1.37.`))
	})
})
