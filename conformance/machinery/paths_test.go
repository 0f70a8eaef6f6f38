package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A path", func() {
	DescribeTable("that does not exist is not found", func(ctx context.Context, path string) {
		get(ctx, path).succeeds(404)
	},
		Entry("another resource", arkVersion+"/namespaces/default/poems"),
		Entry("another resource of all namespaces", arkVersion+"/poems"),
		Entry("another version", "/apis/ark.ai/v9/queries"),
		Entry("another group", "/apis/ark.example.com/v1alpha1/queries"),
		Entry("another subresource", arkVersion+"/namespaces/default/queries/q/scale"),
		Entry("something below the status", arkVersion+"/namespaces/default/queries/q/status/phase"),
		Entry("an object without a namespace", arkVersion+"/queries/q"),
		Entry("nowhere", "/nowhere"),
	)

	It("has no other methods than it says", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		q := created(ctx, namespace, query("q"))
		collection, one := path(namespace, "queries"), path(namespace, "queries", "q")
		for _, request := range [][2]string{
			{http.MethodOptions, collection}, {http.MethodOptions, one}, {http.MethodTrace, one},
			{http.MethodPost, one + "/status"}, {http.MethodDelete, one + "/status"},
		} {
			status := send(ctx, request[0], request[1], `{}`).refuses(405, metav1.StatusReasonMethodNotAllowed, "")
			Expect(status.Message).NotTo(BeEmpty(), request)
		}
		By("refusing what has a method, but not on this path")
		for _, request := range [][2]string{
			{http.MethodPut, collection}, {http.MethodPost, one}, {http.MethodPost, arkVersion + "/queries"}, {http.MethodDelete, arkVersion + "/queries"},
		} {
			// Kubernetes has 405 for kinds of its own, 400 and 404 for custom resources.
			Expect(send(ctx, request[0], request[1], jsonOf(q)).Code).To(BeElementOf(400, 404, 405), request)
		}
		got, err := queries(namespace).Get(ctx, "q", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(got.ResourceVersion).To(Equal(q.ResourceVersion))
	})

	It("answers HEAD without a body", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		created(ctx, namespace, query("q"))
		answer := send(ctx, http.MethodHead, path(namespace, "queries", "q"), "")
		// Kubernetes has 405 for kinds of its own and 200 for custom resources.
		Expect(answer.Code).To(BeElementOf(200, 405))
		Expect(answer.Body).To(BeEmpty())
	})
})

var _ = Describe("An answer", func() {
	It("names the request in the audit log, and what priority and fairness made of it", func(ctx context.Context) {
		ids := map[string]bool{}
		for range 3 {
			answer := get(ctx, arkVersion+"/queries?limit=1").succeeds(200)
			ids[answer.Header.Get("Audit-Id")] = true
			Expect(answer.Header).To(HaveKey("X-Kubernetes-Pf-Flowschema-Uid"))
			Expect(answer.Header).To(HaveKey("X-Kubernetes-Pf-Prioritylevel-Uid"))
		}
		Expect(ids).To(HaveLen(3))
		Expect(ids).NotTo(HaveKey(""))
	})

	It("takes the name for the audit log from the client", func(ctx context.Context) {
		Expect(get(ctx, arkVersion+"/queries?limit=1", header{"Audit-Id", "from-the-client"}).Header.Get("Audit-Id")).To(Equal("from-the-client"))
	})

	It("is not to be kept in caches", func(ctx context.Context) {
		Expect(get(ctx, arkVersion+"/queries?limit=1").Header.Get("Cache-Control")).To(ContainSubstring("no-cache"))
	})

	It("is compressed if it is long and the client takes that", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		created(ctx, namespace, query("q"))
		gzip := header{"Accept-Encoding", "gzip"}
		Expect(get(ctx, "/openapi/v2", gzip).succeeds(200).Header.Get("Content-Encoding")).To(Equal("gzip"))
		Expect(get(ctx, path(namespace, "queries", "q"), gzip).succeeds(200).Header.Get("Content-Encoding")).To(BeEmpty())
	})
})
