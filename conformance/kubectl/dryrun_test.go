package kubectl_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("A dry run", func() {
	// Commands where there is a query "ask".
	commands := []struct {
		stdin string
		args  []string
	}{
		{query("new", "a"), []string{"create", "-f", "-"}},
		{query("new", "a"), []string{"apply", "-f", "-"}},
		{query("ask", "b"), []string{"apply", "-f", "-"}},
		{query("ask", "b"), []string{"apply", "set-last-applied", "-f", "-"}},
		{query("ask", "b"), []string{"replace", "-f", "-"}},
		{"", []string{"patch", "query", "ask", "--type=merge", "-p", `{"spec":{"sessionId":"b"}}`}},
		{"", []string{"patch", "query", "ask", "--subresource=status", "--type=merge", "-p", `{"status":{"phase":"done"}}`}},
		{"", []string{"label", "query", "ask", "a=b"}},
		{"", []string{"annotate", "query", "ask", "a=b"}},
		{"", []string{"delete", "query", "ask"}},
		{"", []string{"delete", "queries", "--all"}},
	}
	serverSide := []string{"apply", "--server-side", "--force-conflicts", "-f", "-"}

	for _, how := range []string{"server", "client"} {
		It("(--dry-run="+how+") changes nothing, whatever the command is", func(ctx context.Context) {
			write, _ := administrators(ctx)
			write.given(query("ask", "a")).ok("apply", "-f", "-")
			before := write.stored("queries")
			dryRun := func(stdin string, args []string) {
				GinkgoHelper()
				write.given(stdin).ok(append(slices.Clone(args), "--dry-run="+how)...)
				Expect(write.stored("queries")).To(Equal(before), "after kubectl %q", args)
			}
			for _, command := range commands {
				dryRun(command.stdin, command.args)
			}
			if how == "server" {
				dryRun(query("ask", "b"), serverSide)
			}
		})
	}

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
