package controllers_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("Events of a query", func() {
	It("are recorded once it is answered, and visible in both APIs", func(ctx context.Context) {
		s := newScene(ctx, 1)
		s.start()
		query := s.answered(ctx, "query")
		Eventually(func(g Gomega) {
			list, err := framework.Client.EventsV1().Events(query.Namespace).List(ctx, metav1.ListOptions{FieldSelector: "reason=Answered"})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(list.Items).To(ConsistOf(And(
				HaveField("Regarding.UID", query.UID), HaveField("Regarding.Kind", "Query"), HaveField("Regarding.APIVersion", "ark.ai/v1alpha1"),
				HaveField("Related.Name", "parrot"), HaveField("Related.Kind", "Agent"),
				HaveField("Note", "The query is done"), HaveField("Action", "Ask"), HaveField("ReportingController", "query-controller"),
			)))
		}).Should(Succeed())
		events := s.complaints(ctx, "reason=Answered,involvedObject.uid="+string(query.UID))
		Expect(events).To(ConsistOf(And(HaveField("Message", "The query is done"), HaveField("Type", corev1.EventTypeNormal))))
	})

	It("are counted if they are the same", func(ctx context.Context) {
		const times = 5
		s := newEmptyScene(ctx, 1)
		s.start()
		query := s.query(s.namespaces[0], "query")
		s.create(ctx, query)
		for i := range times {
			By(fmt.Sprintf("waking it %d times", i))
			patch := fmt.Sprintf(`{"metadata":{"annotations":{"awake":"%d"}}}`, i)
			Expect(s.Patch(ctx, query, client.RawPatch("application/merge-patch+json", []byte(patch)))).To(Succeed())
			Eventually(func() []corev1.Event { return s.complaints(ctx, "reason=NotReady") }).
				Should(ConsistOf(HaveField("Count", BeNumerically(">", i))))
		}
		complaint := s.complaints(ctx, "reason=NotReady")[0]
		Expect(complaint.Message).To(Equal("there is no agent parrot"))
		Expect(complaint.Type).To(Equal(corev1.EventTypeWarning))
		Expect(complaint.InvolvedObject.UID).To(Equal(query.UID))
		Expect(complaint.LastTimestamp.Time).NotTo(BeTemporally("<", complaint.FirstTimestamp.Time))

		Eventually(func(g Gomega) {
			counted := s.complaints(ctx, "reason=NotReady")[0].Count
			series := &eventsv1.EventList{}
			g.Expect(s.List(ctx, series, client.InNamespace(s.namespaces[0]))).To(Succeed())
			g.Expect(series.Items).To(ConsistOf(HaveField("DeprecatedCount", counted)))
		}).Should(Succeed())
		Expect(s.Get(ctx, client.ObjectKeyFromObject(query), query)).To(Succeed())
		Expect(query.Status.Phase).To(Equal(v1alpha1.QueryPending))
	})
})

// complaints are core events.
func (s *scene) complaints(ctx context.Context, fieldSelector string) []corev1.Event {
	GinkgoHelper()
	list, err := framework.Client.CoreV1().Events(s.namespaces[0]).List(ctx, metav1.ListOptions{FieldSelector: fieldSelector})
	Expect(err).NotTo(HaveOccurred())
	return list.Items
}
