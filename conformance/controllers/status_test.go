package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("The status", func() {
	It("goes through the phases, with the condition in step", func(ctx context.Context) {
		s := newScene(ctx, 1)
		namespace := s.namespaces[0]
		s.start().works()
		agent := &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "parrot"}}
		s.hasCondition(ctx, agent, func() []metav1.Condition { return agent.Status.Conditions }, "Available", metav1.ConditionTrue, "ModelAvailable")
		watcher, err := framework.Ark.ArkV1alpha1().Queries(namespace).Watch(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(watcher.Stop)

		query := s.answered(ctx, "query")
		var phases, reasons []string
		Eventually(func(g Gomega) {
			select {
			case event := <-watcher.ResultChan():
				Expect(event.Type).To(BeElementOf(watch.Added, watch.Modified))
				seen := event.Object.(*v1alpha1.Query)
				phases = append(phases, string(seen.Status.Phase))
				if condition := meta.FindStatusCondition(seen.Status.Conditions, "Completed"); condition != nil {
					reasons = append(reasons, string(condition.Status)+" "+condition.Reason)
				}
			default:
			}
			g.Expect(phases).To(ContainElement("done"))
		}).Should(Succeed())
		// Created, finalizer added, claimed, answered.
		Expect(phases).To(Equal([]string{"", "", "running", "done"}))
		Expect(reasons).To(Equal([]string{"False QueryRunning", "True QuerySucceeded"}))
		Expect(query.Generation).To(BeEquivalentTo(1))
		Expect(query.Status.Conditions).To(ConsistOf(HaveField("ObservedGeneration", BeEquivalentTo(1))))
		Expect(query.Status.ConversationID).To(BeEquivalentTo(query.UID))
		Expect(query.Status.Response.Raw).To(HaveValue(MatchJSON(`[{"role":"assistant","content":"` + answerTo(questionOf(namespace, "query")) + `"}]`)))
	})

	It("belongs to those who wrote it: by update, patch and server-side apply", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.start()
		query := s.answered(ctx, "query")
		Expect(query.ManagedFields).To(ContainElement(And(
			HaveField("Subresource", "status"), HaveField("Operation", metav1.ManagedFieldsOperationUpdate), HaveField("Manager", "manager"),
			HaveField("FieldsV1", HaveField("String()", ContainSubstring("f:phase"))),
		)))
		model := &v1alpha1.Model{ObjectMeta: metav1.ObjectMeta{Namespace: query.Namespace, Name: "parrot"}}
		Expect(s.Get(ctx, client.ObjectKeyFromObject(model), model)).To(Succeed())
		Expect(model.ManagedFields).To(ContainElement(And(
			HaveField("Subresource", "status"), HaveField("Operation", metav1.ManagedFieldsOperationApply), HaveField("Manager", "model-controller"),
			HaveField("FieldsV1", HaveField("String()", And(ContainSubstring("f:resolvedAddress"), ContainSubstring("f:conditions")))),
		)))
	})

	It("wakes nobody when it is written again unchanged", func(ctx context.Context) {
		s := newScene(ctx, 1)
		// Everything is reconciled anew each second: the model is applied, the query that waits is
		// updated.
		m := s.start("--sync-period", "1s")
		query := s.query(s.namespaces[0], "query")
		query.Spec.Target.Name = "owl"
		s.create(ctx, query)
		s.reaches(ctx, v1alpha1.QueryPending, 1)
		model := &v1alpha1.Model{ObjectMeta: metav1.ObjectMeta{Namespace: query.Namespace, Name: "parrot"}}
		s.hasCondition(ctx, model, func() []metav1.Condition { return model.Status.Conditions }, "ModelAvailable", metav1.ConditionTrue, "Resolved")
		Expect(s.Get(ctx, client.ObjectKeyFromObject(query), query)).To(Succeed())

		resyncs := func() int { return len(about(m.records(), "watch event", "query")) }
		before := resyncs()
		Eventually(resyncs).Should(BeNumerically(">=", before+3))
		versions := []string{query.ResourceVersion, model.ResourceVersion}
		Expect(s.Get(ctx, client.ObjectKeyFromObject(query), query)).To(Succeed())
		Expect(s.Get(ctx, client.ObjectKeyFromObject(model), model)).To(Succeed())
		Expect([]string{query.ResourceVersion, model.ResourceVersion}).To(Equal(versions))
		Expect(m.journal().unexplained).To(HaveEach(BeNumerically("<=", 0)))
	})
})
