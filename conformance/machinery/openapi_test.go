package machinery_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/registry"
)

// gvkOf is what marks a schema as that of a kind.
func gvkOf(version schema.GroupVersion, kind string) any {
	return map[string]any{"group": version.Group, "version": version.Version, "kind": kind}
}

// schemaOf is the schema that is marked as a kind's in a version.
func schemaOf(schemas any, version schema.GroupVersion, kind string) map[string]any {
	GinkgoHelper()
	for _, schema := range schemas.(map[string]any) {
		s := schema.(map[string]any)
		marks, _ := s["x-kubernetes-group-version-kind"].([]any)
		for _, mark := range marks {
			if reflect.DeepEqual(mark, gvkOf(version, kind)) {
				return s
			}
		}
	}
	Fail("no schema of " + kind)
	return nil
}

var _ = Describe("OpenAPI", func() {
	const root = "/openapi/v3"

	// addressOf is where the index says that a version's document is, with the hash of its content.
	addressOf := func(ctx context.Context, version schema.GroupVersion) string {
		GinkgoHelper()
		var index struct {
			Paths map[string]struct{ ServerRelativeURL string }
		}
		Expect(json.Unmarshal([]byte(get(ctx, root).succeeds(200).Body), &index)).To(Succeed())
		Expect(index.Paths).To(HaveKey("apis/" + version.String()))
		return index.Paths["apis/"+version.String()].ServerRelativeURL
	}
	address := func(ctx context.Context) string { return addressOf(ctx, registry.GroupVersions()[0]) }

	It("version 3 describes all kinds and paths", func(ctx context.Context) {
		documents := map[schema.GroupVersion]map[string]any{}
		for _, version := range registry.GroupVersions() {
			documents[version] = get(ctx, addressOf(ctx, version)).succeeds(200).object().Object
			Expect(documents[version]["openapi"]).To(HavePrefix("3."))
		}
		for _, k := range kinds {
			for _, v := range k.Versions {
				version, document := v.GroupVersion, documents[v.GroupVersion]
				schema := schemaOf(document["components"].(map[string]any)["schemas"], version, k.Kind)
				Expect(schema["properties"]).To(And(HaveKey("apiVersion"), HaveKey("kind"), HaveKey("metadata"), HaveKey("spec"), HaveKey("status")), k.Kind)
				paths := document["paths"].(map[string]any)
				one := k.pathOf(version, "{namespace}", "{name}")
				Expect(paths[one]).To(And(HaveKey("get"), HaveKey("put"), HaveKey("patch"), HaveKey("delete")), k.Kind)
				Expect(paths[one+"/status"]).To(And(HaveKey("get"), HaveKey("put"), HaveKey("patch"), Not(HaveKey("delete"))), k.Kind)
				Expect(paths).To(HaveKey("/apis/" + version.String() + "/" + k.Plural))
				get := paths[one].(map[string]any)["get"]
				Expect(get).To(And(HaveKeyWithValue("x-kubernetes-action", "get"), HaveKeyWithValue("x-kubernetes-group-version-kind", gvkOf(version, k.Kind))))
			}
		}
	})

	It("version 3 is at an address that may be cached for ever", func(ctx context.Context) {
		current := address(ctx)
		base, hash, found := strings.Cut(current, "?hash=")
		Expect(found).To(BeTrue(), current)
		answer := get(ctx, current).succeeds(200)
		Expect(answer.Header.Get("Etag")).To(Equal(`"` + hash + `"`))
		// Behind kube-apiserver its own, more careful word comes before it.
		Expect(answer.Header.Values("Cache-Control")).To(ContainElement("public, immutable"))
		Expect(answer.Header.Get("Expires")).NotTo(BeEmpty())
		get(ctx, current, header{"If-None-Match", `"` + hash + `"`}).succeeds(304)
		Expect(get(ctx, base).succeeds(200).Header.Get("Etag")).To(Equal(`"` + hash + `"`))
	})

	It("version 3 leads there from where it was before", func(ctx context.Context) {
		if framework.Env.IsAggregated() {
			Skip("kube-apiserver lets no server behind it redirect clients")
		}
		base, hash, _ := strings.Cut(address(ctx), "?hash=")
		Expect(get(ctx, base+"?hash=OLD").succeeds(200).Header.Get("Etag")).To(Equal(`"` + hash + `"`))
	})

	It("version 2 describes all kinds", func(ctx context.Context) {
		answer := get(ctx, "/openapi/v2").succeeds(200)
		document := answer.object().Object
		Expect(document).To(HaveKeyWithValue("swagger", "2.0"))
		for _, k := range kinds {
			for _, version := range k.Versions {
				schema := schemaOf(document["definitions"], version.GroupVersion, k.Kind)
				Expect(schema["properties"]).To(And(HaveKey("spec"), HaveKey("status")), k.Kind)
				Expect(document["paths"]).To(HaveKey(k.pathOf(version.GroupVersion, "{namespace}", "{name}")))
			}
		}
	})

	It("version 2 need not be sent twice", func(ctx context.Context) {
		// Others' definitions may change it under way.
		Eventually(func() int {
			etag := get(ctx, "/openapi/v2").succeeds(200).Header.Get("Etag")
			Expect(etag).NotTo(BeEmpty())
			return get(ctx, "/openapi/v2", header{"If-None-Match", etag}).Code
		}).Should(Equal(304))
	})

	It("comes as protobuf to who wants it", func(ctx context.Context) {
		const v2, v3 = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf"
		Expect(get(ctx, "/openapi/v2", accept(v2)).succeeds(200).Header.Get("Content-Type")).To(ContainSubstring("proto"))
		Expect(get(ctx, address(ctx), accept(v3)).succeeds(200).Header.Get("Content-Type")).To(ContainSubstring("proto"))
	})
})
