package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("A dry run", func() {
	// dryRun runs a command where there is a query "ask", and wants nothing to have changed after.
	dryRun := func(ctx context.Context, how, stdin string, args []string) {
		GinkgoHelper()
		write, read := administrators(ctx)
		write.given(query("ask", "a")).ok("apply", "-f", "-")
		before := read.ok("get", "ark", "-o", "yaml", "--show-managed-fields")
		write.given(stdin).ok(append(args, "--dry-run="+how)...)
		Expect(read.ok("get", "ark", "-o", "yaml", "--show-managed-fields")).To(Equal(before))
	}

	for _, how := range []string{"server", "client"} {
		DescribeTable("(--dry-run="+how+") changes nothing:",
			func(ctx context.Context, stdin string, args ...string) { dryRun(ctx, how, stdin, args) },
			Entry("kubectl create", query("new", "a"), "create", "-f", "-"),
			Entry("kubectl apply of something new", query("new", "a"), "apply", "-f", "-"),
			Entry("kubectl apply of a change", query("ask", "b"), "apply", "-f", "-"),
			Entry("kubectl apply set-last-applied", query("ask", "b"), "apply", "set-last-applied", "-f", "-"),
			Entry("kubectl replace", query("ask", "b"), "replace", "-f", "-"),
			Entry("kubectl patch", "", "patch", "query", "ask", "--type=merge", "-p", `{"spec":{"sessionId":"b"}}`),
			Entry("kubectl patch of the status", "", "patch", "query", "ask", "--subresource=status", "--type=merge", "-p", `{"status":{"phase":"done"}}`),
			Entry("kubectl label", "", "label", "query", "ask", "a=b"),
			Entry("kubectl annotate", "", "annotate", "query", "ask", "a=b"),
			Entry("kubectl delete", "", "delete", "query", "ask"),
			Entry("kubectl delete --all", "", "delete", "queries", "--all"),
		)
	}

	It("(--dry-run=server) changes nothing: kubectl apply --server-side", func(ctx context.Context) {
		dryRun(ctx, "server", query("ask", "b"), []string{"apply", "--server-side", "--force-conflicts", "-f", "-"})
	})

	It("(--dry-run=server) prints the object as it would be stored", func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(write.given(query("ask", "a")).ok("create", "--dry-run=server", "-o", "yaml", "-f", "-")).To(show("ttl: 720h", "uid:", "creationTimestamp:"))
		read.says("", "get", "queries", "-o", "name")
	})

	It("(--dry-run=client) prints the object as it would be sent", func(ctx context.Context) {
		write, _ := administrators(ctx)
		printed := write.given(query("ask", "a")).ok("create", "--dry-run=client", "-o", "yaml", "-f", "-")
		Expect(decode(printed).Object["spec"]).To(Equal(decode(query("ask", "a")).Object["spec"]))
	})

	It("(--dry-run=server) says so", func(ctx context.Context) {
		write, _ := administrators(ctx)
		write.given(query("ask", "a")).says("query.ark.ai/ask created (server dry run)", "apply", "--dry-run=server", "-f", "-")
		write.given(query("ask", "a")).ok("apply", "-f", "-")
		write.given(query("ask", "b")).says("query.ark.ai/ask configured (server dry run)", "apply", "--dry-run=server", "-f", "-")
	})

	It("(--dry-run=server) refuses what would be refused", func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(agent("Poet", "Rhyme.")).refused("create", "--dry-run=server", "-f", "-")).To(show(`metadata.name: Invalid value: "Poet"`))
	})
})
