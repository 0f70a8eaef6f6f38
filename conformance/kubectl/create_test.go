package kubectl_test

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl create", func() {
	It("makes what a file, a directory or standard input holds", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.file("all/poet.yaml", agent("poet", "Rhyme."))
		write.file("all/more/critic.yaml", agent("critic", "Frown."))
		write.says("agent.ark.ai/poet created", "create", "-f", write.home+"/all")
		write.says("agent.ark.ai/critic created", "create", "-f", write.home+"/all/more/critic.yaml")
		write.given(agent("muse", "Inspire.")).says("agent.ark.ai/muse created", "create", "-f", "-")
		read.says("critic muse poet", "get", "agents", "-o", itemNames)
	})

	It("makes a list of several kinds", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(`
apiVersion: v1
kind: List
items:
- apiVersion: ark.ai/v1alpha1
  kind: Agent
  metadata: {name: poet}
  spec: {prompt: Rhyme.}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: settings}
- apiVersion: ark.ai/v1alpha1
  kind: Memory
  metadata: {name: notes}
  spec: {address: {value: "http://notes"}}
`).says("agent.ark.ai/poet created\nconfigmap/settings created\nmemory.ark.ai/notes created", "create", "-f", "-")
		read.says("agent.ark.ai/poet\nmemory.ark.ai/notes", "get", "ark", "-o", "name")
	})

	It("makes all but what is wrong of several documents", func(ctx context.Context) {
		write, read := administrators(ctx)
		got := write.given(agent("poet", "Rhyme.")+"---"+agent("Critic", "Frown.")+"---"+agent("muse", "Inspire.")).run("create", "-f", "-")
		Expect(got.status).To(Equal(1))
		Expect(got.stdout).To(Equal("agent.ark.ai/poet created\nagent.ark.ai/muse created\n"))
		Expect(got.stderr).To(show(`The Agent "Critic" is invalid: metadata.name: Invalid value: "Critic"`))
		read.says("muse poet", "get", "agents", "-o", itemNames)
	})

	It("refuses what exists", func(ctx context.Context) {
		write, _ := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("create", "-f", "-")
		Expect(write.given(agent("poet", "Rhyme.")).refused("create", "-f", "-")).To(show("Error from server (AlreadyExists)", `agents.ark.ai "poet" already exists`))
	})

	It("refuses a namespace that does not exist", func(ctx context.Context) {
		write, _ := administrators(ctx)
		write.namespace += "-nowhere"
		Expect(write.given(agent("poet", "Rhyme.")).refused("create", "-f", "-")).To(show("Error from server (NotFound)", fmt.Sprintf("namespaces %q not found", write.namespace)))
	})

	It("generates names", func(ctx context.Context) {
		write, read := administrators(ctx)
		manifest := strings.Replace(query("x", "a"), "  name: x", "  generateName: ask-", 1)
		first := strings.TrimSuffix(write.given(manifest).ok("create", "-f", "-"), " created\n")
		second := strings.TrimSuffix(write.given(manifest).ok("create", "-f", "-"), " created\n")
		Expect(first).NotTo(Equal(second))
		Expect([]string{first, second}).To(HaveEach(MatchRegexp(`^query\.ark\.ai/ask-[a-z0-9]{5}$`)))
		read.ok("get", first, second)
	})

	It("saves the manifest for kubectl apply with --save-config", func(ctx context.Context) {
		write, _ := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("create", "--save-config", "-f", "-")
		Expect(write.given(agent("poet", "Rhyme.")).run("apply", "-f", "-")).To(Equal(result{stdout: "agent.ark.ai/poet unchanged\n"}))
	})
})

// The names of custom resources are DNS subdomains: they end up in labels, host names and files.
var _ = Describe("The name of an agent", func() {
	DescribeTable("has to be a DNS subdomain, unlike",
		func(ctx context.Context, name string) {
			write, _ := administrators(ctx)
			Expect(write.given(agent(fmt.Sprintf("%q", name), "Rhyme.")).refused("create", "-f", "-")).To(show("metadata.name: Invalid value"))
		},
		EntryDescription("%[1]q"),
		Entry(nil, "Poet"),
		Entry(nil, "two words"),
		Entry(nil, "-poet"),
		Entry(nil, "poet_1"),
		Entry(nil, "poët"),
		Entry("254 letters", strings.Repeat("a", 254)),
	)

	DescribeTable("may be",
		func(ctx context.Context, name string) {
			write, read := administrators(ctx)
			write.given(agent(name, "Rhyme.")).ok("create", "-f", "-")
			read.says("agent.ark.ai/"+name, "get", "agent", name, "-o", "name")
		},
		EntryDescription("%[1]q"),
		Entry(nil, "poet.1-a"),
		Entry("253 letters", strings.Repeat("a", 253)),
	)
})

var _ = Describe("A large agent", func() {
	large := func(letter string, mebibytes int) string {
		return agent("large", strings.Repeat(letter, mebibytes<<20))
	}
	const tooLarge = "Error from server (RequestEntityTooLarge)"

	It("is refused if the request has more than 3 MiB", func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(large("x", 4)).refused("create", "-f", "-")).To(show(tooLarge, "Request entity too large: limit is 3145728"))
	})

	It("is refused if the object has more than 1.5 MiB", beyondCustomResources, func(ctx context.Context) {
		write, read := administrators(ctx)
		Expect(write.given(large("x", 2)).refused("create", "-f", "-")).To(show(tooLarge, "limit is 1572864"))
		write.given(large("x", 1)).ok("create", "-f", "-")
		Expect(write.given(large("y", 2)).refused("replace", "-f", "-")).To(show(tooLarge, "limit is 1572864"))
		Expect(read.ok("get", "agent", "large", "-o", "jsonpath={.spec.prompt}")).To(HaveLen(1 << 20))
	})

	It("comes back as it was if it has 1 MiB", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.given(large("x", 1)).ok("create", "-f", "-")
		read.says(strings.Repeat("x", 1<<20), "get", "agent", "large", "-o", "jsonpath={.spec.prompt}")
	})
})
