package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const finalizer = "ark.ai/query-manager"

var _ = Describe("A finalizer", func() {
	It("keeps a deleted query until the manager has cleaned up", func(ctx context.Context) {
		s := newScene(ctx, 1)
		m := s.start()
		query := s.answered(ctx, "query")
		Expect(query.Finalizers).To(ConsistOf(finalizer))
		s.create(ctx, s.task("of-the-query", "query"), s.task("another-of-the-query", "query"), s.task("of-another", "another"))

		s.forgetting.shut()
		Expect(s.Delete(ctx, query)).To(Succeed())
		Eventually(s.farewells).Should(HaveKey(string(query.UID)))
		Expect(s.Get(ctx, client.ObjectKeyFromObject(query), query)).To(Succeed())
		Expect(query.DeletionTimestamp).NotTo(BeNil())
		Expect(query.Finalizers).To(ConsistOf(finalizer))

		By("leaving a query that is being deleted as it is")
		query.Finalizers = append(query.Finalizers, "ark.ai/late")
		Expect(s.Update(ctx, query)).To(MatchError(ContainSubstring("no new finalizers can be added if the object is being deleted")))

		By("cleaning up")
		s.forgetting.open()
		s.gone(ctx, query)
		tasks := &v1alpha1.A2ATaskList{}
		Expect(s.List(ctx, tasks, client.InNamespace(query.Namespace))).To(Succeed())
		Expect(tasks.Items).To(ConsistOf(HaveField("Name", "of-another")))
		Expect(m.journal().failures).To(BeEmpty())
	})

	It("is tried again until it succeeds, by the next manager if need be", func(ctx context.Context) {
		s := newScene(ctx, 1)
		first := s.start()
		query := s.answered(ctx, "query")
		s.forgetting.shut()
		Expect(s.Delete(ctx, query)).To(Succeed())
		Eventually(s.farewells).Should(HaveKeyWithValue(string(query.UID), 1))
		first.kill()
		Expect(s.Get(ctx, client.ObjectKeyFromObject(query), query)).To(Succeed())

		s.forgetting.open()
		s.start()
		s.gone(ctx, query)
		Expect(s.farewells()).To(HaveKeyWithValue(string(query.UID), 2))
	})

	It("runs when the time of a query is over", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.start()
		// However long the manager takes to start, it has the finalizer set by then.
		query := s.answered(ctx, "short")
		before := query.DeepCopy()
		query.Spec.TTL = "1s"
		Expect(s.Patch(ctx, query, client.MergeFrom(before))).To(Succeed())
		s.gone(ctx, query)
		Expect(s.farewells()).To(HaveKey(string(query.UID)))
	})
})
