package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A query whose agent calls a tool that needs approval", func() {
	DescribeTable("waits for a human, and asks the model once for each step",
		func(ctx context.Context, decision string, end v1alpha1.QueryPhase, reason, content string, steps int, shouts map[string]int) {
			s := newEmptyScene(ctx, 1)
			m := s.start().works()
			phases := s.watchPhases(ctx, "query")
			query, task := s.waitsForApproval(ctx)
			Expect(task.Spec.A2AServerRef).To(BeNil())
			Expect(task.Spec.Input).To(HaveValue(ContainSubstring(`"name":"shout"`)))
			Expect(metav1.IsControlledBy(task, query)).To(BeTrue())
			Expect(query.Status.Conditions).To(ConsistOf(And(HaveField("Status", metav1.ConditionFalse), HaveField("Reason", "QueryInputRequired"))))
			s.reaches(ctx, v1alpha1.QueryInputRequired, 1)

			By("waking it while nobody has decided")
			s.patch(ctx, query, `{"metadata":{"annotations":{"awake":"yes"}}}`)
			Eventually(func(g Gomega) {
				j := m.journal()
				g.Expect(j.seen[string(query.UID)]).To(Equal(query.ResourceVersion))
				g.Expect(about(m.records(), "reconcile", "query")).To(ContainElement(HaveField("ResourceVersion", query.ResourceVersion)))
			}).Should(Succeed())
			Expect(s.questions()).To(Equal(map[string]int{string(query.UID): 1}))
			Expect(s.shouts()).To(BeEmpty())

			s.patchStatus(ctx, task, decision)
			s.comesTo(ctx, query, end)
			Expect(query.Status.Conditions).To(ConsistOf(And(HaveField("Status", metav1.ConditionTrue), HaveField("Reason", reason))))
			Expect(query.Status.Response.Content).To(HaveValue(Equal(content)))
			Expect(query.Status.TokenUsage.TotalTokens).To(HaveValue(BeEquivalentTo(7 * steps)))
			phases.expect("", v1alpha1.QueryRunning, v1alpha1.QueryInputRequired, v1alpha1.QueryRunning, end)
			Expect(s.questions()).To(Equal(map[string]int{string(query.UID): steps}))
			Expect(s.shouts()).To(Equal(shouts))
			j := m.journal()
			Expect(j.failures).To(BeEmpty())
			Expect(j.disorder).To(BeEmpty())
			Expect(j.unexplained).To(HaveEach(BeNumerically("<=", 0)), "reconciles without a cause")

			By("deleting it")
			Expect(s.Delete(ctx, query)).To(Succeed())
			s.gone(ctx, query)
			s.gone(ctx, task)
		},
		Entry("who approves", `{"status":{"phase":"completed","protocolState":"completed"}}`,
			v1alpha1.QueryDone, "QuerySucceeded", answerTo("hello!"), 2, map[string]int{"hello": 1}),
		Entry("who rejects", `{"status":{"phase":"failed","protocolState":"rejected"}}`,
			v1alpha1.QueryError, "QueryErrored", "the call of a tool was rejected", 1, map[string]int{}),
	)

	It("goes on with a manager that was not there when it was asked", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		first := s.start()
		query, task := s.waitsForApproval(ctx)
		first.kill()
		s.patchStatus(ctx, task, `{"status":{"phase":"completed"}}`)
		second := s.start()
		s.done(ctx, query)
		Expect(s.questions()).To(Equal(map[string]int{string(query.UID): 2}))
		Expect(s.shouts()).To(Equal(map[string]int{"hello": 1}))
		Expect(second.journal().resumed).To(BeEmpty())
		Expect(second.journal().failures).To(BeEmpty())
	})
})

// waitsForApproval is a query that the manager has brought to where a human has to decide, and the
// task for that.
func (s *scene) waitsForApproval(ctx context.Context) (*v1alpha1.Query, *v1alpha1.A2ATask) {
	GinkgoHelper()
	namespace := s.namespaces[0]
	tool := &v1alpha1.Tool{ObjectMeta: s.meta(namespace, "shout"), Spec: v1alpha1.ToolSpec{
		Type: v1alpha1.ToolTypeHTTP, HTTP: &v1alpha1.HTTPTool{URL: s.url + "/tools/shout/{words}"},
	}}
	agent := s.agent(namespace)
	agent.Spec.Tools = []v1alpha1.AgentTool{{Type: v1alpha1.AgentToolHTTP, Name: "shout", Approval: &v1alpha1.Approval{Required: new(true)}}}
	query := s.query(namespace, "query")
	query.Spec.Input.Raw = `"hello"`
	s.create(ctx, s.secret(namespace), s.model(namespace), tool, agent)
	s.hasCondition(ctx, agent, func() []metav1.Condition { return agent.Status.Conditions }, "Available", metav1.ConditionTrue, "ModelAvailable")
	s.create(ctx, query)
	s.comesTo(ctx, query, v1alpha1.QueryInputRequired)
	task := &v1alpha1.A2ATask{}
	Expect(s.Get(ctx, client.ObjectKey{Namespace: namespace, Name: *query.Status.Response.A2A.TaskID}, task)).To(Succeed())
	Expect(task.Status.Phase).To(Equal(v1alpha1.A2ATaskInputRequired))
	return query, task
}
