package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
)

var _ = Describe("kubectl wait", func() {
	// prepare makes a query that has no phase and an agent that is not available.
	prepare := func(ctx context.Context) (write, read kubectl) {
		GinkgoHelper()
		write, read = administrators(ctx)
		write.finds(query("ask", "a") + "---" + agent("poet", "Rhyme."))
		return write, read
	}
	met := func(ctx context.Context, session *gexec.Session, want string) {
		GinkgoHelper()
		Eventually(ctx, session).Should(gexec.Exit(0))
		Expect(string(session.Out.Contents())).To(Equal(want))
	}

	DescribeTable("ends when what it waits for has happened:",
		func(ctx context.Context, happening []string, want string, args ...string) {
			write, read := prepare(ctx)
			waiting := read.watch(append([]string{"wait", "--timeout=60s"}, args...)...)
			Expect(waiting).NotTo(gexec.Exit())
			write.ok(setPhase("ask", "running")...)
			Expect(waiting).NotTo(gexec.Exit())
			write.ok(happening...)
			met(ctx, waiting, want)
		},
		Entry("a field has a value", setPhase("ask", "done"), "query.ark.ai/ask condition met\n", "--for=jsonpath={.status.phase}=done", "query/ask"),
		Entry("a condition is met, by all", setAvailable("poet"), "agent.ark.ai/poet condition met\n", "--for=condition=Available", "agents", "--all"),
		Entry("a condition has a value", setAvailable("poet"), "agent.ark.ai/poet condition met\n", "--for=condition=Available=True", "agent/poet"),
		Entry("an object is deleted", []string{"delete", "query", "ask"}, "query.ark.ai/ask condition met\n", "--for=delete", "query/ask"),
		Entry("a field has any value, in what a selector selects", []string{"patch", "query", "ask", "--type=merge", "-p", `{"spec":{"conversationId":"x"}}`},
			"query.ark.ai/ask condition met\n", "--for=jsonpath={.spec.conversationId}", "queries", "--field-selector=spec.sessionId=a"),
	)

	It("ends when an object is created", func(ctx context.Context) {
		since("1.31", "wait --for=create")
		write, read := administrators(ctx)
		waiting := read.start("wait", "--for=create", "query/ask", "--timeout=60s", "-v=6")
		Eventually(ctx, waiting.Err).Should(gbytes.Say("404 Not Found"))
		Expect(waiting).NotTo(gexec.Exit())
		write.finds(query("ask", "a"))
		met(ctx, waiting, "query.ark.ai/ask condition met\n")
	})

	It("ends at once if it need not wait", func(ctx context.Context) {
		write, read := prepare(ctx)
		write.ok(setAvailable("poet")...)
		read.says("agent.ark.ai/poet condition met", "wait", "--for=condition=Available", "agent/poet")
		read.says("", "wait", "--for=delete", "agent/nobody")
	})

	It("ends at once for what was created before", func(ctx context.Context) {
		since("1.31", "wait --for=create")
		_, read := prepare(ctx)
		read.says("agent.ark.ai/poet condition met", "wait", "--for=create", "agent/poet")
	})

	It("gives up after its timeout", func(ctx context.Context) {
		_, read := prepare(ctx)
		Expect(read.refused("wait", "--for=jsonpath={.status.phase}=done", "query/ask", "--timeout=300ms")).To(show("timed out waiting for the condition on queries/ask"))
	})

	It("fails for what does not exist", func(ctx context.Context) {
		_, read := prepare(ctx)
		Expect(read.refused("wait", "--for=condition=Available", "agent/nobody", "--timeout=60s")).To(show(`agents.ark.ai "nobody" not found`))
		Expect(read.refused("wait", "--for=condition=Available", "agents", "-l", "stage=live", "--timeout=60s")).To(show("no matching resources found"))
	})
})
