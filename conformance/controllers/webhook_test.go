package controllers_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("The manager's webhooks", func() {
	It("default and validate queries", func(ctx context.Context) {
		s := newScene(ctx, 1)
		m, _ := s.startWithWebhooks(ctx)
		query := s.answered(ctx, "query")
		Expect(query.Spec.SessionID).To(HaveValue(Equal("default")))

		By("creating a query without a question")
		silent := s.query(s.namespaces[0], "silent")
		silent.Spec.Input.Raw = `""`
		Expect(s.Create(ctx, silent)).To(MatchError(And(ContainSubstring("admission webhook"), ContainSubstring("nothing is asked"))))
		Expect(s.Get(ctx, client.ObjectKeyFromObject(silent), silent)).To(MatchError(apierrors.IsNotFound, "IsNotFound"))

		By("changing the target of a query that was asked")
		changed := query.DeepCopy()
		changed.Spec.Target.Name = "owl"
		Expect(s.Update(ctx, changed)).To(MatchError(ContainSubstring("the target is asked already")))
		Expect(s.Patch(ctx, query.DeepCopy(), client.RawPatch("application/merge-patch+json", []byte(`{"spec":{"target":{"name":"owl"}}}`)))).
			To(MatchError(apierrors.IsForbidden, "IsForbidden"))

		By("deleting a protected query")
		query.Annotations = map[string]string{"ark.ai/protected": ""}
		Expect(s.Update(ctx, query)).To(Succeed())
		Expect(s.Delete(ctx, query)).To(MatchError(ContainSubstring("the query is protected")))
		Expect(s.DeleteAllOf(ctx, &v1alpha1.Query{}, client.InNamespace(query.Namespace))).To(MatchError(ContainSubstring("the query is protected")))
		query.Annotations = nil
		Expect(s.Update(ctx, query)).To(Succeed())
		Expect(s.Delete(ctx, query)).To(Succeed())
		s.gone(ctx, query)
		Expect(m.journal().failures).To(BeEmpty())
	})

	It("let nothing pass while the manager is away", func(ctx context.Context) {
		s := newScene(ctx, 1)
		m, args := s.startWithWebhooks(ctx)
		s.answered(ctx, "before")
		Expect(m.end(ctx)).To(BeZero())
		Expect(s.Create(ctx, s.query(s.namespaces[0], "while"))).To(MatchError(apierrors.IsInternalError, "IsInternalError"))
		list := s.queries(ctx)
		Expect(list).To(ConsistOf(HaveField("Name", "before")))
		s.start(args...)
		Eventually(func() error { return s.Create(ctx, s.query(s.namespaces[0], "after")) }).Should(Succeed())
		s.reaches(ctx, v1alpha1.QueryDone, 2)
	})
})
