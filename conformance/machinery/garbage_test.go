package machinery_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// controllerTimeout is how long Kubernetes' controllers may take. They look for new kinds twice a
// minute.
const controllerTimeout = 90 * time.Second

// owner is a reference to an Ark object.
func owner(kind, name string, uid types.UID, block bool) metav1.OwnerReference {
	return metav1.OwnerReference{APIVersion: "ark.ai/v1alpha1", Kind: kind, Name: name, UID: uid, BlockOwnerDeletion: ptr.To(block), Controller: ptr.To(true)}
}

// ownedBy is a Query that belongs to another one.
func ownedBy(name string, by *v1alpha1.Query, block bool) *v1alpha1.Query {
	q := query(name)
	q.OwnerReferences = []metav1.OwnerReference{owner("Query", by.Name, by.UID, block)}
	return q
}

func propagation(policy metav1.DeletionPropagation) metav1.DeleteOptions {
	return metav1.DeleteOptions{PropagationPolicy: &policy}
}

var _ = Describe("Garbage collection", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	queryIsGone := func(ctx context.Context, name string) func() bool {
		return func() bool { return isGone(ctx, namespace, name) }
	}

	It("deletes dependents and theirs in the background", func(ctx context.Context) {
		top := created(ctx, namespace, query("top"))
		middle := created(ctx, namespace, ownedBy("middle", top, false))
		for i := range 5 {
			created(ctx, namespace, ownedBy(fmt.Sprintf("leaf-%d", i), middle, false))
		}
		created(ctx, namespace, query("stranger"))
		Expect(queries(namespace).Delete(ctx, "top", propagation(metav1.DeletePropagationBackground))).To(Succeed())
		Expect(isGone(ctx, namespace, "top")).To(BeTrue())
		Eventually(func() []string { return names(listed(ctx, namespace, metav1.ListOptions{})) }, controllerTimeout).Should(Equal([]string{"stranger"}))
	})

	It("deletes dependents first if the deletion is in the foreground", func(ctx context.Context) {
		top := created(ctx, namespace, query("top"))
		leaf := ownedBy("leaf", top, true)
		leaf.Finalizers = []string{finalizer}
		created(ctx, namespace, leaf)
		marked := send(ctx, http.MethodDelete, path(namespace, "queries", "top"), `{"propagationPolicy":"Foreground"}`).succeeds(200).object()
		Expect(marked.GetFinalizers()).To(Equal([]string{metav1.FinalizerDeleteDependents}))
		Expect(marked.GetDeletionTimestamp()).NotTo(BeNil())
		Eventually(func() *metav1.Time {
			got, err := queries(namespace).Get(ctx, "leaf", metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			return got.DeletionTimestamp
		}, controllerTimeout).ShouldNot(BeNil())
		Expect(isGone(ctx, namespace, "top")).To(BeFalse())
		release(ctx, namespace, "leaf")
		Eventually(queryIsGone(ctx, "top"), controllerTimeout).Should(BeTrue())
		Expect(isGone(ctx, namespace, "leaf")).To(BeTrue())
	})

	It("leaves dependents behind that are to be orphans", func(ctx context.Context) {
		top := created(ctx, namespace, query("top"))
		created(ctx, namespace, ownedBy("orphan", top, false))
		Expect(queries(namespace).Delete(ctx, "top", propagation(metav1.DeletePropagationOrphan))).To(Succeed())
		Eventually(queryIsGone(ctx, "top"), controllerTimeout).Should(BeTrue())
		orphan, err := queries(namespace).Get(ctx, "orphan", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(orphan.OwnerReferences).To(BeEmpty())
		Expect(orphan.DeletionTimestamp).To(BeNil())
	})

	It("keeps what has another owner, and forgets the one that is gone", func(ctx context.Context) {
		first, second := created(ctx, namespace, query("first")), created(ctx, namespace, query("second"))
		both := ownedBy("both", first, false)
		both.OwnerReferences = append(both.OwnerReferences, owner("Query", second.Name, second.UID, false))
		both.OwnerReferences[1].Controller = nil
		created(ctx, namespace, both)
		Expect(queries(namespace).Delete(ctx, "first", propagation(metav1.DeletePropagationBackground))).To(Succeed())
		Eventually(func() []metav1.OwnerReference {
			got, err := queries(namespace).Get(ctx, "both", metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			return got.OwnerReferences
		}, controllerTimeout).Should(HaveExactElements(HaveField("Name", "second")))
		Expect(queries(namespace).Delete(ctx, "second", propagation(metav1.DeletePropagationBackground))).To(Succeed())
		Eventually(queryIsGone(ctx, "both"), controllerTimeout).Should(BeTrue())
	})

	It("follows owners of other kinds of the group", func(ctx context.Context) {
		top := created(ctx, namespace, query("top"))
		evaluation := parsed([]byte(manifest("Evaluation", "judgement")))
		evaluation.SetOwnerReferences([]metav1.OwnerReference{owner("Query", "top", top.UID, true)})
		one := path(namespace, "evaluations", "judgement")
		send(ctx, http.MethodPost, path(namespace, "evaluations"), jsonOf(evaluation)).succeeds(201)
		deleted(ctx, namespace, "top")
		Eventually(func() int { return get(ctx, one).Code }, controllerTimeout).Should(Equal(404))
	})

	It("follows owners of other groups, both ways", func(ctx context.Context) {
		configMaps, agents := framework.Client.CoreV1().ConfigMaps(namespace), framework.Ark.ArkV1alpha1().Agents(namespace)
		top, err := configMaps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "top"}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		agent, err := agents.Create(ctx, &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{
			Name:            "middle",
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "top", UID: top.UID}},
		}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, err = configMaps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
			Name:            "leaf",
			OwnerReferences: []metav1.OwnerReference{owner("Agent", "middle", agent.UID, true)},
		}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(configMaps.Delete(ctx, "top", metav1.DeleteOptions{})).To(Succeed())
		Eventually(func() error {
			_, err := agents.Get(ctx, "middle", metav1.GetOptions{})
			return err
		}, controllerTimeout).Should(MatchError(apierrors.IsNotFound, "NotFound"))
		Eventually(func() error {
			_, err := configMaps.Get(ctx, "leaf", metav1.GetOptions{})
			return err
		}, controllerTimeout).Should(MatchError(apierrors.IsNotFound, "NotFound"))
	})

	It("deletes what names an owner that never was", func(ctx context.Context) {
		orphan := query("orphan")
		orphan.OwnerReferences = []metav1.OwnerReference{owner("Query", "imagined", "6a4b8f4e-0000-4000-8000-000000000000", false)}
		created(ctx, namespace, orphan)
		Eventually(queryIsGone(ctx, "orphan"), controllerTimeout).Should(BeTrue())
	})

	DescribeTable("refuses owners that are none", func(ctx context.Context, change func(*metav1.OwnerReference), field string) {
		q := query("q")
		reference := owner("Query", "top", "6a4b8f4e-0000-4000-8000-000000000000", false)
		change(&reference)
		q.OwnerReferences = []metav1.OwnerReference{reference}
		status := send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(q)).refuses(422, metav1.StatusReasonInvalid, "metadata.ownerReferences")
		Expect(causes(status)).To(ConsistOf(field))
	},
		Entry("no uid", func(r *metav1.OwnerReference) { r.UID = "" }, "metadata.ownerReferences[0].uid FieldValueRequired"),
		Entry("no name", func(r *metav1.OwnerReference) { r.Name = "" }, "metadata.ownerReferences[0].name FieldValueRequired"),
		Entry("no kind", func(r *metav1.OwnerReference) { r.Kind = "" }, "metadata.ownerReferences[0].kind FieldValueRequired"),
		Entry("no version", func(r *metav1.OwnerReference) { r.APIVersion = "" }, "metadata.ownerReferences[0].apiVersion FieldValueRequired"),
		Entry("an event", func(r *metav1.OwnerReference) { r.APIVersion, r.Kind = "v1", "Event" }, "metadata.ownerReferences[0] FieldValueInvalid"),
	)

	It("refuses two controllers", func(ctx context.Context) {
		q := query("q")
		q.OwnerReferences = []metav1.OwnerReference{owner("Query", "a", "a", false), owner("Query", "b", "b", false)}
		status := send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(q)).
			refuses(422, metav1.StatusReasonInvalid, "Only one reference can have Controller set to true")
		Expect(causes(status)).To(ConsistOf("metadata.ownerReferences FieldValueInvalid"))
	})
})
