package kubectl_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

var _ = Describe("An event about an agent", func() {
	DescribeTable("is shown by",
		func(ctx context.Context, want types.GomegaMatcher, args ...string) {
			write, read := administrators(ctx)
			write.finds(agent("poet", "Rhyme."))
			uid := write.ok("get", "agent", "poet", "-o", "jsonpath={.metadata.uid}")
			write.finds(fmt.Sprintf(`
apiVersion: v1
kind: Event
metadata:
  name: poet.1
involvedObject:
  apiVersion: ark.ai/v1alpha1
  kind: Agent
  name: poet
  namespace: %s
  uid: %s
type: Warning
reason: NoRhyme
message: Nothing rhymes with orange.
source:
  component: ark-controller
firstTimestamp: "2026-01-02T03:04:05Z"
lastTimestamp: "2026-01-02T03:04:05Z"
count: 1
`, write.namespace, uid))
			Expect(read.ok(args...)).To(want)
		},
		Entry("kubectl get events", show("Warning", "NoRhyme", "agent/poet", "Nothing rhymes with orange."), "get", "events"),
		Entry("kubectl get events with a field selector", show("NoRhyme"), "get", "events", "--field-selector", "involvedObject.name=poet,type=Warning"),
		Entry("kubectl get events of the newer API", show("note: Nothing rhymes with orange."), "get", "events.events.k8s.io", "poet.1", "-o", "yaml"),
		Entry("kubectl events", show("Warning", "NoRhyme", "Agent/poet", "Nothing rhymes with orange."), "events"),
		Entry("kubectl events of the agent", show("Warning", "NoRhyme"), "events", "--for", "agent/poet"),
		Entry("kubectl events of warnings", show("Warning", "NoRhyme"), "events", "--types=Warning"),
		Entry("kubectl describe", show("Events:", "NoRhyme", "Nothing rhymes with orange."), "describe", "agent", "poet"),
		Entry("no command about another agent", BeEmpty(), "get", "events", "--field-selector", "involvedObject.name=other", "-o", "name"),
		Entry("no command about events that are normal", BeEmpty(), "events", "--types=Normal"),
	)
})
