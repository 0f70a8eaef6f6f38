package machinery_test

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("Creation", func() {
	var namespace, collection string

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		collection = path(namespace, "queries")
	})

	post := func(ctx context.Context, q *v1alpha1.Query) answer {
		GinkgoHelper()
		return send(ctx, http.MethodPost, collection, jsonOf(q))
	}

	It("answers with the object as it is stored", func(ctx context.Context) {
		answer := post(ctx, query("q")).succeeds(201)
		object := answer.object()
		Expect(object.GetUID()).NotTo(BeEmpty())
		Expect(object.GetCreationTimestamp().Time).NotTo(BeZero())
		Expect(object.GetGeneration()).To(BeEquivalentTo(1))
		Expect(object.GetNamespace()).To(Equal(namespace))
		Expect(object.GetResourceVersion()).NotTo(BeEmpty())
		Expect(object.GetSelfLink()).To(BeEmpty())
		Expect(get(ctx, path(namespace, "queries", "q")).succeeds(200).Body).To(Equal(answer.Body))
	})

	It("generates names", func(ctx context.Context) {
		names := map[string]bool{}
		for range 20 {
			q := query("")
			q.GenerateName = "ask-"
			name := post(ctx, q).succeeds(201).object().GetName()
			Expect(name).To(MatchRegexp(`^ask-[a-z0-9]{5}$`))
			names[name] = true
		}
		Expect(names).To(HaveLen(20))
	})

	It("cuts long prefixes of generated names", func(ctx context.Context) {
		q := query("")
		q.GenerateName = strings.Repeat("a", 240)
		name := post(ctx, q).succeeds(201).object().GetName()
		Expect(name).To(MatchRegexp(`^a{58,240}[a-z0-9]{5}$`))
	})

	It("takes a name before a prefix", func(ctx context.Context) {
		q := query("named")
		q.GenerateName = "ask-"
		Expect(post(ctx, q).succeeds(201).object().GetName()).To(Equal("named"))
	})

	It("is refused if the name is taken", func(ctx context.Context) {
		post(ctx, query("q")).succeeds(201)
		status := post(ctx, query("q")).refuses(409, metav1.StatusReasonAlreadyExists, `queries.ark.ai "q" already exists`)
		Expect(status.Details).To(HaveValue(Equal(metav1.StatusDetails{Name: "q", Group: "ark.ai", Kind: "queries"})))
	})

	It("ignores what only the server may set", func(ctx context.Context) {
		q := query("q")
		q.UID, q.Generation, q.SelfLink = "mine", 7, "/mine" //nolint:staticcheck // deprecated, not gone
		q.CreationTimestamp = metav1.Unix(1, 0)
		q.DeletionTimestamp = &q.CreationTimestamp
		q.Status.Phase = v1alpha1.QueryDone
		object := post(ctx, q).succeeds(201).object()
		Expect(object.GetUID()).NotTo(BeEquivalentTo("mine"))
		Expect(object.GetGeneration()).To(BeEquivalentTo(1))
		Expect(object.GetCreationTimestamp().Unix()).To(BeNumerically(">", 1))
		Expect(object.GetDeletionTimestamp()).To(BeNil())
		Expect(object.Object).NotTo(HaveKeyWithValue("status", HaveKey("phase")))
	})

	It("is refused with a resourceVersion", func(ctx context.Context) {
		q := query("q")
		q.ResourceVersion = "1"
		post(ctx, q).refuses(500, "", "resourceVersion should not be set on objects to be created")
	})

	It("is refused if the object is of another kind than the path", func(ctx context.Context) {
		// Kubernetes has 400 for kinds of its own and 422 for custom resources.
		Expect(send(ctx, http.MethodPost, collection, manifest("Agent", "q")).Code).To(BeElementOf(400, 422))
		get(ctx, path(namespace, "queries", "q")).refuses(404, metav1.StatusReasonNotFound, "")
	})

	DescribeTable("is refused if the object is not what the path says", func(ctx context.Context, change func(*v1alpha1.Query), message string) {
		q := query("q")
		change(q)
		post(ctx, q).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("another namespace", func(q *v1alpha1.Query) { q.Namespace = "elsewhere" },
			"the namespace of the provided object does not match the namespace sent on the request"),
		Entry("another version", func(q *v1alpha1.Query) { q.APIVersion = "ark.ai/v1" }, "ark.ai/v1"),
		Entry("another group", func(q *v1alpha1.Query) { q.APIVersion = "apps/v1" }, "apps/v1"),
	)

	DescribeTable("is refused if the metadata is malformed", func(ctx context.Context, change func(*v1alpha1.Query), want ...string) {
		q := query("q")
		change(q)
		Expect(causes(post(ctx, q).refuses(422, metav1.StatusReasonInvalid, ""))).To(ConsistOf(want))
	},
		Entry("no name", func(q *v1alpha1.Query) { q.Name = "" }, "metadata.name FieldValueRequired"),
		Entry("upper case", func(q *v1alpha1.Query) { q.Name = "Q" }, "metadata.name FieldValueInvalid"),
		Entry("a slash", func(q *v1alpha1.Query) { q.Name = "a/b" }, "metadata.name FieldValueInvalid"),
		Entry("two dots", func(q *v1alpha1.Query) { q.Name = ".." }, "metadata.name FieldValueInvalid"),
		Entry("a name of 254 characters", func(q *v1alpha1.Query) { q.Name = strings.Repeat("a", 254) }, "metadata.name FieldValueInvalid"),
		Entry("a prefix that no name begins with", func(q *v1alpha1.Query) { q.Name, q.GenerateName = "", "Q_" },
			"metadata.generateName FieldValueInvalid", "metadata.name FieldValueInvalid"),
		Entry("a label value of 64 characters", func(q *v1alpha1.Query) { q.Labels = map[string]string{"a": strings.Repeat("a", 64)} }, "metadata.labels FieldValueInvalid"),
		Entry("a label key of 64 characters", func(q *v1alpha1.Query) { q.Labels = map[string]string{strings.Repeat("a", 64): ""} }, "metadata.labels FieldValueInvalid"),
		Entry("a label value with a space", func(q *v1alpha1.Query) { q.Labels = map[string]string{"a": "a b"} }, "metadata.labels FieldValueInvalid"),
		Entry("an annotation key with a space", func(q *v1alpha1.Query) { q.Annotations = map[string]string{"a b": ""} }, "metadata.annotations FieldValueInvalid"),
		Entry("annotations of more than 256 KiB", func(q *v1alpha1.Query) { q.Annotations = map[string]string{"a": strings.Repeat("a", 256<<10)} }, "metadata.annotations FieldValueTooLong"),
		Entry("several mistakes", func(q *v1alpha1.Query) { q.Name, q.Labels = "Q", map[string]string{"a": "-"} },
			"metadata.name FieldValueInvalid", "metadata.labels FieldValueInvalid"),
	)

	It("takes what is just within the limits", func(ctx context.Context) {
		q := query(strings.Repeat("a", 253))
		q.Labels = map[string]string{strings.Repeat("b", 63): strings.Repeat("c", 63), strings.Repeat("d.", 126) + "d/e": ""}
		q.Annotations = map[string]string{"a": strings.Repeat("a", 256<<10-1)}
		post(ctx, q).succeeds(201)
		got, err := queries(namespace).Get(ctx, q.Name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(got.Labels).To(Equal(q.Labels))
		Expect(got.Annotations).To(Equal(q.Annotations))
	})

	It("is won by exactly one of many who create the same", func(ctx context.Context) {
		codes := make([]int, 20)
		inParallel(len(codes), func(i int) { codes[i] = post(ctx, query("wanted")).Code })
		Expect(codes).To(ContainElement(201, &[]int{}))
		won := 0
		for _, code := range codes {
			Expect(code).To(BeElementOf(201, 409))
			if code == 201 {
				won++
			}
		}
		Expect(won).To(Equal(1))
	})
})
