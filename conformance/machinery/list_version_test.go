package machinery_test

import (
	"context"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

const (
	exact        = metav1.ResourceVersionMatchExact
	notOlderThan = metav1.ResourceVersionMatchNotOlderThan
)

var _ = Describe("A list at a resourceVersion", func() {
	var namespace, old, current string

	// a was there at old; now there are a, in another phase, and b.
	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		old = created(ctx, namespace, query("a")).ResourceVersion
		patched(ctx, namespace, "a", setPhase("running"), "status")
		current = created(ctx, namespace, query("b")).ResourceVersion
	})

	It("is exactly that state", func(ctx context.Context) {
		list := listed(ctx, namespace, metav1.ListOptions{ResourceVersion: old, ResourceVersionMatch: exact})
		Expect(names(list)).To(Equal([]string{"a"}))
		Expect(list.Items[0].Status.Phase).To(BeEmpty())
		Expect(list.Items[0].ResourceVersion).To(Equal(old))
		Expect(list.ResourceVersion).To(Equal(old))
	})

	It("is exactly that state in pages too", func(ctx context.Context) {
		first := listed(ctx, namespace, metav1.ListOptions{ResourceVersion: current, ResourceVersionMatch: exact, Limit: 1})
		Expect(names(first)).To(Equal([]string{"a"}))
		Expect(first.ResourceVersion).To(Equal(current))
		deleted(ctx, namespace, "b")
		second := listed(ctx, namespace, metav1.ListOptions{Continue: first.Continue, Limit: 1})
		Expect(names(second)).To(Equal([]string{"b"}))
		Expect(second.ResourceVersion).To(Equal(current))
	})

	It("has what was deleted since", func(ctx context.Context) {
		deleted(ctx, namespace, "a")
		deleted(ctx, namespace, "b")
		Expect(names(listed(ctx, namespace, metav1.ListOptions{ResourceVersion: current, ResourceVersionMatch: exact}))).To(Equal([]string{"a", "b"}))
	})

	It("with a limit and no match is exactly that state, for clients of old", func(ctx context.Context) {
		list := listed(ctx, namespace, metav1.ListOptions{ResourceVersion: old, Limit: 5})
		Expect(names(list)).To(Equal([]string{"a"}))
		Expect(list.ResourceVersion).To(Equal(old))
	})

	It("is a state not older than that", func(ctx context.Context) {
		for _, match := range []metav1.ResourceVersionMatch{notOlderThan, ""} {
			list := listed(ctx, namespace, metav1.ListOptions{ResourceVersion: current, ResourceVersionMatch: match})
			Expect(names(list)).To(Equal([]string{"a", "b"}))
			Expect(revision(list.ResourceVersion)).To(BeNumerically(">=", revision(current)))
		}
		paged := listed(ctx, namespace, metav1.ListOptions{ResourceVersion: current, ResourceVersionMatch: notOlderThan, Limit: 1})
		Expect(names(paged)).To(Equal([]string{"a"}))
		Expect(names(listed(ctx, namespace, metav1.ListOptions{Continue: paged.Continue}))).To(Equal([]string{"b"}))
	})

	It("is any state if it is 0, and soon the current one", func(ctx context.Context) {
		for _, match := range []metav1.ResourceVersionMatch{notOlderThan, ""} {
			Eventually(func() []string {
				return names(listed(ctx, namespace, metav1.ListOptions{ResourceVersion: "0", ResourceVersionMatch: match}))
			}).Should(Equal([]string{"a", "b"}))
		}
	})

	It("is refused, to be tried again, if that is in the future", func(ctx context.Context) {
		future := strconv.FormatInt(revision(current)+1_000_000, 10)
		for _, parameters := range []string{"", "&resourceVersionMatch=NotOlderThan"} {
			answer := get(ctx, path(namespace, "queries")+"?resourceVersion="+future+parameters)
			status := answer.refuses(504, metav1.StatusReasonTimeout, "Too large resource version: "+future+", current: ")
			Expect(causes(status)).To(ConsistOf(" ResourceVersionTooLarge"))
			Expect(status.Details.RetryAfterSeconds).To(BeEquivalentTo(1))
		}
	})

	DescribeTable("is refused if the parameters contradict each other", func(ctx context.Context, parameters, message string, want ...string) {
		status := get(ctx, arkVersion+"/queries?"+parameters).refuses(422, metav1.StatusReasonInvalid, message)
		Expect(causes(status)).To(ConsistOf(want))
		Expect(status.Details.Group).To(Equal("meta.k8s.io"))
		Expect(status.Details.Kind).To(Equal("ListOptions"))
	},
		Entry("a match without a resourceVersion", "resourceVersionMatch=Exact",
			"resourceVersionMatch is forbidden unless resourceVersion is provided", "resourceVersionMatch FieldValueForbidden"),
		Entry("exactly any", "resourceVersionMatch=Exact&resourceVersion=0",
			`resourceVersionMatch "exact" is forbidden for resourceVersion "0"`, "resourceVersionMatch FieldValueForbidden"),
		Entry("an unknown match", "resourceVersionMatch=Newer&resourceVersion=1",
			`Unsupported value: "Newer"`, "resourceVersionMatch FieldValueNotSupported"),
		Entry("initial events", "sendInitialEvents=true",
			"sendInitialEvents is forbidden for list", "sendInitialEvents FieldValueForbidden"),
		Entry("two mistakes", "resourceVersionMatch=Newer",
			"", "resourceVersionMatch FieldValueForbidden", "resourceVersionMatch FieldValueNotSupported"),
	)

	DescribeTable("is refused if a parameter is malformed", func(ctx context.Context, parameters, message string) {
		get(ctx, arkVersion+"/queries?"+parameters).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("resourceVersion", "resourceVersion=new", "invalid resource version"),
		Entry("resourceVersion of an exact list", "resourceVersion=-1&resourceVersionMatch=Exact", "invalid resource version"),
		Entry("limit", "limit=many", "invalid syntax"),
	)
})

var _ = Describe("Reading an object", func() {
	var namespace, current string

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		created(ctx, namespace, query("a"))
		current = patched(ctx, namespace, "a", setPhase("running"), "status").ResourceVersion
	})

	It("gives the newest, or one not older than a resourceVersion", func(ctx context.Context) {
		for _, version := range []string{"", current} {
			got, err := queries(namespace).Get(ctx, "a", metav1.GetOptions{ResourceVersion: version})
			Expect(err).NotTo(HaveOccurred())
			Expect(got.ResourceVersion).To(Equal(current))
		}
		Eventually(func() string {
			got, err := queries(namespace).Get(ctx, "a", metav1.GetOptions{ResourceVersion: "0"})
			Expect(err).NotTo(HaveOccurred())
			return got.ResourceVersion
		}).Should(Equal(current))
	})

	It("is refused if the resourceVersion is in the future", func(ctx context.Context) {
		future := strconv.FormatInt(revision(current)+1_000_000, 10)
		get(ctx, path(namespace, "queries", "a")+"?resourceVersion="+future).
			refuses(504, metav1.StatusReasonTimeout, "Too large resource version: "+future)
	})

	It("says what is not there", func(ctx context.Context) {
		status := get(ctx, path(namespace, "queries", "none")).refuses(404, metav1.StatusReasonNotFound, `queries.ark.ai "none" not found`)
		Expect(status.Details).To(HaveValue(Equal(metav1.StatusDetails{Name: "none", Group: "ark.ai", Kind: "queries"})))
		get(ctx, path(namespace+"-missing", "queries", "a")).refuses(404, metav1.StatusReasonNotFound, `queries.ark.ai "a" not found`)
	})
})
