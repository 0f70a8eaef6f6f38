package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/registry"
)

var _ = Describe("kubectl explain", func() {
	It("documents a field with its type, whether it is required, and its values", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.ok("explain", "query.spec.target")).To(show("GROUP:      ark.ai", "KIND:       Query", "VERSION:    v1alpha1",
			"name\t<string> -required-", "type\t<string> -required-", "enum: agent, model, team, tool"))
		Expect(read.ok("explain", "query.spec.ttl")).To(show("FIELD: ttl <string>"))
		Expect(read.ok("explain", "agents", "--api-version=ark.ai/v1alpha1")).To(show("KIND:       Agent"))
	})

	It("names the types of objects", beyondCustomResources, func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.ok("explain", "query.spec.target")).To(show("FIELD: target <QueryTarget>"))
		Expect(read.ok("explain", "agents")).To(show("spec\t<AgentSpec>", "status\t<AgentStatus>"))
	})

	It("documents the same with OpenAPI v2", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.ok("explain", "query.spec.target", "--output=plaintext-openapiv2")).To(show("KIND:     Query", "VERSION:  ark.ai/v1alpha1",
			"RESOURCE: target <Object>", "name\t<string> -required-", "type\t<string> -required-"))
	})

	It("fails for a field that does not exist", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("explain", "query.spec.wizard")).To(show(`field "wizard" does not exist`))
		Expect(read.refused("explain", "query.spec.wizard", "--output=plaintext-openapiv2")).To(show(`field "wizard" does not exist`))
	})

	It("documents every field of every kind", func(ctx context.Context) {
		_, read := administrators(ctx)
		for _, kind := range registry.Describe() {
			for _, version := range kind.Versions {
				explain := func(resource string, args ...string) string {
					return read.ok(append([]string{"explain", resource, "--api-version=" + version.String()}, args...)...)
				}
				Expect(explain(kind.Plural, "--recursive")).To(show("metadata\t<ObjectMeta>", "spec\t<", "status\t<"))
				Expect(explain(kind.Plural, "--recursive", "--output=plaintext-openapiv2")).To(show("metadata\t<Object>", "spec\t<", "status\t<"))
				Expect(explain(kind.Plural + ".spec")).NotTo(Or(ContainSubstring("<no description>"), ContainSubstring("<empty>")))
			}
		}
	})
})
