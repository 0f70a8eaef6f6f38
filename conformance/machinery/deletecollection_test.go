package machinery_test

import (
	"context"
	"fmt"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Deletion of a collection", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		for _, name := range []string{"a", "b", "c", "d"} {
			created(ctx, namespace, labelled(name, map[string]string{"group": fmt.Sprint(name < "c")}))
		}
		patched(ctx, namespace, "a", setPhase("done"), "status")
	})

	remaining := func(ctx context.Context) []string {
		GinkgoHelper()
		return names(listed(ctx, namespace, metav1.ListOptions{}))
	}

	It("deletes everything, and says what", func(ctx context.Context) {
		elsewhere := framework.Namespace(ctx)
		created(ctx, elsewhere, query("a"))
		list := send(ctx, http.MethodDelete, path(namespace, "queries"), "").succeeds(200)
		Expect(list.object().GetKind()).To(Equal("QueryList"))
		Expect(itemNames(list)).To(ConsistOf("a", "b", "c", "d"))
		Expect(remaining(ctx)).To(BeEmpty())
		Expect(names(listed(ctx, elsewhere, metav1.ListOptions{}))).To(Equal([]string{"a"}))
	})

	DescribeTable("deletes what is selected", func(ctx context.Context, selection metav1.ListOptions, want ...string) {
		Expect(queries(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, selection)).To(Succeed())
		Expect(remaining(ctx)).To(Equal(want))
	},
		Entry("by label", metav1.ListOptions{LabelSelector: "group=true"}, "c", "d"),
		Entry("by name", metav1.ListOptions{FieldSelector: "metadata.name!=c"}, "c"),
		Entry("by field", metav1.ListOptions{FieldSelector: "status.phase=done"}, "b", "c", "d"),
		Entry("by label and field", metav1.ListOptions{LabelSelector: "group=true", FieldSelector: "status.phase!=done"}, "a", "c", "d"),
		Entry("nothing", metav1.ListOptions{LabelSelector: "group=none"}, "a", "b", "c", "d"),
	)

	It("deletes one page, if a limit is given", func(ctx context.Context) {
		list := send(ctx, http.MethodDelete, path(namespace, "queries")+"?limit=3", "").succeeds(200)
		Expect(itemNames(list)).To(Equal([]string{"a", "b", "c"}))
		Expect(list.object().GetContinue()).NotTo(BeEmpty())
		Expect(remaining(ctx)).To(Equal([]string{"d"}))
	})

	It("only pretends to in a dry run", func(ctx context.Context) {
		Expect(queries(namespace).DeleteCollection(ctx, metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}, metav1.ListOptions{})).To(Succeed())
		Expect(remaining(ctx)).To(Equal([]string{"a", "b", "c", "d"}))
	})

	It("waits for finalizers", func(ctx context.Context) {
		created(ctx, namespace, held("held"))
		Expect(queries(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})).To(Succeed())
		list := listed(ctx, namespace, metav1.ListOptions{})
		Expect(names(list)).To(Equal([]string{"held"}))
		Expect(list.Items[0].DeletionTimestamp).NotTo(BeNil())
		release(ctx, namespace, "held")
	})

	It("passes the policy on", func(ctx context.Context) {
		a, err := queries(namespace).Get(ctx, "a", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		created(ctx, namespace, ownedBy("orphan", a, false))
		Expect(queries(namespace).DeleteCollection(ctx, propagation(metav1.DeletePropagationOrphan), metav1.ListOptions{LabelSelector: "group"})).To(Succeed())
		Eventually(func() []string { return remaining(ctx) }, controllerTimeout).Should(Equal([]string{"orphan"}))
		orphan, err := queries(namespace).Get(ctx, "orphan", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(orphan.OwnerReferences).To(BeEmpty())
	})

	It("is seen by watches object by object", func(ctx context.Context) {
		list := listed(ctx, namespace, metav1.ListOptions{})
		Expect(queries(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})).To(Succeed())
		watch(ctx, path(namespace, "queries"), "resourceVersion="+list.ResourceVersion).
			seesAll("DELETED a", "DELETED b", "DELETED c", "DELETED d")
	})

	It("refuses selectors that are none, and deletes nothing", func(ctx context.Context) {
		send(ctx, http.MethodDelete, path(namespace, "queries")+"?fieldSelector=spec.input%3D1h", "").
			refuses(400, metav1.StatusReasonBadRequest, "field label not supported: spec.input")
		send(ctx, http.MethodDelete, path(namespace, "queries")+"?labelSelector=a%3Db%3Dc", "").
			refuses(400, metav1.StatusReasonBadRequest, "found '='")
		Expect(remaining(ctx)).To(HaveLen(4))
	})
})
