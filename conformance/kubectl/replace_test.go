package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl replace", func() {
	const (
		poet     = "jsonpath={.spec.prompt}|{.metadata.generation}"
		conflict = "Error from server (Conflict)"
	)

	It("refuses what does not exist", func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(agent("poet", "Rhyme.")).refused("replace", "-f", "-")).To(show("Error from server (NotFound)", `agents.ark.ai "poet" not found`))
	})

	It("replaces the newest version of an object if the manifest names none", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(agent("poet", "Rhyme.\n  description: Writes verse."))
		write.given(agent("poet", "Rhyme well.")).says("agent.ark.ai/poet replaced", "replace", "-f", "-")
		read.says("Rhyme well.|2", "get", "agent", "poet", "-o", poet)
		read.says("", "get", "agent", "poet", "-o", "jsonpath={.spec.description}")
	})

	It("refuses to replace a version that is not the newest", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(agent("poet", "Rhyme."))
		live := read.ok("get", "agent", "poet", "-o", "yaml")
		write.given(agent("poet", "Rhyme well.")).ok("replace", "-f", "-")
		Expect(read.given(live).refused("replace", "-f", "-")).To(show(conflict, "the object has been modified"))
	})

	It("makes a new object with --force", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(agent("poet", "Rhyme."))
		live := read.ok("get", "agent", "poet", "-o", "yaml")
		write.given(agent("poet", "Rhyme again.")).ok("replace", "--force", "-f", "-")
		read.says("Rhyme again.|1", "get", "agent", "poet", "-o", poet)
		Expect(decode(read.ok("get", "agent", "poet", "-o", "yaml")).GetUID()).NotTo(Equal(decode(live).GetUID()))
		Expect(write.given(live).refused("replace", "-f", "-")).To(show(conflict))
	})

	It("changes nothing if nothing is different", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(agent("poet", "Rhyme."))
		before := read.ok("get", "agent", "poet", "-o", "yaml")
		write.given(agent("poet", "Rhyme.")).says("agent.ark.ai/poet replaced", "replace", "-f", "-")
		Expect(read.ok("get", "agent", "poet", "-o", "yaml")).To(Equal(before))
	})
})
