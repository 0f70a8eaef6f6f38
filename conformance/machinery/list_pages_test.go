package machinery_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A list in pages", func() {
	It("is a snapshot, whatever is created, changed and deleted between the pages", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		for _, name := range []string{"b", "d", "f", "h", "j"} {
			created(ctx, namespace, query(name))
		}
		first := listed(ctx, namespace, metav1.ListOptions{Limit: 2})
		Expect(names(first)).To(Equal([]string{"b", "d"}))
		Expect(first.RemainingItemCount).To(HaveValue(BeEquivalentTo(3)))

		created(ctx, namespace, query("a"))
		created(ctx, namespace, query("g"))
		deleted(ctx, namespace, "h")
		patched(ctx, namespace, "f", setPhase("done"), "status")

		second := listed(ctx, namespace, metav1.ListOptions{Limit: 2, Continue: first.Continue})
		Expect(names(second)).To(Equal([]string{"f", "h"}))
		Expect(second.Items[0].Status.Phase).To(BeEmpty())
		Expect(second.ResourceVersion).To(Equal(first.ResourceVersion))
		Expect(second.RemainingItemCount).To(HaveValue(BeEquivalentTo(1)))

		third := listed(ctx, namespace, metav1.ListOptions{Limit: 2, Continue: second.Continue})
		Expect(names(third)).To(Equal([]string{"j"}))
		Expect(third.ResourceVersion).To(Equal(first.ResourceVersion))
		Expect(third.Continue).To(BeEmpty())
		Expect(third.RemainingItemCount).To(BeNil())

		By("reading the rest in one page")
		rest := listed(ctx, namespace, metav1.ListOptions{Continue: first.Continue})
		Expect(names(rest)).To(Equal([]string{"f", "h", "j"}))

		By("watching from the snapshot")
		watch(ctx, path(namespace, "queries"), "resourceVersion="+first.ResourceVersion).
			sees("ADDED a", "ADDED g", "DELETED h", "MODIFIED f")
	})

	It("does not say how many remain if a selector would have to be tried on them", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		for i := range 6 {
			created(ctx, namespace, labelled(fmt.Sprintf("q-%d", i), map[string]string{"even": fmt.Sprint(i%2 == 0)}))
		}
		first := listed(ctx, namespace, metav1.ListOptions{Limit: 2, LabelSelector: "even=true"})
		Expect(names(first)).To(Equal([]string{"q-0", "q-2"}))
		Expect(first.RemainingItemCount).To(BeNil())
		second := listed(ctx, namespace, metav1.ListOptions{Limit: 2, LabelSelector: "even=true", Continue: first.Continue})
		Expect(names(second)).To(Equal([]string{"q-4"}))
		Expect(second.Continue).To(BeEmpty())
	})

	It("reads 1,200 objects, each once", func(ctx context.Context) {
		const objects, page = 1200, 500
		namespace := framework.Namespace(ctx)
		inParallel(12, func(i int) {
			for n := i; n < objects; n += 12 {
				created(ctx, namespace, query(fmt.Sprintf("q-%04d", n)))
			}
		})
		var want, got []string
		for n := range objects {
			want = append(want, fmt.Sprintf("q-%04d", n))
		}
		var sizes []int
		var remaining []int64
		options := metav1.ListOptions{Limit: page}
		for {
			list := listed(ctx, namespace, options)
			got, sizes = append(got, names(list)...), append(sizes, len(list.Items))
			if list.RemainingItemCount != nil {
				remaining = append(remaining, *list.RemainingItemCount)
			}
			if options.Continue = list.Continue; options.Continue == "" {
				break
			}
		}
		Expect(got).To(Equal(want))
		Expect(sizes).To(Equal([]int{500, 500, 200}))
		Expect(remaining).To(Equal([]int64{700, 200}))
		Expect(listed(ctx, namespace, metav1.ListOptions{}).Items).To(HaveLen(objects))
	})
})

var _ = Describe("A continue token", func() {
	token := func(text string) string {
		return "continue=" + base64.RawURLEncoding.EncodeToString([]byte(text))
	}

	DescribeTable("is refused if it is none", func(ctx context.Context, parameters, message string) {
		get(ctx, arkVersion+"/queries?limit=2&"+parameters).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("no base64", "continue=***", "invalid continue token: continue key is not valid"),
		Entry("no JSON", token("nonsense"), "invalid continue token: continue key is not valid"),
		Entry("of an unknown version", token(`{"v":"v2","rv":1,"start":"x"}`), "continue key is not valid: server does not recognize this encoded version"),
		Entry("without a resourceVersion", token(`{"v":"meta.k8s.io/v1","start":"x"}`), "incorrect encoded start resourceVersion"),
		Entry("without a key", token(`{"v":"meta.k8s.io/v1","rv":1}`), "encoded start key empty"),
		Entry("that leaves the resource", token(`{"v":"meta.k8s.io/v1","rv":1,"start":"../../../agents/x"}`), "continue key is not valid"),
	)

	It("excludes other ways to choose a snapshot", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		created(ctx, namespace, query("a"))
		created(ctx, namespace, query("b"))
		first := listed(ctx, namespace, metav1.ListOptions{Limit: 1})
		next := path(namespace, "queries") + "?limit=1&continue=" + url.QueryEscape(first.Continue)
		get(ctx, next+"&resourceVersion="+first.ResourceVersion).
			refuses(400, metav1.StatusReasonBadRequest, "specifying resource version is not allowed when using continue")
		status := get(ctx, next+"&resourceVersion="+first.ResourceVersion+"&resourceVersionMatch=Exact").
			refuses(422, metav1.StatusReasonInvalid, "resourceVersionMatch is forbidden when continue is provided")
		Expect(causes(status)).To(ConsistOf("resourceVersionMatch FieldValueForbidden"))
		Expect(get(ctx, next+"&resourceVersion=0").succeeds(200).object().Object["items"]).To(HaveLen(1))
	})

	It("goes on at the current state if it says so", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		for _, name := range []string{"a", "b", "c"} {
			created(ctx, namespace, query(name))
		}
		// What Expired answers, to tokens whose snapshot is gone, tell clients to use.
		current := token(`{"v":"meta.k8s.io/v1","rv":-1,"start":"b\u0000"}`)
		got := get(ctx, path(namespace, "queries")+"?"+current).succeeds(200).object()
		Expect(got.Object["items"]).To(HaveExactElements(HaveKeyWithValue("metadata", HaveKeyWithValue("name", "c"))))
	})
})
