package machinery_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/registry"
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

// kindsIn are those that a version serves.
func kindsIn(version schema.GroupVersion) []kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k kind) bool {
		return !slices.ContainsFunc(k.Versions, func(v registry.VersionDescription) bool { return v.GroupVersion == version })
	})
}

func haveShortNames(k kind) types.GomegaMatcher { return haveNames("shortNames", k.ShortNames) }

func haveCategories(k kind) types.GomegaMatcher { return haveNames("categories", k.Categories) }

// haveNames matches a list that is left out if it is empty.
func haveNames(key string, names []string) types.GomegaMatcher {
	if len(names) == 0 {
		return Not(HaveKey(key))
	}
	return HaveKeyWithValue(key, ConsistOf(names))
}

var _ = Describe("Discovery", func() {
	It("lists the group and its versions, the preferred one first", func(ctx context.Context) {
		group := named(get(ctx, "/apis").succeeds(200).object().Object["groups"], "name", "ark.ai")
		var versions []any
		for _, version := range registry.GroupVersions() {
			versions = append(versions, map[string]any{"groupVersion": version.String(), "version": version.Version})
		}
		Expect(group["versions"]).To(Equal(versions))
		Expect(group["preferredVersion"]).To(Equal(versions[0]))
		own := get(ctx, "/apis/ark.ai").succeeds(200).object().Object
		Expect(own).To(HaveKeyWithValue("kind", "APIGroup"))
		Expect(own["versions"]).To(Equal(versions))
	})

	It("lists all kinds and their status, and nothing else", func(ctx context.Context) {
		for _, version := range registry.GroupVersions() {
			list := get(ctx, "/apis/"+version.String()).succeeds(200).object().Object
			Expect(list).To(And(HaveKeyWithValue("kind", "APIResourceList"), HaveKeyWithValue("groupVersion", version.String())))
			Expect(list["resources"]).To(HaveLen(2 * len(kindsIn(version))))
			for _, k := range kindsIn(version) {
				resource := named(list["resources"], "name", k.Plural)
				Expect(resource).To(And(
					HaveKeyWithValue("kind", k.Kind),
					HaveKeyWithValue("singularName", k.Singular),
					HaveKeyWithValue("namespaced", k.Namespaced),
					HaveKeyWithValue("verbs", ConsistOf(objectVerbs)),
					haveCategories(k),
					HaveKeyWithValue("storageVersionHash", Not(BeEmpty())),
					haveShortNames(k),
				))
				status := named(list["resources"], "name", k.Plural+"/status")
				Expect(status).To(And(
					HaveKeyWithValue("kind", k.Kind),
					HaveKeyWithValue("namespaced", k.Namespaced),
					HaveKeyWithValue("verbs", ConsistOf(statusVerbs)),
				))
			}
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
			for _, v := range registry.GroupVersions() {
				version := named(group["versions"], "version", v.Version)
				Expect(version).To(HaveKeyWithValue("freshness", "Current"))
				Expect(version["resources"]).To(HaveLen(len(kindsIn(v))))
				for _, k := range kindsIn(v) {
					scope := "Namespaced"
					if !k.Namespaced {
						scope = "Cluster"
					}
					Expect(named(version["resources"], "resource", k.Plural)).To(And(
						HaveKeyWithValue("responseKind", HaveKeyWithValue("kind", k.Kind)),
						HaveKeyWithValue("scope", scope),
						HaveKeyWithValue("singularResource", k.Singular),
						HaveKeyWithValue("verbs", ConsistOf(objectVerbs)),
						haveCategories(k),
						haveShortNames(k),
						HaveKeyWithValue("subresources", ConsistOf(And(
							HaveKeyWithValue("subresource", "status"),
							HaveKeyWithValue("responseKind", HaveKeyWithValue("kind", k.Kind)),
							HaveKeyWithValue("verbs", ConsistOf(statusVerbs)),
						))),
					))
				}
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
