package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("What is for workloads", func() {
	// As for custom resources without a scale.
	DescribeTable("is refused for agents:",
		func(ctx context.Context, command, want string) {
			write, read := administrators(ctx)
			write.finds(agent("poet", "Rhyme."))
			before := read.ok("get", "agents", "-o", versions)
			Expect(write.refused(strings.Fields(command)...)).To(show(want))
			Expect(read.ok("get", "agents", "-o", versions)).To(Equal(before))
		},
		EntryDescription("kubectl %[1]s"),
		Entry(nil, "scale agent poet --replicas=3", "Error from server (NotFound)"),
		Entry(nil, "scale agents --all --replicas=3", "Error from server (NotFound)"),
		Entry(nil, "autoscale agent poet --max=2", "cannot autoscale a Agent: could not find scale subresource for ark.ai/v1alpha1, Resource=agents"),
		Entry(nil, "rollout status agent/poet", `no kind "Agent" is registered`),
		Entry(nil, "rollout restart agent/poet", `no kind "Agent" is registered`),
		Entry(nil, "rollout undo agent/poet", `no kind "Agent" is registered`),
		Entry(nil, "rollout history agent/poet", `no kind "Agent" is registered`),
		Entry(nil, "set image agent/poet a=b", `no kind "Agent" is registered`),
		Entry(nil, "expose agent poet --port=80", `no kind "Agent" is registered`),
	)
})
