package kubectl_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/registry"
)

// eachKind is a row of a table for each kind that is namespaced or not.
func eachKind(row func(kind registry.Description) string, namespaced ...bool) []string {
	var rows []string
	for _, kind := range registry.Describe() {
		if slices.Contains(namespaced, kind.Namespaced) {
			rows = append(rows, strings.Join(strings.Fields(row(kind)), " "))
		}
	}
	return rows
}

// apiResource is a kind as kubectl api-resources shows it.
func apiResource(kind registry.Description) string {
	return fmt.Sprintf("%s %s %s %t %s", kind.Plural, strings.Join(kind.ShortNames, ","), kind.Versions[0], kind.Namespaced, kind.Kind)
}

// sortVerbs puts the verbs, which follow the kind, in order: custom resources have another one.
func sortVerbs(rows []string) []string {
	var sorted []string
	for _, row := range rows {
		columns := strings.Fields(row)
		i := slices.IndexFunc(columns, func(column string) bool { return strings.Contains(column, ",") })
		verbs := strings.Split(columns[i], ",")
		slices.Sort(verbs)
		columns[i] = strings.Join(verbs, ",")
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
			ConsistOf(eachKind(func(kind registry.Description) string {
				return apiResource(kind) + " create,delete,deletecollection,get,list,patch,update,watch " + strings.Join(kind.Categories, ",")
			}, true, false)))),
		Entry("that can be listed and watched", append(ark, "--verbs=list,watch"), ConsistOf(eachKind(apiResource, true, false))),
		Entry("of which none can be connected to", append(ark, "--verbs=connect"), BeEmpty()),
		Entry("that are cluster-wide", append(ark, "--namespaced=false"), ConsistOf(eachKind(apiResource, false))),
		Entry("of the category ark", []string{"api-resources", "--categories=ark", "--no-headers"}, ConsistOf(eachKind(apiResource, true))),
		Entry("by name, sorted", append(ark, "-o", "name", "--sort-by=name"), Equal(slices.Sorted(slices.Values(
			eachKind(func(kind registry.Description) string { return kind.Plural + ".ark.ai" }, true, false))))),
	)

	It("lists what controllers and tools expect of Kubernetes", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(strings.Fields(read.ok("api-resources", "-o", "name"))).To(ContainElements(
			"namespaces", "secrets", "configmaps", "events", "serviceaccounts", "resourcequotas", "leases.coordination.k8s.io",
			"services", "endpoints", "endpointslices.discovery.k8s.io",
			"roles.rbac.authorization.k8s.io", "validatingwebhookconfigurations.admissionregistration.k8s.io",
			"validatingadmissionpolicies.admissionregistration.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
			"apiservices.apiregistration.k8s.io"))
	})

	It("lists what runs containers to be read only, without Kubernetes", standaloneOnly, func(ctx context.Context) {
		write, read := administrators(ctx)
		resources := strings.Fields(read.ok("api-resources", "-o", "name", "--verbs=get,list,watch"))
		writable := strings.Fields(read.ok("api-resources", "-o", "name", "--verbs=create"))
		for _, name := range []string{"pods", "nodes", "deployments.apps", "jobs.batch", "persistentvolumeclaims", "ingresses.networking.k8s.io"} {
			Expect(resources).To(ContainElement(name))
			Expect(writable).NotTo(ContainElement(name))
		}
		Expect(read.ok("get", "all", "-o", "name")).To(BeEmpty())
		Expect(write.refused("create", "deployment", "web", "--image=web")).To(show("the server does not allow this method on the requested resource"))
	})
})

var _ = Describe("kubectl api-versions", func() {
	It("lists the versions of ark.ai beside Kubernetes' own", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(strings.Fields(read.ok("api-versions"))).To(ContainElements("v1", "ark.ai/v1alpha1", "ark.ai/v1prealpha1", "rbac.authorization.k8s.io/v1", "apiextensions.k8s.io/v1"))
	})
})

var _ = Describe("kubectl version", func() {
	It("says which Kubernetes the server is", func(ctx context.Context) {
		_, read := administrators(ctx)
		want := "v1.37."
		if framework.Env.Mode != environment.Standalone {
			cluster, err := framework.Client.Discovery().ServerVersion()
			Expect(err).NotTo(HaveOccurred())
			want = cluster.GitVersion
		}
		Expect(read.ok("version")).To(show("Server Version: " + want))
		Expect(read.ok("version", "-o", "json")).To(show(`"serverVersion"`, `"gitVersion": "`+want))
	})
})
