package machinery_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

var (
	objectVerbs = []any{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}
	statusVerbs = []any{"get", "patch", "update"}
)

// named is the item of a list that has this value in a field.
func named(list any, field string, value any) map[string]any {
	GinkgoHelper()
	items := list.([]any)
	i := slices.IndexFunc(items, func(item any) bool { return item.(map[string]any)[field] == value })
	Expect(i).NotTo(Equal(-1), "no %s %s", field, value)
	return items[i].(map[string]any)
}

var _ = Describe("Discovery", func() {
	It("lists the group and its version", func(ctx context.Context) {
		group := named(get(ctx, "/apis").succeeds(200).object().Object["groups"], "name", "ark.ai")
		version := map[string]any{"groupVersion": "ark.ai/v1alpha1", "version": "v1alpha1"}
		Expect(group["versions"]).To(ConsistOf(version))
		Expect(group["preferredVersion"]).To(Equal(version))
		own := get(ctx, "/apis/ark.ai").succeeds(200).object().Object
		Expect(own).To(HaveKeyWithValue("kind", "APIGroup"))
		Expect(own["versions"]).To(ConsistOf(version))
	})

	It("lists all kinds and their status, and nothing else", func(ctx context.Context) {
		list := get(ctx, "/apis/ark.ai/v1alpha1").succeeds(200).object().Object
		Expect(list).To(And(HaveKeyWithValue("kind", "APIResourceList"), HaveKeyWithValue("groupVersion", "ark.ai/v1alpha1")))
		Expect(list["resources"]).To(HaveLen(2 * len(kinds)))
		for _, k := range kinds {
			resource := named(list["resources"], "name", k.resource)
			Expect(resource).To(And(
				HaveKeyWithValue("kind", k.name),
				HaveKeyWithValue("singularName", k.singular()),
				HaveKeyWithValue("namespaced", true),
				HaveKeyWithValue("verbs", ConsistOf(objectVerbs)),
				HaveKeyWithValue("categories", ConsistOf("ark")),
				HaveKeyWithValue("storageVersionHash", Not(BeEmpty())),
				Not(HaveKey("shortNames")),
			))
			status := named(list["resources"], "name", k.resource+"/status")
			Expect(status).To(And(
				HaveKeyWithValue("kind", k.name),
				HaveKeyWithValue("namespaced", true),
				HaveKeyWithValue("verbs", ConsistOf(statusVerbs)),
			))
		}
	})

	It("shows all groups at once to who asks for it", func(ctx context.Context) {
		aggregated := accept("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json")
		for path, name := range map[string]string{"/apis": "ark.ai", "/api": ""} {
			answer := get(ctx, path, aggregated).succeeds(200)
			Expect(answer.Header.Get("Content-Type")).To(HavePrefix("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"))
			Expect(answer.object().GetKind()).To(Equal("APIGroupDiscoveryList"))
			var group map[string]any
			for _, item := range answer.object().Object["items"].([]any) {
				if got, _ := item.(map[string]any)["metadata"].(map[string]any)["name"].(string); got == name {
					group = item.(map[string]any)
				}
			}
			Expect(group).NotTo(BeNil(), path)
			if name == "" {
				continue
			}
			version := named(group["versions"], "version", "v1alpha1")
			Expect(version).To(HaveKeyWithValue("freshness", "Current"))
			Expect(version["resources"]).To(HaveLen(len(kinds)))
			for _, k := range kinds {
				Expect(named(version["resources"], "resource", k.resource)).To(And(
					HaveKeyWithValue("responseKind", HaveKeyWithValue("kind", k.name)),
					HaveKeyWithValue("scope", "Namespaced"),
					HaveKeyWithValue("singularResource", k.singular()),
					HaveKeyWithValue("verbs", ConsistOf(objectVerbs)),
					HaveKeyWithValue("categories", ConsistOf("ark")),
					HaveKeyWithValue("subresources", ConsistOf(And(
						HaveKeyWithValue("subresource", "status"),
						HaveKeyWithValue("responseKind", HaveKeyWithValue("kind", k.name)),
						HaveKeyWithValue("verbs", ConsistOf(statusVerbs)),
					))),
				))
			}
		}
	})

	It("of all groups need not be sent twice", func(ctx context.Context) {
		aggregated := accept("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
		// The groups may change under way, with other specs' definitions.
		Eventually(func() int {
			etag := get(ctx, "/apis", aggregated).succeeds(200).Header.Get("Etag")
			Expect(etag).NotTo(BeEmpty())
			return get(ctx, "/apis", aggregated, header{"If-None-Match", etag}).Code
		}).Should(Equal(304))
	})

	It("is what client-go's discovery finds", func() {
		groups, resources, err := framework.Client.Discovery().ServerGroupsAndResources()
		Expect(err).NotTo(HaveOccurred())
		Expect(groups).To(ContainElement(HaveField("Name", "ark.ai")))
		Expect(resources).To(ContainElement(And(
			HaveField("GroupVersion", "ark.ai/v1alpha1"),
			HaveField("APIResources", ContainElement(And(HaveField("Name", "queries"), HaveField("Kind", "Query"), HaveField("Namespaced", true)))),
		)))
	})
})
