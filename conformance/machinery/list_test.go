package machinery_test

import (
	"context"
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// names of the items, in their order.
func names(list *v1alpha1.QueryList) []string {
	all := []string{}
	for _, item := range list.Items {
		all = append(all, item.Name)
	}
	return all
}

// listed is a list of Queries.
func listed(ctx context.Context, namespace string, options metav1.ListOptions) *v1alpha1.QueryList {
	GinkgoHelper()
	list, err := queries(namespace).List(ctx, options)
	Expect(err).NotTo(HaveOccurred())
	return list
}

var _ = Describe("A list", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	It("has an empty array of items if there are none", func(ctx context.Context) {
		body := get(ctx, path(namespace, "queries")).succeeds(200).Body
		Expect(body).To(ContainSubstring(`"items":[]`))
		Expect(get(ctx, path(namespace, "queries")+"?limit=5").succeeds(200).Body).To(ContainSubstring(`"items":[]`))
		Expect(get(ctx, path(namespace, "queries")+"?resourceVersion=0").succeeds(200).Body).To(ContainSubstring(`"items":[]`))
		Expect(get(ctx, path(namespace, "queries")+"?fieldSelector=metadata.name%3Dnone").succeeds(200).Body).To(ContainSubstring(`"items":[]`))
		list := get(ctx, path(namespace, "queries")).object()
		Expect(list.GetKind()).To(Equal("QueryList"))
		Expect(list.GetAPIVersion()).To(Equal("ark.ai/v1alpha1"))
		Expect(list.GetResourceVersion()).NotTo(BeEmpty())
	})

	It("is in the order of names, whatever the order of creation", func(ctx context.Context) {
		for _, name := range []string{"m", "a.b", "z", "a", "a-b", "a1", "ab", "b"} {
			created(ctx, namespace, query(name))
		}
		want := []string{"a", "a-b", "a.b", "a1", "ab", "b", "m", "z"}
		Expect(names(listed(ctx, namespace, metav1.ListOptions{}))).To(Equal(want))
		Expect(names(listed(ctx, namespace, metav1.ListOptions{ResourceVersion: "0"}))).To(ConsistOf(want))
	})

	It("of all namespaces is in the order of namespaces, then names", func(ctx context.Context) {
		var want []string
		label := map[string]string{"spec": namespace}
		for _, in := range []string{namespace, framework.Namespace(ctx), framework.Namespace(ctx)} {
			for _, name := range []string{"b", "a"} {
				created(ctx, in, labelled(name, label))
				want = append(want, in+"/"+name)
			}
		}
		slices.Sort(want)
		for _, limit := range []int64{0, 4} {
			var got []string
			options := metav1.ListOptions{LabelSelector: "spec=" + namespace, Limit: limit}
			for {
				list := listed(ctx, "", options)
				for _, item := range list.Items {
					got = append(got, item.Namespace+"/"+item.Name)
				}
				if options.Continue = list.Continue; options.Continue == "" {
					break
				}
			}
			Expect(got).To(Equal(want), "limit %d", limit)
		}
	})

	It("has a resourceVersion that is not older than any of its items, and shows one's own write", func(ctx context.Context) {
		for i := range 20 {
			q := created(ctx, namespace, query(fmt.Sprintf("q-%02d", i)))
			list := listed(ctx, namespace, metav1.ListOptions{})
			Expect(list.Items).To(HaveLen(i + 1))
			Expect(revision(list.ResourceVersion)).To(BeNumerically(">=", revision(q.ResourceVersion)))
			for _, item := range list.Items {
				Expect(revision(item.ResourceVersion)).To(BeNumerically("<=", revision(list.ResourceVersion)))
			}
		}
	})

	It("has a resourceVersion that rises with a deletion too", func(ctx context.Context) {
		q := created(ctx, namespace, query("q"))
		deleted(ctx, namespace, "q")
		list := listed(ctx, namespace, metav1.ListOptions{})
		Expect(revision(list.ResourceVersion)).To(BeNumerically(">", revision(q.ResourceVersion)))
		By("being where a watch goes on")
		w := watch(ctx, path(namespace, "queries"), "resourceVersion="+list.ResourceVersion)
		created(ctx, namespace, query("next"))
		w.sees("ADDED next")
	})

	It("has items with apiVersion and kind, as those of custom resources have", func(ctx context.Context) {
		created(ctx, namespace, query("q"))
		for _, parameters := range []string{"", "?limit=1", "?resourceVersion=0"} {
			Eventually(func() any { return get(ctx, path(namespace, "queries")+parameters).object().Object["items"] }).
				Should(ConsistOf(And(HaveKeyWithValue("apiVersion", "ark.ai/v1alpha1"), HaveKeyWithValue("kind", "Query"))), parameters)
		}
	})
})
