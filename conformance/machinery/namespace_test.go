package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

// newNamespace makes a namespace that the spec itself deletes.
func newNamespace(ctx context.Context) string {
	GinkgoHelper()
	namespace, err := framework.Client.CoreV1().Namespaces().Create(ctx,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "conformance-"}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	return namespace.Name
}

func deleteNamespace(ctx context.Context, namespace string) {
	GinkgoHelper()
	Expect(framework.Client.CoreV1().Namespaces().Delete(ctx, namespace, metav1.DeleteOptions{})).To(Succeed())
}

// namespaceIsGone is whether a namespace is not there.
func namespaceIsGone(ctx context.Context, namespace string) func() bool {
	return func() bool {
		_, err := framework.Client.CoreV1().Namespaces().Get(ctx, namespace, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	}
}

var _ = Describe("Deletion of a namespace", func() {
	It("deletes what it has of every kind", func(ctx context.Context) {
		namespace, other := newNamespace(ctx), framework.Namespace(ctx)
		for _, k := range namespaced() {
			for _, in := range []string{namespace, other} {
				send(ctx, http.MethodPost, k.path(in), k.manifest("one")).succeeds(201)
				send(ctx, http.MethodPost, k.path(in), k.manifest("two")).succeeds(201)
			}
		}
		deleteNamespace(ctx, namespace)
		Eventually(namespaceIsGone(ctx, namespace), controllerTimeout).Should(BeTrue())
		for _, k := range namespaced() {
			Expect(itemNames(get(ctx, k.path(namespace)))).To(BeEmpty(), k.Kind)
			Expect(itemNames(get(ctx, k.path(other)))).To(Equal([]string{"one", "two"}), k.Kind)
		}
	})

	It("waits for finalizers, says so, and takes nothing new meanwhile", func(ctx context.Context) {
		namespace := newNamespace(ctx)
		created(ctx, namespace, held("held"))
		deleteNamespace(ctx, namespace)
		Eventually(func() []corev1.NamespaceCondition {
			got, err := framework.Client.CoreV1().Namespaces().Get(ctx, namespace, metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			return got.Status.Conditions
		}, controllerTimeout).Should(ContainElement(And(
			HaveField("Type", corev1.NamespaceFinalizersRemaining),
			HaveField("Status", corev1.ConditionTrue),
			HaveField("Message", ContainSubstring(finalizer+" in 1 resource instances")),
		)))

		status := send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(query("late"))).
			refuses(403, metav1.StatusReasonForbidden, "unable to create new content in namespace "+namespace+" because it is being terminated")
		Expect(causes(status)).To(ConsistOf("metadata.namespace NamespaceTerminating"))
		patched(ctx, namespace, "held", setPhase("canceled"), "status")

		release(ctx, namespace, "held")
		Eventually(namespaceIsGone(ctx, namespace), controllerTimeout).Should(BeTrue())
	})
})

var _ = Describe("A namespace that is not there", func() {
	It("takes nothing", func(ctx context.Context) {
		status := send(ctx, http.MethodPost, path("conformance-missing", "queries"), jsonOf(query("q"))).
			refuses(404, metav1.StatusReasonNotFound, `namespaces "conformance-missing" not found`)
		Expect(status.Details).To(HaveValue(Equal(metav1.StatusDetails{Name: "conformance-missing", Kind: "namespaces"})))
	})

	It("has empty lists", func(ctx context.Context) {
		Expect(itemNames(get(ctx, path("conformance-missing", "queries")))).To(BeEmpty())
	})
})
