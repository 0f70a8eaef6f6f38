package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/framework"
)

const quotaCount = corev1.ResourceName("count/queries.ark.ai")

var _ = Describe("A quota", func() {
	var namespace string

	used := func(ctx context.Context) func() string {
		return func() string {
			quota, err := framework.Client.CoreV1().ResourceQuotas(namespace).Get(ctx, "quota", metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			count := quota.Status.Used[quotaCount]
			return count.String()
		}
	}

	// Admission learns of quotas from a watch, as everybody: wait until it obeys this one, which
	// first allows nothing and then two.
	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		quotas := framework.Client.CoreV1().ResourceQuotas(namespace)
		_, err := quotas.Create(ctx, &corev1.ResourceQuota{
			ObjectMeta: metav1.ObjectMeta{Name: "quota"},
			Spec:       corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{quotaCount: resource.MustParse("0")}},
		}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		attempt := func() int {
			return send(ctx, http.MethodPost, path(namespace, "queries")+"?dryRun=All", jsonOf(query("attempt"))).Code
		}
		Eventually(attempt, controllerTimeout).Should(Equal(403))
		_, err = quotas.Patch(ctx, "quota", types.MergePatchType, []byte(`{"spec":{"hard":{"count/queries.ark.ai":"2"}}}`), metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
		Eventually(attempt, controllerTimeout).Should(Equal(201))
	})

	It("limits how many there are, and follows creation and deletion", func(ctx context.Context) {
		created(ctx, namespace, query("a"))
		created(ctx, namespace, query("b"))
		Eventually(used(ctx), controllerTimeout).Should(Equal("2"))
		send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(query("c"))).refuses(403, metav1.StatusReasonForbidden,
			`queries.ark.ai "c" is forbidden: exceeded quota: quota, requested: count/queries.ark.ai=1, used: count/queries.ark.ai=2, limited: count/queries.ark.ai=2`)
		By("leaving what is there, and other kinds, alone")
		patched(ctx, namespace, "a", setPhase("done"), "status")
		send(ctx, http.MethodPost, path(namespace, "memories"), manifest("Memory", "c")).succeeds(201)

		deleted(ctx, namespace, "a")
		Eventually(used(ctx), controllerTimeout).Should(Equal("1"))
		// Admission hears of it as late as everybody.
		Eventually(func() int {
			return send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(query("c"))).Code
		}, controllerTimeout).Should(Equal(201))
		Eventually(used(ctx), controllerTimeout).Should(Equal("2"))
	})

	It("is not used up by a dry run or a refused object", func(ctx context.Context) {
		for range 3 {
			send(ctx, http.MethodPost, path(namespace, "queries")+"?dryRun=All", jsonOf(query("a"))).succeeds(201)
		}
		created(ctx, namespace, query("a"))
		created(ctx, namespace, query("b"))
		Eventually(used(ctx), controllerTimeout).Should(Equal("2"))
	})

	It("lets exactly as many through as fit, however many come at once", func(ctx context.Context) {
		codes := make([]int, 12)
		inParallel(len(codes), func(i int) {
			q := query("")
			q.GenerateName = "q-"
			codes[i] = send(ctx, http.MethodPost, path(namespace, "queries"), jsonOf(q)).Code
		})
		Expect(codes).To(HaveEach(BeElementOf(201, 403, 409)))
		// A collision of quota updates, 409, is for the client to try again.
		for len(listed(ctx, namespace, metav1.ListOptions{}).Items) < 2 {
			q := query("")
			q.GenerateName = "q-"
			_, err := queries(namespace).Create(ctx, q, metav1.CreateOptions{})
			Expect(err == nil || apierrors.IsConflict(err)).To(BeTrue(), "%v", err)
		}
		Expect(listed(ctx, namespace, metav1.ListOptions{}).Items).To(HaveLen(2))
	})
})
