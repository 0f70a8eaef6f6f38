package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Server-side apply", func() {
	var namespace, one string

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		one = path(namespace, "queries", "q")
	})

	// apply sends what a manager wants; what it leaves out of the required fields, another one has.
	apply := func(ctx context.Context, manager, fields string, parameters ...string) answer {
		GinkgoHelper()
		at := one + "?fieldManager=" + manager
		for _, p := range parameters {
			at += "&" + p
		}
		return send(ctx, http.MethodPatch, at, `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q"},"spec":{`+fields+`}}`, contentType(applyPatchType))
	}
	const whole = `"input":"How are you?","target":{"type":"agent","name":"greeter"}`

	It("creates, changes, and changes nothing", func(ctx context.Context) {
		first := apply(ctx, "a", whole+`,"timeout":"1m"`).succeeds(201).object()
		second := apply(ctx, "a", whole+`,"timeout":"2m"`).succeeds(200).object()
		Expect(second.GetGeneration()).To(BeEquivalentTo(2))
		Expect(second.GetUID()).To(Equal(first.GetUID()))
		third := apply(ctx, "a", whole+`,"timeout":"2m"`).succeeds(200).object()
		Expect(third.GetResourceVersion()).To(Equal(second.GetResourceVersion()))
	})

	It("removes what its manager no longer wants", func(ctx context.Context) {
		apply(ctx, "a", whole+`,"sessionId":"s","conversationId":"c"`).succeeds(201)
		spec := apply(ctx, "a", whole+`,"sessionId":"s"`).succeeds(200).object().Object["spec"]
		Expect(spec).To(And(HaveKeyWithValue("sessionId", "s"), Not(HaveKey("conversationId"))))
	})

	It("lets managers share an object, and conflicts over a field", func(ctx context.Context) {
		apply(ctx, "a", whole+`,"timeout":"1m"`).succeeds(201)
		apply(ctx, "b", `"sessionId":"s"`).succeeds(200)
		status := apply(ctx, "b", `"sessionId":"s","timeout":"2m","target":{"type":"agent","name":"other"}`).
			refuses(409, metav1.StatusReasonConflict, `Apply failed with 2 conflicts: conflicts with "a"`)
		Expect(causes(status)).To(ConsistOf(".spec.timeout FieldManagerConflict", ".spec.target.name FieldManagerConflict"))
		Expect(status.Details.Causes[0].Message).To(Equal(`conflict with "a"`))

		By("sharing a field of the same value")
		apply(ctx, "b", `"sessionId":"s","timeout":"1m"`).succeeds(200)
		By("giving it up")
		apply(ctx, "b", `"sessionId":"s"`).succeeds(200)
		Expect(get(ctx, one).object().Object["spec"]).To(HaveKeyWithValue("timeout", "1m"))
	})

	It("takes fields by force, for good", func(ctx context.Context) {
		apply(ctx, "a", whole+`,"timeout":"1m"`).succeeds(201)
		forced := apply(ctx, "b", `"timeout":"2m"`, "force=true").succeeds(200).object()
		Expect(forced.Object["spec"]).To(HaveKeyWithValue("timeout", "2m"))
		status := apply(ctx, "a", whole+`,"timeout":"1m"`).refuses(409, metav1.StatusReasonConflict, `Apply failed with 1 conflict: conflict with "b": .spec.timeout`)
		Expect(causes(status)).To(ConsistOf(".spec.timeout FieldManagerConflict"))
		Expect(apply(ctx, "a", whole).succeeds(200).object().Object["spec"]).To(HaveKeyWithValue("timeout", "2m"))
	})

	It("conflicts with who has updated a field", func(ctx context.Context) {
		apply(ctx, "a", whole+`,"timeout":"1m"`).succeeds(201)
		send(ctx, http.MethodPatch, one+"?fieldManager=editor", `{"spec":{"timeout":"3m"}}`, contentType(mergePatchType)).succeeds(200)
		status := apply(ctx, "a", whole+`,"timeout":"1m"`).refuses(409, metav1.StatusReasonConflict, `conflict with "editor" using ark.ai/v1alpha1`)
		Expect(causes(status)).To(ConsistOf(".spec.timeout FieldManagerConflict"))
	})

	It("records who manages what, with the subresource", func(ctx context.Context) {
		apply(ctx, "a", whole).succeeds(201)
		send(ctx, http.MethodPatch, one+"?fieldManager=editor", `{"metadata":{"labels":{"x":"y"}}}`, contentType(mergePatchType)).succeeds(200)
		send(ctx, http.MethodPatch, one+"/status?fieldManager=controller", setPhase("running"), contentType(mergePatchType)).succeeds(200)
		send(ctx, http.MethodPatch, one+"/status?fieldManager=applier", `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q"},"status":{"conversationId":"c"}}`, contentType(applyPatchType)).succeeds(200)
		entries := get(ctx, one).object().GetManagedFields()
		Expect(entries).To(ConsistOf(
			manages("a", metav1.ManagedFieldsOperationApply, "", `{"f:spec":{"f:input":{},"f:target":{"f:name":{},"f:type":{}}}}`),
			manages("editor", metav1.ManagedFieldsOperationUpdate, "", `{"f:metadata":{"f:labels":{".":{},"f:x":{}}}}`),
			manages("controller", metav1.ManagedFieldsOperationUpdate, "status", `"f:phase":{}`),
			manages("applier", metav1.ManagedFieldsOperationApply, "status", `{"f:status":{"f:conversationId":{}}}`),
		))
	})

	It("of the status leaves the rest alone", func(ctx context.Context) {
		apply(ctx, "a", whole).succeeds(201)
		got := send(ctx, http.MethodPatch, one+"/status?fieldManager=b", `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q","labels":{"x":"y"}},"spec":{"timeout":"9m"},"status":{"phase":"running"}}`, contentType(applyPatchType)).
			succeeds(200).object()
		Expect(got.Object["status"]).To(HaveKeyWithValue("phase", "running"))
		Expect(got.Object["spec"]).To(HaveKeyWithValue("timeout", "5m"))
		Expect(got.GetLabels()).To(BeEmpty())
		Expect(apply(ctx, "a", whole).succeeds(200).object().Object["status"]).To(HaveKeyWithValue("phase", "running"))
	})

	It("is refused without a manager", func(ctx context.Context) {
		status := send(ctx, http.MethodPatch, one, `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q"},"spec":{`+whole+`}}`, contentType(applyPatchType)).
			refuses(422, metav1.StatusReasonInvalid, "is required for apply patch")
		Expect(causes(status)).To(ConsistOf("fieldManager FieldValueRequired"))
	})

	DescribeTable("is refused if it is no object of this path", func(ctx context.Context, text string, code int, reason metav1.StatusReason, message string) {
		send(ctx, http.MethodPatch, one+"?fieldManager=a", text, contentType(applyPatchType)).refuses(code, reason, message)
	},
		Entry("no YAML", `{"a":`, 400, metav1.StatusReasonBadRequest, "error converting YAML to JSON"),
		Entry("no kind", `{"metadata":{"name":"q"}}`, 400, metav1.StatusReasonBadRequest, ""),
		Entry("another kind", `{"apiVersion":"ark.ai/v1alpha1","kind":"Agent","metadata":{"name":"q"}}`, 400, metav1.StatusReasonBadRequest, ""),
		Entry("managed fields", `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q","managedFields":[{"manager":"a"}]},"spec":{`+whole+`}}`, 400, metav1.StatusReasonBadRequest, "metadata.managedFields must be nil"),
	)

	It("creates nothing if it names an object by uid that is not there", func(ctx context.Context) {
		send(ctx, http.MethodPatch, one+"?fieldManager=a", `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q","uid":"some"},"spec":{`+whole+`}}`, contentType(applyPatchType)).
			refuses(409, metav1.StatusReasonConflict, "uid mismatch: the provided object specified uid some, and no existing object was found")
		get(ctx, one).refuses(404, metav1.StatusReasonNotFound, "")
	})

	It("forgets all managers if it is told to", func(ctx context.Context) {
		apply(ctx, "a", whole).succeeds(201)
		send(ctx, http.MethodPatch, one, `{"metadata":{"managedFields":[{}]}}`, contentType(mergePatchType)).succeeds(200)
		_, found, err := unstructured.NestedSlice(get(ctx, one).object().Object, "metadata", "managedFields")
		Expect(err).NotTo(HaveOccurred())
		Expect(found).To(BeFalse())
	})
})

// manages matches an entry of managedFields.
func manages(manager string, operation metav1.ManagedFieldsOperationType, subresource, fields string) OmegaMatcher {
	return And(
		HaveField("Manager", manager),
		HaveField("Operation", operation),
		HaveField("Subresource", subresource),
		HaveField("APIVersion", "ark.ai/v1alpha1"),
		HaveField("FieldsType", "FieldsV1"),
		HaveField("Time", Not(BeNil())),
		WithTransform(func(entry metav1.ManagedFieldsEntry) string { return entry.FieldsV1.GetRawString() }, ContainSubstring(fields)),
	)
}
