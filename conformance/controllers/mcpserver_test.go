package controllers_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("An MCPServer", func() {
	It("has its tools made, and written again only when they change", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.start("--discovery")
		server, tools := s.discoveredTools(ctx, remote)
		Expect(server.Status.ToolCount).To(HaveValue(BeEquivalentTo(2)))
		Expect(server.Status.ResolvedAddress).To(Equal(remote.url + "/mcp"))
		for _, tool := range tools {
			Expect(metav1.IsControlledBy(&tool, server)).To(BeTrue())
			Expect(tool.Spec.MCP.MCPServerRef.Name).To(Equal(server.Name))
			Expect(tool.Spec.InputSchema.Raw).To(MatchJSON(`{"type":"object","properties":{"what":{"type":"string"}}}`))
		}

		By("polling")
		polled := remote.polled()
		Eventually(remote.polled).Should(BeNumerically(">=", polled+3))
		before := server.ResourceVersion
		Expect(s.Get(ctx, client.ObjectKeyFromObject(server), server)).To(Succeed())
		Expect(server.ResourceVersion).To(Equal(before))
		Expect(s.toolsOf(ctx, server)).To(Equal(tools))

		By("changing a tool")
		remote.change(func() { remote.tools["fetch"] = "Reads a book." })
		Eventually(func() []v1alpha1.Tool { return s.toolsOf(ctx, server) }).Should(ConsistOf(
			And(HaveField("Spec.Description", HaveValue(Equal("Reads a book."))), HaveField("Generation", BeEquivalentTo(2))),
			HaveField("ResourceVersion", tools[1].ResourceVersion),
		))

		By("removing a tool")
		remote.change(func() { delete(remote.tools, "fetch") })
		Eventually(func() []v1alpha1.Tool { return s.toolsOf(ctx, server) }).Should(ConsistOf(HaveField("ResourceVersion", tools[1].ResourceVersion)))
		Eventually(func(g Gomega) {
			g.Expect(s.Get(ctx, client.ObjectKeyFromObject(server), server)).To(Succeed())
			g.Expect(server.Status.ToolCount).To(HaveValue(BeEquivalentTo(1)))
		}).Should(Succeed())
		Expect(m.journal().failures).To(BeEmpty())
		Expect(m.journal().disorder).To(BeEmpty())
	})

	It("does not wake itself by what it writes", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.start("--discovery", "--sync-period", "1s")
		server := s.mcpServer(remote, "1h")
		s.create(ctx, server)
		s.hasCondition(ctx, server, func() []metav1.Condition { return server.Status.Conditions }, "Available", metav1.ConditionTrue, "ToolsDiscovered")
		heard := func(resyncs bool) []record {
			return slices.DeleteFunc(about(m.records(), "watch event", server.Name), func(r record) bool { return (r.Event == "resync") != resyncs })
		}
		Eventually(func() int { return len(heard(true)) }).Should(BeNumerically(">=", 3))
		Expect(heard(false)).To(HaveExactElements(HaveField("Event", "create"), HaveField("ResourceVersion", server.ResourceVersion)),
			"its status was written once")
		// Counted first: what is heard later can only explain more.
		polled := remote.polled()
		Expect(polled).To(BeNumerically("<=", len(heard(true))+len(heard(false))+m.journal().conflicts))
	})

	It("loses its tools, and no others, when it cannot be asked", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.start("--discovery")
		server, _ := s.discoveredTools(ctx, remote)
		other := s.mcpServer(newRemote(), "1s")
		other.Name = "other"
		s.create(ctx, other)
		s.hasCondition(ctx, other, func() []metav1.Condition { return other.Status.Conditions }, "Available", metav1.ConditionTrue, "ToolsDiscovered")

		remote.change(func() { remote.down = true })
		s.hasCondition(ctx, server, func() []metav1.Condition { return server.Status.Conditions }, "Available", metav1.ConditionFalse, "ToolListingFailed")
		Expect(server.Status.ToolCount).To(HaveValue(BeZero()))
		Expect(s.toolsOf(ctx, server)).To(BeEmpty())
		Expect(s.toolsOf(ctx, other)).To(HaveLen(2))
		remote.change(func() { remote.down = false })
		Eventually(func() []v1alpha1.Tool { return s.toolsOf(ctx, server) }).Should(HaveLen(2))
		Expect(m.journal().failures).To(BeEmpty())
	})

	It("takes its tools with it when it is deleted", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		s.start("--discovery")
		server, _ := s.discoveredTools(ctx, remote)
		Expect(s.Delete(ctx, server)).To(Succeed())
		s.gone(ctx, server)
		Eventually(func() []v1alpha1.Tool { return s.toolsOf(ctx, server) }).Should(BeEmpty())
	})
})

func (s *scene) mcpServer(remote *remote, pollInterval v1alpha1.Duration) *v1alpha1.MCPServer {
	return &v1alpha1.MCPServer{ObjectMeta: s.meta(s.namespaces[0], "library"), Spec: v1alpha1.MCPServerSpec{
		Address: &v1alpha1.ValueSource{Value: new(remote.url + "/mcp")}, PollInterval: pollInterval,
	}}
}

// discoveredTools are what the manager makes of a server.
func (s *scene) discoveredTools(ctx context.Context, remote *remote) (*v1alpha1.MCPServer, []v1alpha1.Tool) {
	GinkgoHelper()
	server := s.mcpServer(remote, "1s")
	s.create(ctx, server)
	s.hasCondition(ctx, server, func() []metav1.Condition { return server.Status.Conditions }, "Available", metav1.ConditionTrue, "ToolsDiscovered")
	tools := s.toolsOf(ctx, server)
	Expect(tools).To(HaveExactElements(HaveField("Name", "library-fetch"), HaveField("Name", "library-search")))
	return server, tools
}

func (s *scene) toolsOf(ctx context.Context, server *v1alpha1.MCPServer) []v1alpha1.Tool {
	GinkgoHelper()
	list := &v1alpha1.ToolList{}
	Expect(s.List(ctx, list, client.InNamespace(server.Namespace), client.MatchingLabels{"mcp/server": server.Name})).To(Succeed())
	return list.Items
}
