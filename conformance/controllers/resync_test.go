package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A resync", func() {
	It("has everything reconciled again from the cache, and changes nothing", func(ctx context.Context) {
		const queries = 10
		s := newScene(ctx, 1)
		m := s.start("--sync-period", "1s")
		s.createQueries(ctx, queries)
		s.reaches(ctx, v1alpha1.QueryDone, queries)
		before := s.contents(ctx)
		after := len(m.records())
		Eventually(func(g Gomega) {
			since := m.records()[after:]
			for _, query := range s.queries(ctx) {
				g.Expect(len(about(since, "reconcile", query.Name))).To(BeNumerically(">=", 2))
			}
		}).Should(Succeed())
		Expect(s.contents(ctx)).To(Equal(before))
		Expect(s.questions()).To(And(HaveLen(queries), HaveEach(1)))
		j := m.journal()
		Expect(j.failures).To(BeEmpty())
		Expect(j.disorder).To(BeEmpty())
	})
})
