package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A client that reads what it wrote", func() {
	It("never finds the cache behind its own writes, and never waits in vain", func(ctx context.Context) {
		const queries = 100
		s := newScene(ctx, 2)
		m := s.start("--read-your-writes").works()
		s.createQueries(ctx, queries)
		s.reaches(ctx, v1alpha1.QueryDone, queries)
		Expect(s.questions()).To(And(HaveLen(queries), HaveEach(1)))
		j := m.journal()
		Expect(j.stale).To(BeZero())
		Expect(j.failures).To(BeEmpty())

		By("deleting some of them, and asking the same again")
		for i, query := range s.queries(ctx) {
			if i%4 == 0 {
				Expect(s.Delete(ctx, &query)).To(Succeed())
				s.gone(ctx, &query)
				s.create(ctx, s.query(query.Namespace, query.Name))
			}
		}
		s.reaches(ctx, v1alpha1.QueryDone, queries)
		Expect(s.questions()).To(And(HaveLen(queries+queries/4), HaveEach(1)))
		Expect(m.journal().stale).To(BeZero())
		Expect(m.journal().disorder).To(BeEmpty())
	})
})
