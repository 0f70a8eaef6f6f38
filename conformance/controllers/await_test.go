package controllers_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// reaches waits until n queries are in a phase.
func (s *scene) reaches(ctx context.Context, phase v1alpha1.QueryPhase, n int) {
	GinkgoHelper()
	Eventually(func(g Gomega) {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(v1alpha1.SchemeGroupVersion.WithKind("QueryList"))
		g.Expect(s.List(ctx, list, client.MatchingLabels(s.labels), client.MatchingFields{"status.phase": string(phase)})).To(Succeed())
		g.Expect(len(list.Items)).To(Equal(n), "queries that are "+string(phase))
	}).WithPolling(200 * time.Millisecond).Should(Succeed())
}

// gone waits until an object is no more.
func (s *scene) gone(ctx context.Context, o client.Object) {
	GinkgoHelper()
	Eventually(func() error { return s.Get(ctx, client.ObjectKeyFromObject(o), o) }).Should(MatchError(apierrors.IsNotFound, "IsNotFound"))
}

// answered is a query that the manager has brought to its end.
func (s *scene) answered(ctx context.Context, name string) *v1alpha1.Query {
	GinkgoHelper()
	query := s.query(s.namespaces[0], name)
	s.create(ctx, query)
	s.done(ctx, query)
	return query
}

// done waits until a query is, and reads it.
func (s *scene) done(ctx context.Context, query *v1alpha1.Query) {
	GinkgoHelper()
	s.comesTo(ctx, query, v1alpha1.QueryDone)
}

// comesTo waits until a query is in a phase, and reads it.
func (s *scene) comesTo(ctx context.Context, query *v1alpha1.Query, phase v1alpha1.QueryPhase) {
	GinkgoHelper()
	Eventually(func(g Gomega) {
		g.Expect(s.Get(ctx, client.ObjectKeyFromObject(query), query)).To(Succeed())
		g.Expect(query.Status.Phase).To(Equal(phase))
	}).Should(Succeed())
}

// hasCondition waits until an object has a condition, and reads it.
func (s *scene) hasCondition(ctx context.Context, o client.Object, conditions func() []metav1.Condition, kind string, status metav1.ConditionStatus, reason string) {
	GinkgoHelper()
	Eventually(func(g Gomega) {
		g.Expect(s.Get(ctx, client.ObjectKeyFromObject(o), o)).To(Succeed())
		g.Expect(meta.FindStatusCondition(conditions(), kind)).To(And(HaveField("Status", status), HaveField("Reason", reason)))
	}).Should(Succeed())
}
