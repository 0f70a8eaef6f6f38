package controllers_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("Two managers with leader election", func() {
	It("take turns: the other takes over when the leader is killed, and at once when the leader ends", func(ctx context.Context) {
		const queries = 300
		s := newScene(ctx, 1)
		first := s.startCandidate().works()
		leader := s.leader(ctx)
		second := s.startCandidate()
		Eventually(second.records).Should(ContainElement(HaveField("Msg", HavePrefix("Attempting to acquire leader lease"))))
		begin := time.Now()
		s.asking.shut()
		s.createQueries(ctx, queries)
		s.asking.open()

		By("killing the leader")
		Eventually(s.askedAbout).Should(BeNumerically(">=", queries/4))
		Expect(second.journal().reconciles).To(BeZero(), "it does not lead")
		s.killWhileAsking(first)
		second.works()
		successor := s.leader(ctx)
		Expect(successor).NotTo(Or(Equal(leader), BeEmpty()))

		By("asking the new leader to end")
		third := s.startCandidate()
		Eventually(s.askedAbout).Should(BeNumerically(">=", queries/2))
		Expect(second.end(ctx)).To(BeZero())
		third.works()
		Expect(s.leader(ctx)).NotTo(Or(Equal(leader), Equal(successor), BeEmpty()))

		s.reaches(ctx, v1alpha1.QueryDone, queries)
		expectAnswers(s.queries(ctx))
		s.addTally(begin, first, second, third)
		s.expectAskedAgain(first.journal(), second, third)
		for _, m := range []*manager{first, second, third} {
			Expect(m.journal().failures).To(BeEmpty())
			Expect(m.journal().disorder).To(BeEmpty())
		}
		Expect(third.end(ctx)).To(BeZero())
		Expect(s.leader(ctx)).To(BeEmpty(), "the last one gives the lease back")
	})
})

// startCandidate starts a manager that works only while it leads, and is quick to notice.
func (s *scene) startCandidate() *manager {
	GinkgoHelper()
	return s.start("--leader-elect", "--leader-election-namespace", s.namespaces[0],
		"--lease-duration", "5s", "--renew-deadline", "4s", "--retry-period", "500ms")
}

// leader is who holds the lease.
func (s *scene) leader(ctx context.Context) string {
	GinkgoHelper()
	lease := &coordinationv1.Lease{}
	Expect(s.Get(ctx, client.ObjectKey{Namespace: s.namespaces[0], Name: "query-manager"}, lease)).To(Succeed())
	return ptr.Deref(lease.Spec.HolderIdentity, "")
}
