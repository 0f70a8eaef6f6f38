package machinery_test

import (
	"context"
	"net/http"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("Update", func() {
	var (
		namespace string
		q         *v1alpha1.Query
	)

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		q = created(ctx, namespace, query("q"))
		q.TypeMeta = query("").TypeMeta
	})

	put := func(ctx context.Context, q *v1alpha1.Query, subresource ...string) answer {
		GinkgoHelper()
		return send(ctx, http.MethodPut, path(namespace, "queries", append([]string{"q"}, subresource...)...), jsonOf(q))
	}

	It("counts changes of the spec, and of nothing else, in the generation", func(ctx context.Context) {
		for _, step := range []struct {
			patch, subresource string
			generation         int64
		}{
			{`{"spec":{"timeout":"1m"}}`, "", 2},
			{`{"metadata":{"labels":{"a":"b"},"annotations":{"c":"d"}}}`, "", 2},
			{setPhase("running"), "status", 2},
			{`{"spec":{"timeout":"1m"}}`, "", 2},
			{`{"metadata":{"generation":9}}`, "", 2},
			{`{"metadata":{"labels":{"a":"c"}},"spec":{"cancel":true}}`, "", 3},
		} {
			var subresources []string
			if step.subresource != "" {
				subresources = []string{step.subresource}
			}
			Expect(patched(ctx, namespace, "q", step.patch, subresources...).Generation).To(Equal(step.generation), step.patch)
		}
	})

	It("that changes nothing writes nothing", func(ctx context.Context) {
		same := put(ctx, q).succeeds(200).object()
		Expect(same.GetResourceVersion()).To(Equal(q.ResourceVersion))
		Expect(patched(ctx, namespace, "q", `{}`).ResourceVersion).To(Equal(q.ResourceVersion))
		Expect(patched(ctx, namespace, "q", `{"spec":{"timeout":"5m"}}`).ResourceVersion).To(Equal(q.ResourceVersion))
		Expect(patched(ctx, namespace, "q", `{"status":{"phase":"done"}}`).ResourceVersion).To(Equal(q.ResourceVersion))
	})

	It("of the spec leaves the status alone, and the other way round", func(ctx context.Context) {
		patched(ctx, namespace, "q", setPhase("running"), "status")
		q.ResourceVersion = get(ctx, path(namespace, "queries", "q")).object().GetResourceVersion()
		q.Spec.SessionID, q.Status.Phase = new("new"), v1alpha1.QueryDone
		got := put(ctx, q).succeeds(200).object()
		Expect(got.Object).To(HaveKeyWithValue("status", HaveKeyWithValue("phase", "running")))
		Expect(got.Object).To(HaveKeyWithValue("spec", HaveKeyWithValue("sessionId", "new")))

		q.ResourceVersion = got.GetResourceVersion()
		q.Spec.SessionID, q.Status.Phase = new("newer"), v1alpha1.QueryError
		q.Labels = map[string]string{"a": "b"}
		got = put(ctx, q, "status").succeeds(200).object()
		Expect(got.Object).To(HaveKeyWithValue("status", HaveKeyWithValue("phase", "error")))
		Expect(got.Object).To(HaveKeyWithValue("spec", HaveKeyWithValue("sessionId", "new")))
		Expect(got.GetLabels()).To(BeEmpty())
		Expect(got.Object).To(Equal(get(ctx, path(namespace, "queries", "q", "status")).succeeds(200).object().Object))
	})

	It("conflicts if somebody was faster", func(ctx context.Context) {
		patched(ctx, namespace, "q", setPhase("running"), "status")
		q.Spec.SessionID = new("new")
		for _, subresource := range [][]string{nil, {"status"}} {
			status := put(ctx, q, subresource...).refuses(409, metav1.StatusReasonConflict,
				`Operation cannot be fulfilled on queries.ark.ai "q": the object has been modified; please apply your changes to the latest version and try again`)
			Expect(status.Details).To(HaveValue(Equal(metav1.StatusDetails{Name: "q", Group: "ark.ai", Kind: "queries"})))
		}
		send(ctx, http.MethodPatch, path(namespace, "queries", "q"), `{"metadata":{"resourceVersion":"`+q.ResourceVersion+`"},"spec":{"sessionId":"new"}}`, contentType(mergePatchType)).
			refuses(409, metav1.StatusReasonConflict, "the object has been modified")
	})

	// As with most kinds of Kubernetes; clients of the API count on it.
	It("replaces whatever is there without a resourceVersion", beyondCustomResources, func(ctx context.Context) {
		unlessCustomResources("custom resources are replaced with a resourceVersion only")
		q.ResourceVersion, q.Spec.SessionID = "", new("new")
		replaced := put(ctx, q).succeeds(http.StatusOK).object()
		Expect(replaced.Object).To(HaveKeyWithValue("spec", HaveKeyWithValue("sessionId", "new")))
		put(ctx, q, "status").succeeds(http.StatusOK)
	})

	It("is refused for what is not there", func(ctx context.Context) {
		for _, subresource := range []string{"", "/status"} {
			none := query("none")
			send(ctx, http.MethodPut, path(namespace, "queries", "none")+subresource, jsonOf(none)).
				refuses(404, metav1.StatusReasonNotFound, `queries.ark.ai "none" not found`)
			none.UID, none.ResourceVersion = "some", "1"
			send(ctx, http.MethodPut, path(namespace, "queries", "none")+subresource, jsonOf(none)).
				refuses(404, metav1.StatusReasonNotFound, `queries.ark.ai "none" not found`)
			send(ctx, http.MethodPatch, path(namespace, "queries", "none")+subresource, `{}`, contentType(mergePatchType)).
				refuses(404, metav1.StatusReasonNotFound, `queries.ark.ai "none" not found`)
		}
	})

	It("is refused if it is meant for an object of another uid", func(ctx context.Context) {
		q.UID = "other"
		put(ctx, q).refuses(409, metav1.StatusReasonConflict, "Precondition failed: UID in precondition: other, UID in object meta: ")
	})

	DescribeTable("is refused if the object is not what the path says", func(ctx context.Context, change func(*v1alpha1.Query), message string) {
		change(q)
		put(ctx, q).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("another name", func(q *v1alpha1.Query) { q.Name = "other" }, "the name of the object (other) does not match the name on the URL (q)"),
		Entry("no name", func(q *v1alpha1.Query) { q.Name = "" }, "name must be provided"),
		Entry("another namespace", func(q *v1alpha1.Query) { q.Namespace = "elsewhere" }, "the namespace of the provided object does not match the namespace sent on the request"),
	)

	It("leaves alone what only the server may set", func(ctx context.Context) {
		changed := q.DeepCopy()
		changed.Generation, changed.SelfLink, changed.Spec.SessionID = 9, "/mine", new("new") //nolint:staticcheck // deprecated, not gone
		changed.CreationTimestamp = metav1.Unix(1, 0)
		got := put(ctx, changed).succeeds(200).object()
		Expect(got.GetGeneration()).To(BeEquivalentTo(2))
		Expect(got.GetCreationTimestamp()).To(Equal(q.CreationTimestamp))
		Expect(got.GetUID()).To(Equal(q.UID))
	})

	It("is refused if the resourceVersion is no number, with the code that Kubernetes has for it", func(ctx context.Context) {
		q.ResourceVersion = "new"
		put(ctx, q).refuses(500, "", `parsing "new": invalid syntax`)
	})

	It("by many who look first loses nothing", func(ctx context.Context) {
		const writers, increments = 10, 10
		inParallel(writers, func(int) {
			for range increments {
				for {
					got, err := queries(namespace).Get(ctx, "q", metav1.GetOptions{})
					Expect(err).NotTo(HaveOccurred())
					count, _ := strconv.Atoi(got.Annotations["count"])
					got.Annotations = map[string]string{"count": strconv.Itoa(count + 1)}
					if _, err = queries(namespace).Update(ctx, got, metav1.UpdateOptions{}); err == nil {
						break
					}
					Expect(err).To(MatchError(apierrors.IsConflict, "Conflict"))
				}
			}
		})
		got, err := queries(namespace).Get(ctx, "q", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(got.Annotations).To(HaveKeyWithValue("count", strconv.Itoa(writers*increments)))
	})
})
