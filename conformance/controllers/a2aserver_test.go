package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

var _ = Describe("An A2AServer in v1prealpha1", func() {
	It("has its agent made, and not written again while nothing changes", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.start("--discovery")
		server, agent := s.discoveredAgent(ctx, remote)
		Expect(agent.OwnerReferences).To(ConsistOf(metav1.OwnerReference{
			APIVersion: "ark.ai/v1prealpha1", Kind: "A2AServer", Name: server.Name, UID: server.UID,
		}))
		Expect(agent.Annotations).To(HaveKeyWithValue("ark.ai/a2a-server-name", server.Name))
		Expect(agent.Labels).To(HaveKeyWithValue("a2a.server/name", server.Name))
		Expect(agent.Spec.ModelRef).To(BeNil())
		Expect(server.Status.LastResolvedAddress).To(Equal(remote.url))

		By("polling")
		polled := remote.polled()
		Eventually(remote.polled).Should(BeNumerically(">=", polled+3))
		versions := []string{server.ResourceVersion, agent.ResourceVersion}
		Expect(s.Get(ctx, client.ObjectKeyFromObject(server), server)).To(Succeed())
		Expect(s.Get(ctx, client.ObjectKeyFromObject(agent), agent)).To(Succeed())
		Expect([]string{server.ResourceVersion, agent.ResourceVersion}).To(Equal(versions))

		By("reading it in v1alpha1")
		other := &v1alpha1.A2AServer{}
		Expect(s.Get(ctx, client.ObjectKeyFromObject(server), other)).To(Succeed())
		Expect(other.UID).To(Equal(server.UID))
		Expect(other.ResourceVersion).To(Equal(server.ResourceVersion))
		Expect(other.Status).To(Equal(server.Status))
		Expect(m.journal().failures).To(BeEmpty())
		Expect(m.journal().disorder).To(BeEmpty())
	})

	It("loses all its agents, and no others, when it says nothing any more", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.start("--discovery")
		server, agent := s.discoveredAgent(ctx, remote)
		remote.change(func() { remote.agent = "eagle" })
		second := &v1alpha1.Agent{ObjectMeta: s.meta(s.namespaces[0], "eagle")}
		s.hasCondition(ctx, second, func() []metav1.Condition { return second.Status.Conditions }, "Available", metav1.ConditionTrue, "A2AServerReady")
		own := s.agent(s.namespaces[0])
		s.create(ctx, own)

		remote.change(func() { remote.down = true })
		s.hasCondition(ctx, server, func() []metav1.Condition { return server.Status.Conditions }, "Ready", metav1.ConditionFalse, "DiscoveryFailed")
		for _, lost := range []*v1alpha1.Agent{agent, second} {
			Expect(s.Get(ctx, client.ObjectKeyFromObject(lost), lost)).To(MatchError(apierrors.IsNotFound, "IsNotFound"))
		}
		Expect(s.Get(ctx, client.ObjectKeyFromObject(own), own)).To(Succeed())

		By("coming back")
		remote.change(func() { remote.down = false })
		s.hasCondition(ctx, second, func() []metav1.Condition { return second.Status.Conditions }, "Available", metav1.ConditionTrue, "A2AServerReady")
		Expect(m.journal().failures).To(BeEmpty())
	})

	It("takes its agent with it when it is deleted", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		s.start("--discovery")
		server, agent := s.discoveredAgent(ctx, remote)
		Expect(s.Delete(ctx, server)).To(Succeed())
		s.gone(ctx, server)
		s.gone(ctx, agent)
	})

	It("goes after its agent if the deletion is to be in the foreground", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.start("--discovery")
		server, agent := s.discoveredAgent(ctx, remote)
		Expect(m.end(ctx)).To(BeZero())
		agent.OwnerReferences[0].BlockOwnerDeletion = ptr.To(true)
		controllerutil.AddFinalizer(agent, blocker)
		Expect(s.Update(ctx, agent)).To(Succeed())
		Expect(s.Delete(ctx, server, client.PropagationPolicy(metav1.DeletePropagationForeground))).To(Succeed())
		Eventually(func(g Gomega) {
			g.Expect(s.Get(ctx, client.ObjectKeyFromObject(agent), agent)).To(Succeed())
			g.Expect(agent.DeletionTimestamp).NotTo(BeNil())
		}).Should(Succeed())
		Expect(s.Get(ctx, client.ObjectKeyFromObject(server), server)).To(Succeed())
		Expect(server.Finalizers).To(ConsistOf(metav1.FinalizerDeleteDependents))
		controllerutil.RemoveFinalizer(agent, blocker)
		Expect(s.Update(ctx, agent)).To(Succeed())
		s.gone(ctx, server)
		Expect(s.Get(ctx, client.ObjectKeyFromObject(agent), agent)).To(MatchError(apierrors.IsNotFound, "IsNotFound"))
	})
})

func (s *scene) a2aServer(remote *remote) *v1prealpha1.A2AServer {
	return &v1prealpha1.A2AServer{ObjectMeta: s.meta(s.namespaces[0], "aviary"), Spec: v1alpha1.A2AServerSpec{
		Address: &v1alpha1.ValueSource{Value: &remote.url}, PollInterval: "1s",
	}}
}

// discoveredAgent is what the manager makes of a server.
func (s *scene) discoveredAgent(ctx context.Context, remote *remote) (*v1prealpha1.A2AServer, *v1alpha1.Agent) {
	GinkgoHelper()
	server := s.a2aServer(remote)
	s.create(ctx, server)
	s.hasCondition(ctx, server, func() []metav1.Condition { return server.Status.Conditions }, "Ready", metav1.ConditionTrue, "DiscoveryComplete")
	agent := &v1alpha1.Agent{ObjectMeta: s.meta(s.namespaces[0], remote.agent)}
	s.hasCondition(ctx, agent, func() []metav1.Condition { return agent.Status.Conditions }, "Available", metav1.ConditionTrue, "A2AServerReady")
	return server, agent
}
