package kubectl_test

import (
	"context"
	"maps"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/registry"
)

// versions reports whether anything moved.
const versions = `jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion} {.metadata.generation}{"\n"}{end}`

// outcomes are the different last words of lines, such as "created".
func outcomes(printed string) []string {
	all := map[string]bool{}
	for line := range strings.Lines(printed) {
		words := strings.Fields(line)
		all[words[len(words)-1]] = true
	}
	return slices.Collect(maps.Keys(all))
}

var _ = Describe("kubectl apply", func() {
	It("makes a sample of every kind, and changes nothing the second time", func(ctx context.Context) {
		write, read := administrators(ctx)
		kinds := eachKind(func(kind registry.Description) string { return kind.Plural }, true)
		first := write.ok("apply", "--validate=strict", "-f", samples)
		Expect(strings.Count(first, "\n")).To(BeNumerically(">=", len(kinds)))
		Expect(outcomes(first)).To(ConsistOf("created"))
		before := read.ok("get", strings.Join(kinds, ","), "-o", versions)
		Expect(outcomes(write.ok("apply", "--validate=strict", "-f", samples))).To(ConsistOf("unchanged"))
		Expect(read.ok("get", strings.Join(kinds, ","), "-o", versions)).To(Equal(before))
	})

	It("removes what the manifest had and has no more, and leaves what others set", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(agent("poet", "Rhyme.\n  description: Writes verse.")).ok("apply", "-f", "-")
		write.ok("patch", "agent", "poet", "--type=merge", "-p", `{"spec":{"overrides":[{"resourceType":"model","headers":[{"name":"X-A","value":{"value":"b"}}]}]}}`)
		write.given(agent("poet", "Rhyme well.")).says("agent.ark.ai/poet configured", "apply", "-f", "-")
		read.says("Rhyme well.||X-A|3", "get", "agent", "poet",
			"-o", "jsonpath={.spec.prompt}|{.spec.description}|{.spec.overrides[0].headers[0].name}|{.metadata.generation}")
	})

	It("takes over what was created without it, with a warning", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("create", "-f", "-")
		got := write.given(agent("poet", "Rhyme well.")).run("apply", "-f", "-")
		Expect(got.stdout).To(Equal("agent.ark.ai/poet configured\n"))
		Expect(got.stderr).To(show("Warning: resource agents/poet is missing the kubectl.kubernetes.io/last-applied-configuration annotation"))
		read.says("Rhyme well.", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}")
	})

	It("does not write the status", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(query("ask", "a")+"status:\n  phase: done\n").ok("apply", "-f", "-")
		read.says("|1", "get", "query", "ask", "-o", phaseAndGeneration)
	})
})

var _ = Describe("kubectl apply view-last-applied, set-last-applied and edit-last-applied", func() {
	It("show the manifest as it was applied, not as it was completed or patched since", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("apply", "-f", "-")
		write.ok("patch", "agent", "poet", "--type=merge", "-p", `{"spec":{"prompt":"Rhyme well."}}`)
		applied := decode(read.ok("apply", "view-last-applied", "agent", "poet", "-o", "json"))
		Expect(applied.Object["spec"]).To(Equal(decode(agent("poet", "Rhyme.")).Object["spec"]))
	})

	It("replace it, without touching the agent", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("apply", "-f", "-")
		write.given(agent("poet", "Rhyme well.")).says("agent.ark.ai/poet configured", "apply", "set-last-applied", "-f", "-")
		Expect(read.ok("apply", "view-last-applied", "agent", "poet")).To(show("prompt: Rhyme well."))
		read.says("Rhyme.|1", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}|{.metadata.generation}")
	})

	It("refuse an agent that was never applied, unless --create-annotation is given", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("create", "-f", "-")
		Expect(read.run("apply", "view-last-applied", "agent", "poet")).To(Equal(result{}))
		write.given(agent("poet", "Rhyme.")).refused("apply", "set-last-applied", "-f", "-")
		write.given(agent("poet", "Rhyme.")).ok("apply", "set-last-applied", "--create-annotation", "-f", "-")
		Expect(read.ok("apply", "view-last-applied", "agent", "poet")).To(show("prompt: Rhyme."))
		// The next apply misses nothing.
		Expect(write.given(agent("poet", "Rhyme.")).run("apply", "-f", "-").stderr).To(BeEmpty())
	})

	It("open it in an editor", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("apply", "-f", "-")
		write.editing("  prompt: Rhyme.", "  prompt: Rhyme well.").says("agent.ark.ai/poet edited", "apply", "edit-last-applied", "agent", "poet")
		Expect(read.ok("apply", "view-last-applied", "agent", "poet")).To(show("prompt: Rhyme well."))
	})
})
