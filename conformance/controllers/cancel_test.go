package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A query that is canceled", func() {
	DescribeTable("ends", func(ctx context.Context, begin func(context.Context, *scene) *v1alpha1.Query, asks int) {
		s := newEmptyScene(ctx, 1)
		m := s.start().works()
		query := begin(ctx, s)
		s.patch(ctx, query, `{"spec":{"cancel":true}}`)
		Expect(query.Generation).To(BeEquivalentTo(2))
		s.comesTo(ctx, query, v1alpha1.QueryCanceled)
		Expect(query.Status.Conditions).To(ConsistOf(And(HaveField("Status", metav1.ConditionTrue), HaveField("Reason", "QueryCanceled"))))
		Expect(s.questions()[string(query.UID)]).To(Equal(asks))
		Expect(s.shouts()).To(BeEmpty())
		Expect(m.journal().failures).To(BeEmpty())
	},
		Entry("while its agent does not exist", func(ctx context.Context, s *scene) *v1alpha1.Query {
			query := s.query(s.namespaces[0], "query")
			s.create(ctx, query)
			s.comesTo(ctx, query, v1alpha1.QueryPending)
			return query
		}, 0),
		Entry("while the model is asked, which does not answer", func(ctx context.Context, s *scene) *v1alpha1.Query {
			namespace := s.namespaces[0]
			s.asking.shut()
			query := s.query(namespace, "query")
			s.create(ctx, s.secret(namespace), s.model(namespace), s.agent(namespace), query)
			Eventually(s.askedAbout).Should(Equal(1))
			return query
		}, 1),
		Entry("while a human has to decide", func(ctx context.Context, s *scene) *v1alpha1.Query {
			query, _ := s.waitsForApproval(ctx)
			return query
		}, 1),
		Entry("although it is done", func(ctx context.Context, s *scene) *v1alpha1.Query {
			namespace := s.namespaces[0]
			s.create(ctx, s.secret(namespace), s.model(namespace), s.agent(namespace))
			return s.answered(ctx, "query")
		}, 1),
	)

	It("does not go on when a human decides after that", func(ctx context.Context) {
		s := newEmptyScene(ctx, 1)
		m := s.start().works()
		query, task := s.waitsForApproval(ctx)
		s.patch(ctx, query, `{"spec":{"cancel":true}}`)
		s.comesTo(ctx, query, v1alpha1.QueryCanceled)
		s.patchStatus(ctx, task, `{"status":{"phase":"completed"}}`)
		Eventually(func() string { return m.journal().seen[string(task.UID)] }).Should(Equal(task.ResourceVersion))
		s.patch(ctx, query, `{"metadata":{"annotations":{"awake":"yes"}}}`)
		Eventually(func() []record { return about(m.records(), "reconcile", "query") }).
			Should(ContainElement(HaveField("ResourceVersion", query.ResourceVersion)))
		s.comesTo(ctx, query, v1alpha1.QueryCanceled)
		Expect(s.questions()).To(HaveEach(1))
		Expect(s.shouts()).To(BeEmpty())
	})
})
