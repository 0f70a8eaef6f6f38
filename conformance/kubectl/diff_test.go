package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

var _ = Describe("kubectl diff", func() {
	different := func(parts ...string) types.GomegaMatcher {
		return And(
			WithTransform(func(r result) int { return r.status }, Equal(1)),
			WithTransform(func(r result) string { return r.stdout }, show(parts...)))
	}

	It("sees no difference in what was applied", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.ok("apply", "-f", samples)
		before := read.ok("get", "ark", "-o", versions)
		Expect(read.run("diff", "-f", samples)).To(Equal(result{}))
		Expect(read.ok("get", "ark", "-o", versions)).To(Equal(before))
	})

	DescribeTable("shows what would change, and changes nothing,",
		func(ctx context.Context, args ...string) {
			write, read := administrators(ctx)
			write.given(query("ask", "lisbon-trip")).ok(append([]string{"apply", "-f", "-"}, args...)...)
			before := read.ok("get", "ark", "-o", versions)
			diff := append([]string{"diff", "-f", "-"}, args...)
			Expect(read.given(query("ask", "rome-trip")).run(diff...)).To(different("-  sessionId: lisbon-trip", "+  sessionId: rome-trip"))
			Expect(read.given(query("new", "rome-trip")).run(diff...)).To(different("+  name: new", "+  sessionId: rome-trip"))
			Expect(read.ok("get", "ark", "-o", versions)).To(Equal(before))
		},
		Entry("with kubectl apply"),
		Entry("with kubectl apply --server-side", "--server-side"),
	)

	It("shows the fields that the server completes", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.given(query("new", "rome-trip")).run("diff", "-f", "-")).To(different("+  ttl: 720h"))
	})

	It("fails for what the server would refuse", func(ctx context.Context) {
		_, read := administrators(ctx)
		got := read.given(agent("Poet", "Rhyme.")).run("diff", "-f", "-")
		Expect(got.status).To(BeNumerically(">", 1), "1 means a difference")
		Expect(got.stderr).To(show(`metadata.name: Invalid value: "Poet"`))
	})
})
