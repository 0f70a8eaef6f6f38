package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// A tenant has a namespace. What is known of another tenant's objects, their UIDs even, is no way
// to get at them.
var _ = Describe("Garbage collection among tenants", func() {
	var mallory, victim string

	BeforeEach(func(ctx context.Context) { mallory, victim = framework.Namespace(ctx), framework.Namespace(ctx) })

	// family is a query of the victim's with one that belongs to it.
	family := func(ctx context.Context) (top, leaf *v1alpha1.Query) {
		GinkgoHelper()
		top = created(ctx, victim, query("top"))
		return top, created(ctx, victim, ownedBy("leaf", top, true))
	}
	// claiming is a query of Mallory's that says who owns it.
	claiming := func(name string, owners ...metav1.OwnerReference) *v1alpha1.Query {
		q := query(name)
		q.OwnerReferences = owners
		return q
	}
	reference := func(version, kind, name string, uid types.UID) metav1.OwnerReference {
		return metav1.OwnerReference{APIVersion: version, Kind: kind, Name: name, UID: uid, BlockOwnerDeletion: new(true)}
	}
	// collected waits until all of a namespace is, and until the collector has seen what is made
	// after that.
	collected := func(ctx context.Context, namespace string) {
		GinkgoHelper()
		empty := func() []string { return names(listed(ctx, namespace, metav1.ListOptions{})) }
		Eventually(empty, controllerTimeout).Should(BeEmpty())
		created(ctx, namespace, claiming("last", reference("ark.ai/v1alpha1", "Query", "imagined", "6a4b8f4e-0000-4000-8000-000000000000")))
		Eventually(empty, controllerTimeout).Should(BeEmpty())
	}
	// untouched wants queries to be as they were.
	untouched := func(ctx context.Context, all ...*v1alpha1.Query) {
		GinkgoHelper()
		for _, q := range all {
			got, err := queries(q.Namespace).Get(ctx, q.Name, metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			Expect(got.ResourceVersion).To(Equal(q.ResourceVersion), q.Name)
		}
	}

	It("deletes what claims an owner in another namespace, and not the owner, nor what that has", func(ctx context.Context) {
		top, leaf := family(ctx)
		created(ctx, mallory, claiming("by-name", reference("ark.ai/v1alpha1", "Query", "top", top.UID)))
		created(ctx, mallory, claiming("by-version", reference("ark.ai/v1prealpha1", "A2AServer", "top", top.UID)))
		created(ctx, mallory, claiming("by-other-name", reference("ark.ai/v1alpha1", "Query", "elsewhere", top.UID)))
		created(ctx, mallory, claiming("by-other-kind", reference("ark.ai/v1alpha1", "Agent", "top", top.UID)))
		created(ctx, mallory, claiming("by-other-group", reference("v1", "ConfigMap", "top", leaf.UID)))
		created(ctx, mallory, claiming("by-cluster-wide-kind", reference("v1", "Namespace", victim, top.UID)))
		created(ctx, mallory, claiming("by-cluster-wide-ark-kind", reference("ark.ai/v1alpha1", "ArkConfig", victim, leaf.UID)))
		collected(ctx, mallory)
		untouched(ctx, top, leaf)
	})

	It("does not know an owner that nobody has seen yet by what others say about it", func(ctx context.Context) {
		// The UID is that of no object yet when it is claimed: a collector that starts sees
		// dependents before owners, too.
		top := created(ctx, victim, query("top"))
		for _, kind := range []string{"Agent", "Model", "Team"} {
			created(ctx, mallory, claiming("by-"+kindOf(kind).Plural, reference("ark.ai/v1alpha1", kind, "top", top.UID)))
		}
		leaf := created(ctx, victim, ownedBy("leaf", top, true))
		collected(ctx, mallory)
		untouched(ctx, top, leaf)
	})

	It("is not kept from deleting by what others claim", func(ctx context.Context) {
		top, _ := family(ctx)
		held := claiming("held", reference("ark.ai/v1alpha1", "Query", "top", top.UID))
		held.Finalizers = []string{finalizer}
		created(ctx, mallory, held)
		Expect(queries(victim).Delete(ctx, "top", propagation(metav1.DeletePropagationBackground))).To(Succeed())
		Expect(isGone(ctx, victim, "top")).To(BeTrue())
		Eventually(func() bool { return isGone(ctx, victim, "leaf") }, controllerTimeout).Should(BeTrue())
		release(ctx, mallory, "held")
		collected(ctx, mallory)
	})

	It("keeps a cluster-wide object that is claimed with a UID that it does not have", func(ctx context.Context) {
		one := "/apis/ark.ai/v1alpha1/arkconfigs/" + victim
		config := send(ctx, http.MethodPost, "/apis/ark.ai/v1alpha1/arkconfigs", manifest("ArkConfig", victim)).succeeds(201).object()
		DeferCleanup(func(ctx context.Context) { send(ctx, http.MethodDelete, one, "") })
		created(ctx, mallory, claiming("claims", reference("ark.ai/v1alpha1", "ArkConfig", victim, "6a4b8f4e-0000-4000-8000-000000000001")))
		collected(ctx, mallory)
		Expect(get(ctx, one).succeeds(200).object().GetResourceVersion()).To(Equal(config.GetResourceVersion()))
	})

	It("keeps a cluster-wide object that says it belongs to one in a namespace", func(ctx context.Context) {
		top := created(ctx, mallory, query("top"))
		config := parsed([]byte(manifest("ArkConfig", victim)))
		config.SetOwnerReferences([]metav1.OwnerReference{reference("ark.ai/v1alpha1", "Query", "top", top.UID)})
		one := "/apis/ark.ai/v1alpha1/arkconfigs/" + victim
		send(ctx, http.MethodPost, "/apis/ark.ai/v1alpha1/arkconfigs", jsonOf(config)).succeeds(201)
		DeferCleanup(func(ctx context.Context) { send(ctx, http.MethodDelete, one, "") })
		Expect(queries(mallory).Delete(ctx, "top", propagation(metav1.DeletePropagationBackground))).To(Succeed())
		collected(ctx, mallory)
		get(ctx, one).succeeds(200)
	})

	DescribeTable("gets rid of owners that own each other", func(ctx context.Context, policy metav1.DeletionPropagation) {
		first := created(ctx, mallory, query("first"))
		second := created(ctx, mallory, ownedBy("second", first, true))
		third := created(ctx, mallory, ownedBy("third", second, true))
		patched(ctx, mallory, "first", jsonOf(map[string]any{"metadata": map[string]any{
			"ownerReferences": []metav1.OwnerReference{owner("Query", "third", third.UID, true)},
		}}))
		top, leaf := family(ctx)
		Expect(queries(mallory).Delete(ctx, "second", propagation(policy))).To(Succeed())
		collected(ctx, mallory)
		untouched(ctx, top, leaf)
	},
		Entry("in the background", metav1.DeletePropagationBackground),
		Entry("in the foreground", metav1.DeletePropagationForeground),
	)
})
