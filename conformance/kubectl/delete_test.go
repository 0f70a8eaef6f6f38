package kubectl_test

import (
	"context"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// deleted is what kubectl says of an object that it deleted.
func (k kubectl) deleted(what string) string {
	GinkgoHelper()
	if !isSince("1.34") {
		return what + " deleted"
	}
	return what + " deleted from " + k.namespace + " namespace"
}

var _ = Describe("kubectl delete", func() {
	// prepare makes the queries one and two with session a, three with session b, and the agent
	// poet. One and three have a label.
	prepare := func(ctx context.Context) (write, read kubectl) {
		GinkgoHelper()
		write, read = administrators(ctx)
		write.finds(labelled(query("one", "a"), `round: "1"`) + "---" + query("two", "a") + "---" + labelled(query("three", "b"), `round: "1"`) +
			"---" + agent("poet", "Rhyme."))
		return write, read
	}
	const everything = "agent.ark.ai/poet\nquery.ark.ai/one\nquery.ark.ai/three\nquery.ark.ai/two"

	DescribeTable("deletes",
		func(ctx context.Context, rest string, args ...string) {
			write, read := prepare(ctx)
			write.given(query("one", "a")).ok(append([]string{"delete"}, args...)...)
			read.says(rest, "get", "ark", "-o", "name")
		},
		Entry("by name", "agent.ark.ai/poet\nquery.ark.ai/two", "query", "one", "three"),
		Entry("several kinds by name", "query.ark.ai/three\nquery.ark.ai/two", "query/one", "agent/poet"),
		Entry("what a manifest names", "agent.ark.ai/poet\nquery.ark.ai/three\nquery.ark.ai/two", "-f", "-"),
		Entry("what a label selector selects", "agent.ark.ai/poet\nquery.ark.ai/two", "queries", "-l", "round=1"),
		Entry("what a field selector selects", "agent.ark.ai/poet\nquery.ark.ai/one\nquery.ark.ai/two", "queries", "--field-selector", "spec.sessionId=b"),
		Entry("all of a kind", "agent.ark.ai/poet", "queries", "--all"),
		Entry("all of the category ark", "", "ark", "--all"),
		Entry("at once (--now)", "agent.ark.ai/poet\nquery.ark.ai/three\nquery.ark.ai/two", "query", "one", "--now"),
		Entry("with a grace period, which only pods have", "agent.ark.ai/poet\nquery.ark.ai/three\nquery.ark.ai/two", "query", "one", "--grace-period=60"),
		Entry("by force", "agent.ark.ai/poet\nquery.ark.ai/three\nquery.ark.ai/two", "query", "one", "--grace-period=0", "--force"),
		Entry("nothing as a dry run", everything, "ark", "--all", "--dry-run=server"),
		Entry("nothing as a dry run of kubectl itself", everything, "ark", "--all", "--dry-run=client"),
		Entry("nothing if nothing is selected", everything, "queries", "-l", "round=2"),
		Entry("nothing if what does not exist may not exist", everything, "query", "four", "--ignore-not-found"),
	)

	DescribeTable("deletes a collection --raw",
		func(ctx context.Context, selector, value, rest string) {
			write, read := prepare(ctx)
			write.ok("delete", "--raw", "/apis/ark.ai/v1alpha1/namespaces/"+write.namespace+"/queries?"+url.Values{selector: {value}}.Encode())
			read.says(rest, "get", "queries", "-o", itemNames)
		},
		Entry("by label", "labelSelector", "round=1", "two"),
		Entry("by field", "fieldSelector", "spec.sessionId=a", "three"),
		Entry("as a whole", "timeoutSeconds", "60", ""),
	)

	It("names what it deleted", func(ctx context.Context) {
		write, _ := prepare(ctx)
		write.says(write.deleted(`query.ark.ai "one"`), "delete", "query", "one")
		write.says("query.ark.ai/two", "delete", "query", "two", "-o", "name")
		write.says(write.deleted(`query.ark.ai "three"`)+" (server dry run)", "delete", "query", "three", "--dry-run=server")
	})

	It("asks before, with --interactive", func(ctx context.Context) {
		write, read := prepare(ctx)
		Expect(write.given("n\n").ok("delete", "query", "one", "--interactive")).To(show("query.ark.ai/one", "deletion is cancelled"))
		read.ok("get", "query", "one")
		Expect(write.given("y\n").ok("delete", "query", "one", "--interactive")).To(show(`query.ark.ai "one" deleted`))
		read.refused("get", "query", "one")
	})

	It("fails for what does not exist", func(ctx context.Context) {
		write, _ := prepare(ctx)
		Expect(write.refused("delete", "query", "four")).To(Equal("Error from server (NotFound): queries.ark.ai \"four\" not found\n"))
	})

	It("waits while a finalizer holds the object, which can't be created, held by more, or deleted again meanwhile", func(ctx context.Context) {
		write, read := prepare(ctx)
		write.ok("patch", "agent", "poet", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold"]}}`)
		deletion := write.start("delete", "agent", "poet", "--timeout=60s")
		Eventually(ctx, func() string { return read.ok("get", "agent", "poet", "-o", "jsonpath={.metadata.deletionTimestamp}") }).ShouldNot(BeEmpty())
		Expect(write.given(agent("poet", "Rhyme.")).refused("create", "-f", "-")).To(show("AlreadyExists", "object is being deleted"))
		Expect(write.refused("patch", "agent", "poet", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold","example.com/more"]}}`)).To(show(
			"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted"))
		before := read.ok("get", "agent", "poet", "-o", "yaml")
		write.ok("delete", "agent", "poet", "--wait=false")
		Expect(read.ok("get", "agent", "poet", "-o", "yaml")).To(Equal(before))
		Expect(deletion).NotTo(gexec.Exit())

		write.ok("patch", "agent", "poet", "--type=json", "-p", `[{"op":"remove","path":"/metadata/finalizers"}]`)
		Eventually(ctx, deletion).Should(gexec.Exit(0))
		Expect(read.refused("get", "agent", "poet")).To(show("NotFound"))
	})
})
