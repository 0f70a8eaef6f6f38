package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl apply --prune", func() {
	It("deletes what the manifest has no more, of the kinds in the allow-list", func(ctx context.Context) {
		write, read := administrators(ctx)
		prune := []string{"apply", "--prune", "--all", "--prune-allowlist=ark.ai/v1alpha1/Query", "-f", "-"}
		write.given(agent("poet", "Rhyme.")).ok("apply", "-f", "-")
		write.given(query("one", "a") + "---" + query("two", "a")).ok(prune...)
		write.given(query("two", "a")).says("query.ark.ai/two unchanged\nquery.ark.ai/one pruned", prune...)
		read.says("agent.ark.ai/poet\nquery.ark.ai/two", "get", "ark", "-o", "name")
	})

	It("deletes nothing that was not applied, or that the selector does not select", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(query("created", "a")).ok("create", "-f", "-")
		write.ok("label", "query", "created", "trip=lisbon")
		write.given(query("other", "a")).ok("apply", "-f", "-")
		write.ok("apply", "-f", sample("query"))
		write.given(labelled(query("two", "a"), "trip: lisbon")).ok("apply", "--prune", "-l", "trip=lisbon", "--prune-allowlist=ark.ai/v1alpha1/Query", "-f", "-")
		read.says("created other two", "get", "queries", "-o", itemNames)
	})

	DescribeTable("deletes what left an apply set",
		func(ctx context.Context, args ...string) {
			write, read := administrators(ctx)
			write = write.with("KUBECTL_APPLYSET=true")
			apply := append([]string{"apply", "--prune", "--applyset=configmaps/trip", "-f", "-"}, args...)
			write.given(agent("poet", "Rhyme.") + "---" + query("one", "a") + "---" + query("two", "a")).ok(apply...)
			Expect(write.given(query("two", "a")).ok(apply...)).To(show("agent.ark.ai/poet pruned", "query.ark.ai/one pruned"))
			read.says("query.ark.ai/two", "get", "ark", "-o", "name")
			read.says("Query.ark.ai", "get", "configmap", "trip", "-o", `jsonpath={.metadata.annotations.applyset\.kubernetes\.io/contains-group-kinds}`)
		},
		Entry("with kubectl apply"),
		Entry("with kubectl apply --server-side", "--server-side"),
	)
})
