package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const finalizer = "conformance.example.com/hold"

// held is a valid Query that stays until the finalizer is taken off.
func held(name string) *v1alpha1.Query {
	q := query(name)
	q.Finalizers = []string{finalizer}
	return q
}

// release takes all finalizers off.
func release(ctx context.Context, namespace, name string) {
	GinkgoHelper()
	patched(ctx, namespace, name, `{"metadata":{"finalizers":null}}`)
}

// isGone is whether a Query is not there.
func isGone(ctx context.Context, namespace, name string) bool {
	GinkgoHelper()
	_, err := queries(namespace).Get(ctx, name, metav1.GetOptions{})
	Expect(err == nil || apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
	return err != nil
}

var _ = Describe("Deletion", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	It("says what is deleted", func(ctx context.Context) {
		q := created(ctx, namespace, query("q"))
		status := send(ctx, http.MethodDelete, path(namespace, "queries", "q"), "").succeeds(200).status()
		Expect(status.Status).To(Equal(metav1.StatusSuccess))
		Expect(status.Details).To(HaveValue(Equal(metav1.StatusDetails{Name: "q", Group: "ark.ai", Kind: "queries", UID: q.UID})))
		send(ctx, http.MethodDelete, path(namespace, "queries", "q"), "").refuses(404, metav1.StatusReasonNotFound, `queries.ark.ai "q" not found`)
	})

	It("waits for finalizers, and is complete when the last one is gone", func(ctx context.Context) {
		q := held("q")
		q.Finalizers = append(q.Finalizers, "conformance.example.com/second")
		q = created(ctx, namespace, q)
		w := watch(ctx, path(namespace, "queries"), "resourceVersion="+q.ResourceVersion)

		marked := send(ctx, http.MethodDelete, path(namespace, "queries", "q"), "").succeeds(200).object()
		Expect(marked.GetKind()).To(Equal("Query"))
		Expect(marked.GetDeletionTimestamp()).NotTo(BeNil())
		Expect(marked.GetDeletionGracePeriodSeconds()).To(HaveValue(BeZero()))
		Expect(marked.GetGeneration()).To(Equal(q.Generation + 1))
		Expect(marked.GetFinalizers()).To(Equal(q.Finalizers))

		By("being deleted once more, to no effect")
		again := send(ctx, http.MethodDelete, path(namespace, "queries", "q"), "").succeeds(200).object()
		Expect(again.GetResourceVersion()).To(Equal(marked.GetResourceVersion()))
		Expect(again.GetDeletionTimestamp()).To(Equal(marked.GetDeletionTimestamp()))

		By("still taking status and metadata")
		patched(ctx, namespace, "q", setPhase("canceled"), "status")
		patched(ctx, namespace, "q", `{"metadata":{"finalizers":["`+finalizer+`"]}}`)
		Expect(isGone(ctx, namespace, "q")).To(BeFalse())

		release(ctx, namespace, "q")
		Expect(isGone(ctx, namespace, "q")).To(BeTrue())
		events := w.sees("MODIFIED q", "MODIFIED q", "MODIFIED q", "DELETED q")
		Expect(events[3].Object.Object).To(HaveKeyWithValue("status", HaveKeyWithValue("phase", "canceled")))
	})

	It("takes no new finalizers", func(ctx context.Context) {
		created(ctx, namespace, held("q"))
		deleted(ctx, namespace, "q")
		status := send(ctx, http.MethodPatch, path(namespace, "queries", "q"), `{"metadata":{"finalizers":["`+finalizer+`","example.com/late"]}}`, contentType(mergePatchType)).
			refuses(422, metav1.StatusReasonInvalid, `no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/late"}`)
		Expect(causes(status)).To(ConsistOf("metadata.finalizers FieldValueForbidden"))
		release(ctx, namespace, "q")
	})

	It("can't be taken back", func(ctx context.Context) {
		created(ctx, namespace, held("q"))
		deleted(ctx, namespace, "q")
		marked, err := queries(namespace).Get(ctx, "q", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		revived := marked.DeepCopy()
		revived.DeletionTimestamp, revived.DeletionGracePeriodSeconds = nil, nil
		updated, err := queries(namespace).Update(ctx, revived, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(updated.DeletionTimestamp).To(Equal(marked.DeletionTimestamp))
		Expect(updated.ResourceVersion).To(Equal(marked.ResourceVersion))
		release(ctx, namespace, "q")
	})

	It("makes room for a new object of that name only when it is complete", func(ctx context.Context) {
		first := created(ctx, namespace, held("q"))
		deleted(ctx, namespace, "q")
		_, err := queries(namespace).Create(ctx, query("q"), metav1.CreateOptions{})
		Expect(err).To(MatchError(apierrors.IsAlreadyExists, "AlreadyExists"))
		Expect(err).To(MatchError(ContainSubstring("object is being deleted: ")))
		release(ctx, namespace, "q")
		second := created(ctx, namespace, query("q"))
		Expect(second.UID).NotTo(Equal(first.UID))
		Expect(second.Generation).To(BeEquivalentTo(1))
	})

	It("wants finalizers to be names, with a domain", func(ctx context.Context) {
		q := held("q")
		q.Finalizers = []string{"hold"}
		answer := send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(q)).succeeds(201)
		Expect(warnings(answer)).To(ConsistOf(`metadata.finalizers: "hold": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`))
		release(ctx, namespace, "q")
		q.Finalizers = []string{"not a name"}
		status := send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(q)).refuses(422, metav1.StatusReasonInvalid, "name part must consist of alphanumeric characters")
		Expect(causes(status)).To(ConsistOf("metadata.finalizers FieldValueInvalid"))
	})

	DescribeTable("has no grace period for kinds that do not use it", func(ctx context.Context, seconds int64) {
		created(ctx, namespace, query("q"))
		Expect(queries(namespace).Delete(ctx, "q", metav1.DeleteOptions{GracePeriodSeconds: ptr.To(seconds)})).To(Succeed())
		Expect(isGone(ctx, namespace, "q")).To(BeTrue())
	},
		Entry("now", int64(0)),
		Entry("a while", int64(300)),
	)

	It("has preconditions", func(ctx context.Context) {
		first := created(ctx, namespace, query("q"))
		second := patched(ctx, namespace, "q", setPhase("running"), "status")
		one := path(namespace, "queries", "q")
		send(ctx, http.MethodDelete, one, `{"preconditions":{"uid":"other"}}`).
			refuses(409, metav1.StatusReasonConflict, "the UID in the precondition (other) does not match the UID in record ("+string(first.UID)+")")
		send(ctx, http.MethodDelete, one, `{"preconditions":{"resourceVersion":"`+first.ResourceVersion+`"}}`).
			refuses(409, metav1.StatusReasonConflict, "the ResourceVersion in the precondition ("+first.ResourceVersion+") does not match the ResourceVersion in record ("+second.ResourceVersion+")")
		Expect(isGone(ctx, namespace, "q")).To(BeFalse())
		Expect(queries(namespace).Delete(ctx, "q", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &first.UID, ResourceVersion: &second.ResourceVersion}})).To(Succeed())
		Expect(isGone(ctx, namespace, "q")).To(BeTrue())

		created(ctx, namespace, query("q"))
		err := queries(namespace).Delete(ctx, "q", metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(first.UID))})
		Expect(err).To(MatchError(apierrors.IsConflict, "Conflict"))
		Expect(queries(namespace).Delete(ctx, "none", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: ptr.To(types.UID("any"))}})).
			To(MatchError(apierrors.IsNotFound, "NotFound"))
	})

	DescribeTable("refuses options that contradict each other", func(ctx context.Context, options, message string, want ...string) {
		created(ctx, namespace, query("q"))
		status := send(ctx, http.MethodDelete, path(namespace, "queries", "q"), options).refuses(422, metav1.StatusReasonInvalid, message)
		Expect(causes(status)).To(ConsistOf(want))
		Expect(isGone(ctx, namespace, "q")).To(BeFalse())
	},
		Entry("two ways to say what becomes of dependents", `{"orphanDependents":true,"propagationPolicy":"Orphan"}`,
			"orphanDependents and deletionPropagation cannot be both set", "propagationPolicy FieldValueInvalid"),
		Entry("an unknown policy", `{"propagationPolicy":"Sideways"}`, `Unsupported value: "Sideways"`, "propagationPolicy FieldValueNotSupported"),
		Entry("an unknown dry run", `{"dryRun":["Some"]}`, `Unsupported value: ["Some"]`, "dryRun FieldValueNotSupported"),
	)

	It("takes its options from the query as well", func(ctx context.Context) {
		created(ctx, namespace, query("q"))
		send(ctx, http.MethodDelete, path(namespace, "queries", "q")+"?dryRun=All", "").succeeds(200)
		Expect(isGone(ctx, namespace, "q")).To(BeFalse())
		send(ctx, http.MethodDelete, path(namespace, "queries", "q")+"?propagationPolicy=Foreground", "").succeeds(200)
		Eventually(func() bool { return isGone(ctx, namespace, "q") }, controllerTimeout).Should(BeTrue())
	})
})
