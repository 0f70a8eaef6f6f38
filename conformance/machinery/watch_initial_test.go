package machinery_test

import (
	"context"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

// watchList are the parameters of a watch that begins with a list.
const watchList = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"

// endsInitialEvents is whether an event says that the initial events are over.
func endsInitialEvents(e event) bool {
	return e.Type == "BOOKMARK" && e.Object.GetAnnotations()[metav1.InitialEventsAnnotationKey] == "true"
}

// seesAmongBookmarks expects these events until the server ends the watch, and ordinary bookmarks,
// whenever the server likes but at least one at the end. Nothing is older than what was sent
// before.
func (s *stream) seesAmongBookmarks(want ...string) {
	GinkgoHelper()
	var texts []string
	var bookmarks int
	var newest int64
	for _, e := range s.rest() {
		at := revision(e.Object.GetResourceVersion())
		Expect(at).To(BeNumerically(">=", newest), "%s %s", e, e.Object.GetResourceVersion())
		newest = at
		if e.Type != "BOOKMARK" {
			texts, bookmarks = append(texts, e.String()), 0
			continue
		}
		bookmarks++
		Expect(e).NotTo(Satisfy(endsInitialEvents))
		Expect(e.Object.GetKind()).To(Equal("Query"))
		Expect(e.Object.GetAPIVersion()).To(Equal("ark.ai/v1alpha1"))
	}
	Expect(texts).To(Equal(want))
	Expect(bookmarks).To(BeNumerically(">", 0), "bookmarks after the last event")
}

var _ = Describe("A watch that sends initial events", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	It("shows all objects, one bookmark that says so, and what happens then", func(ctx context.Context) {
		created(ctx, namespace, query("first"))
		second := created(ctx, namespace, query("second"))
		w := watch(ctx, path(namespace, "queries"), watchList+"&timeoutSeconds=10")
		w.seesAll("ADDED first", "ADDED second")
		end := w.next()
		Expect(end).To(Satisfy(endsInitialEvents))
		Expect(end.Object.GetKind()).To(Equal("Query"))
		Expect(revision(end.Object.GetResourceVersion())).To(BeNumerically(">=", revision(second.ResourceVersion)))

		created(ctx, namespace, query("third"))
		w.seesAmongBookmarks("ADDED third")

		By("going on from the bookmark")
		watch(ctx, path(namespace, "queries"), "resourceVersion="+end.Object.GetResourceVersion()).sees("ADDED third")
	})

	It("says at once that there are none", func(ctx context.Context) {
		Expect(watch(ctx, path(namespace, "queries"), watchList).next()).To(Satisfy(endsInitialEvents))
	})

	It("selects them", func(ctx context.Context) {
		created(ctx, namespace, labelled("wanted", map[string]string{"team": "a"}))
		created(ctx, namespace, labelled("other", map[string]string{"team": "b"}))
		w := watch(ctx, path(namespace, "queries"), watchList+"&labelSelector=team%3Da")
		w.sees("ADDED wanted")
		Expect(w.next()).To(Satisfy(endsInitialEvents))
	})

	It("sends no bookmark to who does not want any", func(ctx context.Context) {
		created(ctx, namespace, query("there"))
		w := watch(ctx, path(namespace, "queries"), "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=3")
		w.sees("ADDED there")
		w.ends()
	})

	It("shows nothing of what is there if they are not wanted", func(ctx context.Context) {
		created(ctx, namespace, query("there"))
		w := watch(ctx, path(namespace, "queries"), "sendInitialEvents=false&resourceVersionMatch=NotOlderThan")
		created(ctx, namespace, query("new"))
		w.sees("ADDED new")
	})

	It("shows a state not older than the resourceVersion", func(ctx context.Context) {
		created(ctx, namespace, query("first"))
		second := created(ctx, namespace, query("second"))
		w := watch(ctx, path(namespace, "queries"), watchList+"&resourceVersion="+second.ResourceVersion)
		w.seesAll("ADDED first", "ADDED second")
		Expect(w.next()).To(Satisfy(endsInitialEvents))
	})

	It("fails if the resourceVersion is in the future", func(ctx context.Context) {
		future := revision(created(ctx, namespace, query("now")).ResourceVersion) + 1_000_000
		watch(ctx, path(namespace, "queries"), watchList+"&resourceVersion="+strconv.FormatInt(future, 10)).
			fails(504, metav1.StatusReasonTimeout, "Too large resource version: "+strconv.FormatInt(future, 10)+", current: ")
	})
})

var _ = Describe("An ordinary watch", func() {
	It("gets bookmarks if it wants them, never one that ends initial events", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		q := created(ctx, namespace, query("there"))
		wanted := watch(ctx, path(namespace, "queries"), "allowWatchBookmarks=true&timeoutSeconds=10&resourceVersion="+q.ResourceVersion)
		unwanted := watch(ctx, path(namespace, "queries"), "timeoutSeconds=10&resourceVersion="+q.ResourceVersion)
		created(ctx, namespace, query("new"))
		wanted.seesAmongBookmarks("ADDED new")
		unwanted.sees("ADDED new")
		unwanted.ends()
	})
})

var _ = Describe("The parameters of a watch", func() {
	DescribeTable("are refused if they contradict each other", func(ctx context.Context, parameters, message string, want ...string) {
		status := get(ctx, arkVersion+"/queries?watch=true&"+parameters).refuses(422, metav1.StatusReasonInvalid, message)
		Expect(causes(status)).To(ConsistOf(want))
	},
		Entry("initial events without a match", "sendInitialEvents=true",
			"sendInitialEvents requires setting resourceVersionMatch to NotOlderThan", "resourceVersionMatch FieldValueForbidden"),
		Entry("a match without initial events", "resourceVersionMatch=NotOlderThan&resourceVersion=1",
			"resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided", "resourceVersionMatch FieldValueForbidden"),
		Entry("initial events that match exactly", "sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1",
			`Unsupported value: "Exact"`, "resourceVersionMatch FieldValueForbidden", "resourceVersionMatch FieldValueNotSupported"),
		Entry("a continue token", "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=token",
			"resourceVersionMatch is forbidden when continue is provided", "resourceVersionMatch FieldValueForbidden"),
	)

	DescribeTable("are refused if they are malformed", func(ctx context.Context, parameters, message string) {
		get(ctx, arkVersion+"/queries?watch=true&"+parameters).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("timeoutSeconds", "timeoutSeconds=soon", `invalid syntax`),
		Entry("a label selector", "labelSelector=a%3Db%3Dc", "found '=', expected: ',' or 'end of string'"),
		Entry("a field selector", "fieldSelector=phase", "invalid selector: 'phase'; can't understand 'phase'"),
		Entry("a field that is not selectable", "fieldSelector=spec.input%3D1h", "field label not supported: spec.input"),
	)

	It("are refused if the resourceVersion is no number, with the code that Kubernetes has for it", func(ctx context.Context) {
		get(ctx, arkVersion+"/queries?watch=true&resourceVersion=new").refuses(500, "", `resourceVersion: Invalid value: "new"`)
	})
})
