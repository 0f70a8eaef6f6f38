package controllers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const (
	thousand = 1000
	// loopback is for what only the suite asks the manager.
	loopback = "127.0.0.1"
)

var _ = Describe("A thousand queries", func() {
	It("are each asked once, while the manager hears of every change once", func(ctx context.Context) {
		s := newScene(ctx, 4)
		address := fmt.Sprintf("%s:%d", loopback, freePort(loopback))
		m := s.start("--metrics-bind-address", address).works()
		begin := time.Now()

		s.createQueries(ctx, thousand)
		s.reaches(ctx, v1alpha1.QueryDone, thousand)
		s.addTally(begin, m)

		queries := s.queries(ctx)
		expectAnswers(queries)
		Expect(s.questions()).To(And(HaveLen(thousand), HaveEach(1)))

		By("comparing the manager's cache with the API")
		Eventually(func(g Gomega) {
			g.Expect(cacheOf(ctx, g, address)).To(Equal(s.contents(ctx)))
		}).Should(Succeed())
		j := m.journal()
		Expect(j.failures).To(BeEmpty())
		Expect(j.interrupted).To(BeZero())
		Expect(j.disorder).To(BeEmpty())
		Expect(j.resyncs).To(BeZero())
		for _, query := range queries {
			Expect(j.seen[string(query.UID)]).To(Equal(query.ResourceVersion))
		}
		Expect(j.unexplained).To(HaveEach(BeNumerically("<=", 0)), "reconciles without a cause")

		By("deleting them all")
		for _, namespace := range s.namespaces {
			Expect(s.DeleteAllOf(ctx, &v1alpha1.Query{}, client.InNamespace(namespace), client.MatchingLabels(s.labels))).To(Succeed())
		}
		Eventually(func() []v1alpha1.Query { return s.queries(ctx) }).WithPolling(200 * time.Millisecond).Should(BeEmpty())
		Expect(s.farewells()).To(HaveLen(thousand))
		Eventually(func() map[string]string { return cacheOf(ctx, Default, address)["Query"] }).Should(BeEmpty())
		Expect(m.journal().disorder).To(BeEmpty())
	})
})

// expectAnswers wants every query answered, and with the answer to its own question.
func expectAnswers(queries []v1alpha1.Query) {
	GinkgoHelper()
	for _, query := range queries {
		Expect(query.Status.Phase).To(Equal(v1alpha1.QueryDone))
		Expect(query.Status.Response.Content).To(HaveValue(Equal(answerTo(questionOf(query.Namespace, query.Name)))))
		Expect(query.Status.TokenUsage).To(Equal(v1alpha1.TokenUsage{PromptTokens: new(int64(3)), CompletionTokens: new(int64(4)), TotalTokens: new(int64(7))}))
	}
}

// cacheOf asks a manager for what its cache holds: versions by kind and name.
func cacheOf(ctx context.Context, g Gomega, address string) map[string]map[string]string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/cache", nil)
	g.Expect(err).NotTo(HaveOccurred())
	response, err := http.DefaultClient.Do(request)
	g.Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	content := map[string]map[string]string{}
	g.Expect(json.NewDecoder(response.Body).Decode(&content)).To(Succeed())
	return content
}

// contents are what the cache of a manager of the scene should hold.
func (s *scene) contents(ctx context.Context) map[string]map[string]string {
	contents := map[string]map[string]string{}
	for _, kind := range []string{"Agent", "Model", "Query", "Memory"} {
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(v1alpha1.SchemeGroupVersion.WithKind(kind + "List"))
		Expect(s.List(ctx, list, client.MatchingLabels(s.labels))).To(Succeed())
		contents[kind] = map[string]string{}
		for _, item := range list.Items {
			contents[kind][item.Namespace+"/"+item.Name] = item.ResourceVersion
		}
	}
	return contents
}
