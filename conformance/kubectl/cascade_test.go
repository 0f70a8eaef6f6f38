package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl delete --cascade", func() {
	// prepare makes an agent "owner", and a query "owned" that belongs to it.
	prepare := func(ctx context.Context) (write, read kubectl) {
		GinkgoHelper()
		write, read = administrators(ctx)
		write.finds(agent("owner", "Own."))
		uid := write.ok("get", "agent", "owner", "-o", "jsonpath={.metadata.uid}")
		write.finds(strings.Replace(query("owned", "a"), "  name: owned", `  name: owned
  ownerReferences:
    - apiVersion: ark.ai/v1alpha1
      kind: Agent
      name: owner
      uid: `+uid+`
      blockOwnerDeletion: true`, 1))
		return write, read
	}

	DescribeTable("deletes an owner and what it owns",
		func(ctx context.Context, args ...string) {
			write, read := prepare(ctx)
			write.ok(append([]string{"delete", "agent", "owner"}, args...)...)
			Expect(read.refused("get", "agent", "owner")).To(show("NotFound"))
			read.eventuallySays("", "get", "queries", "-o", "name")
		},
		Entry("if nothing is said"),
		Entry("in the background", "--cascade=background"),
		Entry("in the foreground", "--cascade=foreground"),
	)

	It("deletes an owner alone with orphan", func(ctx context.Context) {
		write, read := prepare(ctx)
		write.ok("delete", "agent", "owner", "--cascade=orphan")
		Expect(read.refused("get", "agent", "owner")).To(show("NotFound"))
		read.says("owned|", "get", "query", "owned", "-o", "jsonpath={.metadata.name}|{.metadata.ownerReferences}")
	})

	It("keeps the owner, in the foreground, until what it owns is gone", func(ctx context.Context) {
		write, read := prepare(ctx)
		write.ok("patch", "query", "owned", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold"]}}`)
		write.ok("delete", "agent", "owner", "--cascade=foreground", "--wait=false")
		Eventually(ctx, func() string { return read.ok("get", "query", "owned", "-o", "jsonpath={.metadata.deletionTimestamp}") }).ShouldNot(BeEmpty())
		read.says(`["foregroundDeletion"]`, "get", "agent", "owner", "-o", "jsonpath={.metadata.finalizers}")
		write.ok("patch", "query", "owned", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		read.eventuallySays("", "get", "ark", "-o", "name")
	})
})
