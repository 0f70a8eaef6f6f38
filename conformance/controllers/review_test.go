package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

var _ = Describe("A validating webhook for each kind in each version", func() {
	It("is asked about what users and controllers write, and about nothing else", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.startWithReviews(ctx)
		server, _ := s.discoveredAgent(ctx, remote)
		mcpServer, _ := s.discoveredTools(ctx, remote)
		query, task := s.waitsForApproval(ctx)
		s.patchStatus(ctx, task, `{"status":{"phase":"completed"}}`)
		s.done(ctx, query)
		Expect(s.Delete(ctx, query)).To(Succeed())
		s.gone(ctx, query)
		for _, o := range []client.Object{server, mcpServer} {
			Expect(s.Delete(ctx, o)).To(Succeed())
			s.gone(ctx, o)
		}

		reviews := m.reviews("Query")
		delete(reviews, "v1alpha1 probe")
		Expect(reviews).To(Equal(map[string][]string{
			"v1alpha1 query": {"CREATE", "UPDATE", "UPDATE"}, // the finalizer comes and goes
		}))
		// A manager whose cache is behind tries again to make it.
		Expect(m.reviews("Memory")).To(And(HaveLen(1), HaveKeyWithValue("v1alpha1 query", HaveEach("CREATE"))))
		Expect(m.reviews("A2ATask")).To(Equal(map[string][]string{"v1alpha1 " + task.Name: {"CREATE"}}))
		Expect(m.reviews("Model")).To(Equal(map[string][]string{"v1alpha1 parrot": {"CREATE"}}))
		Expect(m.reviews("MCPServer")).To(Equal(map[string][]string{"v1alpha1 library": {"CREATE"}}))
		// What is written in one version is converted for the webhook of the other one.
		Expect(m.reviews("A2AServer")).To(Equal(map[string][]string{"v1alpha1 aviary": {"CREATE"}, "v1prealpha1 aviary": {"CREATE"}}))
		for kind, names := range map[string][]string{"Agent": {"owl", "parrot"}, "Tool": {"library-fetch", "library-search", "shout"}} {
			reviews := m.reviews(kind)
			Expect(reviews).To(HaveLen(len(names)))
			for _, name := range names {
				// An update for each poll may follow.
				of := reviews["v1alpha1 "+name]
				Expect(of).NotTo(BeEmpty())
				Expect(of[0]).To(Equal("CREATE"))
				Expect(of[1:]).To(Or(BeEmpty(), HaveEach("UPDATE")))
			}
		}
		Expect(m.journal().failures).To(BeEmpty())
	})

	It("has objects refused that refer to what does not exist", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		s.startWithReviews(ctx)
		meta := s.meta(s.namespaces[0], "it")
		address := &v1alpha1.ValueSource{ValueFrom: &v1alpha1.ValueFrom{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: "nowhere"}, Key: "key",
		}}}
		agent, model, query := s.agent(meta.Namespace), s.model(meta.Namespace), s.query(meta.Namespace, "it")
		agent.Spec.Parameters = []v1alpha1.Parameter{{Name: "p", ValueFrom: address.ValueFrom}}
		for _, o := range []client.Object{
			agent, model, query,
			&v1alpha1.Team{ObjectMeta: meta, Spec: v1alpha1.TeamSpec{
				Strategy: v1alpha1.StrategySequential, Members: []v1alpha1.TeamMember{{Type: v1alpha1.MemberAgent, Name: "parrot"}},
			}},
			&v1alpha1.Evaluation{ObjectMeta: meta, Spec: v1alpha1.EvaluationSpec{
				Config: &v1alpha1.EvaluationConfig{Input: new("i"), Output: new("o")}, Evaluator: &v1alpha1.EvaluatorRef{Name: "parrot"},
			}},
			&v1alpha1.Evaluator{ObjectMeta: meta, Spec: v1alpha1.EvaluatorSpec{Address: address}},
			&v1alpha1.Memory{ObjectMeta: meta, Spec: v1alpha1.MemorySpec{Address: address}},
			&v1alpha1.MCPServer{ObjectMeta: meta, Spec: v1alpha1.MCPServerSpec{Address: address}},
			&v1alpha1.A2AServer{ObjectMeta: meta, Spec: v1alpha1.A2AServerSpec{Address: address}},
			&v1prealpha1.A2AServer{ObjectMeta: meta, Spec: v1alpha1.A2AServerSpec{Address: address}},
			&v1alpha1.ExecutionEngine{ObjectMeta: meta, Spec: v1alpha1.ExecutionEngineSpec{Address: address}},
			&v1prealpha1.ExecutionEngine{ObjectMeta: meta, Spec: v1alpha1.ExecutionEngineSpec{Address: address}},
		} {
			Expect(s.Create(ctx, o)).To(MatchError(And(ContainSubstring("review.ark.ai"), ContainSubstring("denied"), ContainSubstring("not found"))), "%T", o)
			Expect(s.Get(ctx, client.ObjectKeyFromObject(o), o)).To(MatchError(apierrors.IsNotFound, "IsNotFound"))
		}
	})

	It("has a controller's own write refused, which tells why and succeeds later", func(ctx context.Context) {
		s, remote := newEmptyScene(ctx, 1), newRemote()
		m := s.startWithReviews(ctx)
		settings := &corev1.ConfigMap{ObjectMeta: s.meta(s.namespaces[0], "settings"), Data: map[string]string{"key": "value"}}
		agent := s.agent(s.namespaces[0])
		agent.Name = remote.agent
		agent.Spec.Parameters = []v1alpha1.Parameter{{Name: "p", ValueFrom: &v1alpha1.ValueFrom{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}, Key: "key",
		}}}}
		s.create(ctx, settings, agent)
		Expect(s.Delete(ctx, settings)).To(Succeed())

		server := s.a2aServer(remote)
		s.create(ctx, server)
		conditions := func() []metav1.Condition { return server.Status.Conditions }
		s.hasCondition(ctx, server, conditions, "Ready", metav1.ConditionFalse, "AgentCreationFailed")
		Expect(server.Status.Conditions).To(ContainElement(HaveField("Message", ContainSubstring(`configmaps "settings" not found`))))
		Expect(s.Get(ctx, client.ObjectKeyFromObject(agent), agent)).To(Succeed())
		Expect(agent.OwnerReferences).To(BeEmpty())

		settings.ResourceVersion = ""
		s.create(ctx, settings)
		s.hasCondition(ctx, server, conditions, "Ready", metav1.ConditionTrue, "DiscoveryComplete")
		Expect(s.Get(ctx, client.ObjectKeyFromObject(agent), agent)).To(Succeed())
		Expect(agent.OwnerReferences).To(HaveLen(1))
		Expect(m.journal().failures).To(BeEmpty())
	})

	It("lets a query go whose agent has gone before", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		m := s.startWithReviews(ctx)
		agent := s.agent(s.namespaces[0])
		s.create(ctx, s.secret(s.namespaces[0]), s.model(s.namespaces[0]), agent)
		query := s.answered(ctx, "query")
		Expect(s.Delete(ctx, agent)).To(Succeed())
		query.Spec.SessionID = new("another")
		Expect(s.Update(ctx, query)).To(MatchError(ContainSubstring(`agents.ark.ai "parrot" not found`)))
		Expect(s.Delete(ctx, query)).To(Succeed())
		s.gone(ctx, query)
		Expect(m.journal().failures).To(BeEmpty())
	})
})
