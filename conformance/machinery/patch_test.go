package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A patch", func() {
	var (
		namespace, one string
		q              *v1alpha1.Query
	)

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		one = path(namespace, "queries", "q")
		given := labelled("q", map[string]string{"a": "1", "b": "2"})
		given.Spec.Parameters = []v1alpha1.Parameter{{Name: "city", Value: new("Lisbon")}, {Name: "units", Value: new("metric")}}
		q = created(ctx, namespace, given)
	})

	patch := func(ctx context.Context, patch, kind string) answer {
		GinkgoHelper()
		return send(ctx, http.MethodPatch, one, patch, contentType(kind))
	}

	It("merges objects, replaces lists and removes what is null", func(ctx context.Context) {
		got := patch(ctx, `{"metadata":{"labels":{"a":null,"c":"3"}},"spec":{"sessionId":"s","parameters":[{"name":"city","value":"Porto"}]}}`, mergePatchType).
			succeeds(200).object()
		Expect(got.GetLabels()).To(Equal(map[string]string{"b": "2", "c": "3"}))
		spec := got.Object["spec"].(map[string]any)
		Expect(spec).To(HaveKeyWithValue("sessionId", "s"))
		Expect(spec["parameters"]).To(Equal([]any{map[string]any{"name": "city", "value": "Porto"}}))
		Expect(spec).To(HaveKeyWithValue("input", "How are you?"))
	})

	It("of operations does all of them in order", func(ctx context.Context) {
		got := patch(ctx, `[
			{"op":"test","path":"/spec/parameters/0/name","value":"city"},
			{"op":"replace","path":"/spec/parameters/0/value","value":"Porto"},
			{"op":"add","path":"/spec/parameters/-","value":{"name":"days","value":"2"}},
			{"op":"remove","path":"/spec/parameters/1"},
			{"op":"copy","from":"/metadata/labels/a","path":"/metadata/labels/copy"},
			{"op":"move","from":"/metadata/labels/b","path":"/metadata/labels/example.com~1moved"}]`, jsonPatchType).succeeds(200).object()
		Expect(got.GetLabels()).To(Equal(map[string]string{"a": "1", "copy": "1", "example.com/moved": "2"}))
		Expect(got.Object["spec"].(map[string]any)["parameters"]).To(Equal([]any{
			map[string]any{"name": "city", "value": "Porto"}, map[string]any{"name": "days", "value": "2"},
		}))
	})

	DescribeTable("of operations does none if one fails", func(ctx context.Context, operations, message string) {
		patch(ctx, operations, jsonPatchType).refuses(422, metav1.StatusReasonInvalid, message)
		got, err := queries(namespace).Get(ctx, "q", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(got.ResourceVersion).To(Equal(q.ResourceVersion))
	},
		Entry("a test", `[{"op":"add","path":"/metadata/labels/c","value":"3"},{"op":"test","path":"/metadata/labels/a","value":"2"}]`,
			"the server rejected our request"),
		Entry("a path that is not there", `[{"op":"remove","path":"/metadata/labels/none"}]`, "the server rejected our request"),
		Entry("an unknown operation", `[{"op":"swap","path":"/metadata/labels/a"}]`, "the server rejected our request"),
		Entry("an invalid result", `[{"op":"replace","path":"/spec/type","value":"riddle"}]`, `spec.type: Unsupported value: "riddle"`),
		Entry("a wrong type", `[{"op":"replace","path":"/spec/parameters","value":"none"}]`, "parameters"),
	)

	DescribeTable("is refused if it is malformed", func(ctx context.Context, text, kind, message string) {
		patch(ctx, text, kind).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("no JSON", `{"spec":`, mergePatchType, "invalid JSON patch"),
		Entry("a list", `[]`, mergePatchType, "error decoding patch"),
		Entry("no JSON of operations", `nonsense`, jsonPatchType, "invalid JSON patch"),
		Entry("no list of operations", `{"op":"remove"}`, jsonPatchType, "cannot unmarshal object into Go value"),
	)

	It("may know how lists are merged", beyondCustomResources, func(ctx context.Context) {
		unlessCustomResources("custom resources do not take strategic merge patches")
		condition := func(kind, status string) string {
			return `{"type":"` + kind + `","status":"` + status + `","reason":"Test","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}`
		}
		patched(ctx, namespace, "q", `{"status":{"conditions":[`+condition("Completed", "False")+`,`+condition("Other", "False")+`]}}`, "status")
		got := send(ctx, http.MethodPatch, one+"/status", `{"status":{"conditions":[`+condition("Completed", "True")+`]}}`, contentType(strategicType)).succeeds(200).object()
		Expect(got.Object["status"]).To(HaveKeyWithValue("conditions", ConsistOf(
			And(HaveKeyWithValue("type", "Completed"), HaveKeyWithValue("status", "True")),
			And(HaveKeyWithValue("type", "Other"), HaveKeyWithValue("status", "False")),
		)))
		patch(ctx, `{"metadata":{"labels":{"a":null}},"spec":{"parameters":[{"name":"days","value":"2"}]}}`, strategicType).succeeds(200)
	})

	It("of an unknown type is refused", func(ctx context.Context) {
		for _, kind := range []string{jsonType, yamlType, "text/plain", "application/vnd.example"} {
			patch(ctx, `{}`, kind).refuses(415, metav1.StatusReasonUnsupportedMediaType, "")
		}
	})

	DescribeTable("can't change the identity of the object", func(ctx context.Context, text string, code int, reason metav1.StatusReason, message string) {
		patch(ctx, text, mergePatchType).refuses(code, reason, message)
	},
		Entry("uid", `{"metadata":{"uid":"other"}}`, 422, metav1.StatusReasonInvalid, `metadata.uid: Invalid value: "other": field is immutable`),
		Entry("name", `{"metadata":{"name":"other"}}`, 400, metav1.StatusReasonBadRequest, "the name of the object (other) does not match the name on the URL (q)"),
		Entry("namespace", `{"metadata":{"namespace":"other"}}`, 400, metav1.StatusReasonBadRequest, "the namespace of the provided object does not match the namespace sent on the request"),
		Entry("deletionTimestamp", `{"metadata":{"deletionTimestamp":"2001-01-01T00:00:00Z"}}`, 422, metav1.StatusReasonInvalid, "metadata.deletionTimestamp: Invalid value"),
	)

	It("of the status ignores everything else", func(ctx context.Context) {
		got := patched(ctx, namespace, "q", `{"metadata":{"labels":{"a":"9"}},"spec":{"sessionId":"s"},"status":{"phase":"running"}}`, "status")
		Expect(got.Labels).To(Equal(q.Labels))
		Expect(got.Spec).To(Equal(q.Spec))
		Expect(got.Status.Phase).To(Equal(v1alpha1.QueryRunning))
	})

	It("many at once all take effect", func(ctx context.Context) {
		inParallel(20, func(i int) {
			patched(ctx, namespace, "q", `{"metadata":{"annotations":{"writer-`+string(rune('a'+i))+`":"yes"}}}`)
		})
		got, err := queries(namespace).Get(ctx, "q", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(got.Annotations).To(HaveLen(20))
	})
})
