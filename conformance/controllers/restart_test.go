package controllers_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// concurrency is the number of queries that a manager has in hand at a time, if it is told nothing.
const concurrency = 8

var _ = Describe("A manager that is restarted in the middle of a thousand queries", func() {
	It("has every query answered, and asks again only about those in hand when it was killed", func(ctx context.Context) {
		s := newScene(ctx, 4)
		first := s.start().works()
		begin := time.Now()
		s.asking.shut()
		s.createQueries(ctx, thousand)
		s.asking.open()

		By("asking it to end")
		Eventually(s.askedAbout).Should(BeNumerically(">=", thousand/5))
		Expect(first.end(ctx)).To(BeZero())
		asked := s.questions()
		Expect(len(asked)).To(BeNumerically("<", thousand), "it was to end in the middle")
		Expect(asked).To(HaveEach(1))
		s.reaches(ctx, v1alpha1.QueryDone, len(asked))
		s.reaches(ctx, v1alpha1.QueryRunning, 0)

		By("killing its successor")
		second := s.start()
		Eventually(s.askedAbout).Should(BeNumerically(">=", thousand/2))
		s.killWhileAsking(second)
		Expect(s.askedAbout()).To(BeNumerically("<", thousand), "it was to be killed in the middle")

		By("letting the third come to an end")
		third := s.start()
		s.reaches(ctx, v1alpha1.QueryDone, thousand)
		expectAnswers(s.queries(ctx))
		s.addTally(begin, first, second, third)

		s.expectAskedAgain(second.journal(), third)
		for _, m := range []*manager{first, second, third} {
			j := m.journal()
			Expect(j.failures).To(BeEmpty())
			Expect(j.disorder).To(BeEmpty())
			Expect(j.resyncs).To(BeZero())
			Expect(j.unexplained).To(HaveEach(BeNumerically("<=", 0)), "reconciles without a cause")
		}
	})
})

// killWhileAsking kills a manager that waits for answers.
func (s *scene) killWhileAsking(m *manager) {
	GinkgoHelper()
	before := s.askedAbout()
	s.asking.shut()
	Eventually(s.askedAbout).Should(BeNumerically(">=", before+concurrency/2))
	m.kill()
	s.asking.open()
}

// expectAskedAgain wants that no question was asked twice, but by a successor of a manager that was
// killed with the question in hand.
func (s *scene) expectAskedAgain(killed *journal, successors ...*manager) {
	GinkgoHelper()
	resumed := map[string]int{}
	for _, m := range successors {
		for uid, n := range m.journal().resumed {
			resumed[uid] += n
		}
	}
	Expect(resumed).To(HaveEach(1))
	Expect(len(resumed)).To(BeNumerically("<=", concurrency))
	for uid, n := range s.questions() {
		if n > 1 {
			Expect(n).To(Equal(2))
			Expect(resumed).To(HaveKey(uid))
			Expect(killed.asked).To(HaveKeyWithValue(uid, 1))
		}
	}
}
