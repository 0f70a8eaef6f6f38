package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// editing has the lines that begin with one text begin with another one. It needs nothing but a
// shell.
func (k kubectl) editing(before, after string) kubectl {
	GinkgoHelper()
	script := k.file("editor", `
newline='
'
while IFS= read -r line; do
	case $line in "$BEFORE"*) line=$AFTER ;; esac
	text=$text$line$newline
done <"$1"
printf %s "$text" >"$1"
`)
	return k.with("KUBE_EDITOR=sh " + script).with("BEFORE=" + before).with("AFTER=" + after)
}

var _ = Describe("kubectl edit", func() {
	It("changes nothing if the editor changes nothing", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(agent("poet", "Rhyme."))
		before := read.ok("get", "agent", "poet", "-o", "yaml")
		Expect(write.editing("no such line", "").run("edit", "agent", "poet")).To(Equal(result{stderr: "Edit cancelled, no changes made.\n"}))
		Expect(read.ok("get", "agent", "poet", "-o", "yaml")).To(Equal(before))
	})

	It("stores what the editor changes", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(agent("poet", "Rhyme."))
		write.editing("  prompt:", "  prompt: Rhyme well.").says("agent.ark.ai/poet edited", "edit", "agent", "poet")
		read.says("Rhyme well.|2", "get", "agent", "poet", "-o", "jsonpath={.spec.prompt}|{.metadata.generation}")
	})

	It("edits several objects at once", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("one", "a") + "---" + query("two", "b"))
		write.editing("    sessionId:", "    sessionId: c").says("query.ark.ai/one edited\nquery.ark.ai/two edited", "edit", "queries")
		read.says("c c", "get", "queries", "-o", "jsonpath={.items[*].spec.sessionId}")
	})

	It("edits the status", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("ask", "a") + "status: {phase: running}\n")
		write.editing("  phase:", "  phase: done").ok("edit", "query", "ask", "--subresource=status")
		read.says("done|1", "get", "query", "ask", "-o", phaseAndGeneration)
	})

	It("opens the editor again for what is refused, and keeps a copy if nobody corrects it", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("ask", "a"))
		Expect(write.editing("  ttl:", "  ttl: soon").refused("edit", "query", "ask")).To(show(
			`queries.ark.ai "ask" is invalid`, "A copy of your changes has been stored to", "Edit cancelled, no valid changes were saved."))
		read.says("720h|1", "get", "query", "ask", "-o", "jsonpath={.spec.ttl}|{.metadata.generation}")
	})
})
