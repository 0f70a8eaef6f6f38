package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const phaseAndGeneration = "jsonpath={.status.phase}|{.metadata.generation}"

var _ = Describe("The status of a query", func() {
	// It does not know of the phase that the server stores, running.
	manifest := query("ask", "a") + "status:\n  phase: done\n"

	DescribeTable("is not written with the rest, by",
		func(ctx context.Context, want, manifest string, args ...string) {
			write, read := administrators(ctx)
			write.finds(query("ask", "a") + "status: {phase: running}\n")
			write.given(manifest).ok(args...)
			read.says(want, "get", "query", "ask", "-o", phaseAndGeneration)
		},
		Entry("kubectl replace", "running|1", manifest, "replace", "-f", "-"),
		Entry("kubectl apply", "running|1", manifest, "apply", "-f", "-"),
		Entry("kubectl apply --server-side", "running|1", manifest, "apply", "--server-side", "--force-conflicts", "-f", "-"),
		Entry("kubectl patch", "running|2", "", "patch", "query", "ask", "--type=merge", "-p", `{"spec":{"input":"More?"},"status":{"phase":"done"}}`),
	)

	It("is empty in a new query, whatever the manifest says", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(manifest).ok("create", "-f", "-")
		read.says("|1", "get", "query", "ask", "-o", phaseAndGeneration)
	})

	It("is owned by nobody who can't write it", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(manifest).ok("apply", "--server-side", "-f", "-")
		Expect(read.ok("get", "query", "ask", "--show-managed-fields", "-o", "jsonpath={.metadata.managedFields}")).NotTo(ContainSubstring("f:status"))
		write.ok(setPhase("ask", "running")...)
		Expect(read.ok("get", "query", "ask", "--show-managed-fields", "-o", "jsonpath={.metadata.managedFields}")).To(show("f:status", `"subresource":"status"`))
	})

	DescribeTable("is written with --subresource=status, and nothing else with it, by",
		func(ctx context.Context, manifest string, args ...string) {
			if args[0] == "apply" {
				since("1.32", "apply --subresource")
			}
			write, read := administrators(ctx)
			write.finds(query("ask", "a"))
			write.given(manifest).ok(append(args, "--subresource=status")...)
			read.says("done|1", "get", "query", "ask", "--subresource=status", "-o", phaseAndGeneration)
			read.says("What is new?|", "get", "query", "ask", "-o", "jsonpath={.spec.input}|{.metadata.labels}")
		},
		Entry("kubectl patch", "", "patch", "query", "ask", "--type=merge", "-p", `{"metadata":{"labels":{"a":"b"}},"spec":{"input":"No!"},"status":{"phase":"done"}}`),
		Entry("kubectl replace", labelled(manifest, "a: b"), "replace", "-f", "-"),
		Entry("kubectl apply --server-side", labelled(manifest, "a: b"), "apply", "--server-side", "-f", "-"),
	)

	It("is read with --subresource=status, as a table too", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("ask", "a") + "status: {phase: running}\n")
		Expect(read.ok("get", "query", "ask", "--subresource=status")).To(haveAgedRows("NAME TYPE PHASE DURATION", "ask user running"))
	})

	It("stays when the rest is written", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("ask", "a") + "status: {phase: done}\n")
		write.ok("label", "query", "ask", "a=b")
		read.says("done|1", "get", "query", "ask", "-o", phaseAndGeneration)
	})
})

var _ = Describe("A subresource that is not served", func() {
	DescribeTable("is refused:",
		func(ctx context.Context, subresource string) {
			write, read := administrators(ctx)
			write.finds(query("ask", "a"))
			want := "Error from server (NotFound)"
			if subresource == "wizard" && !isSince("1.32") {
				want = `error: invalid subresource value: "wizard"` // kubectl does not ask the server
			}
			Expect(read.refused("get", "query", "ask", "--subresource="+subresource)).To(HavePrefix(want))
		},
		EntryDescription("%[1]s"),
		Entry(nil, "scale"),
		Entry(nil, "wizard"),
	)
})
