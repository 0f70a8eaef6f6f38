package machinery_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A watch with a selector", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	It("shows what begins to have the label as ADDED, and what ceases to as DELETED in its last state", func(ctx context.Context) {
		start := created(ctx, namespace, query("q"))
		w := watch(ctx, path(namespace, "queries"), "labelSelector=team%3Da&resourceVersion="+start.ResourceVersion)
		created(ctx, namespace, labelled("other", map[string]string{"team": "b"}))
		patched(ctx, namespace, "q", `{"metadata":{"labels":{"team":"a"}}}`)
		patched(ctx, namespace, "q", setPhase("running"), "status")
		left := patched(ctx, namespace, "q", `{"metadata":{"labels":{"team":"b"}}}`)
		patched(ctx, namespace, "q", setPhase("done"), "status")
		patched(ctx, namespace, "q", `{"metadata":{"labels":{"team":"a"}}}`)
		deleted(ctx, namespace, "other")
		deleted(ctx, namespace, "q")
		events := w.sees("ADDED q", "MODIFIED q", "DELETED q", "ADDED q", "DELETED q")
		Expect(events[2].Object.GetLabels()).To(HaveKeyWithValue("team", "a"))
		Expect(events[2].Object.GetResourceVersion()).To(Equal(left.ResourceVersion))
	})

	It("follows a field", func(ctx context.Context) {
		start := created(ctx, namespace, query("q"))
		w := watch(ctx, path(namespace, "queries"), "fieldSelector=status.phase%3Drunning&resourceVersion="+start.ResourceVersion)
		patched(ctx, namespace, "q", setPhase("running"), "status")
		patched(ctx, namespace, "q", `{"metadata":{"labels":{"a":"b"}}}`)
		patched(ctx, namespace, "q", setPhase("done"), "status")
		deleted(ctx, namespace, "q")
		created(ctx, namespace, query("q"))
		patched(ctx, namespace, "q", setPhase("running"), "status")
		w.sees("ADDED q", "MODIFIED q", "DELETED q", "ADDED q")
	})

	It("follows what does not have a value", func(ctx context.Context) {
		start := created(ctx, namespace, query("q"))
		w := watch(ctx, path(namespace, "queries"), "fieldSelector=status.phase!%3Ddone&labelSelector=!hidden&resourceVersion="+start.ResourceVersion)
		patched(ctx, namespace, "q", setPhase("running"), "status")
		patched(ctx, namespace, "q", `{"metadata":{"labels":{"hidden":""}}}`)
		patched(ctx, namespace, "q", setPhase("done"), "status")
		patched(ctx, namespace, "q", `{"metadata":{"labels":{"hidden":null}}}`)
		patched(ctx, namespace, "q", setPhase("error"), "status")
		w.sees("MODIFIED q", "DELETED q", "ADDED q")
	})

	It("follows an index of the watch cache", func(ctx context.Context) {
		inSession := func(name, session string) *metav1.ObjectMeta {
			q := query(name)
			q.Spec.SessionID = &session
			return &created(ctx, namespace, q).ObjectMeta
		}
		start := inSession("other", "b")
		w := watch(ctx, path(namespace, "queries"), "fieldSelector=spec.sessionId%3Da&resourceVersion="+start.ResourceVersion)
		inSession("q", "a")
		patched(ctx, namespace, "other", `{"spec":{"sessionId":"a"}}`)
		patched(ctx, namespace, "q", `{"spec":{"sessionId":"b"}}`)
		deleted(ctx, namespace, "other")
		w.sees("ADDED q", "ADDED other", "DELETED q", "DELETED other")
	})

	It("of one name shows that object only", func(ctx context.Context) {
		created(ctx, namespace, query("one"))
		created(ctx, namespace, query("other"))
		w := watch(ctx, path(namespace, "queries"), "fieldSelector=metadata.name%3Done")
		w.sees("ADDED one")
		patched(ctx, namespace, "other", setPhase("running"), "status")
		deleted(ctx, namespace, "other")
		deleted(ctx, namespace, "one")
		created(ctx, namespace, query("one"))
		w.sees("DELETED one", "ADDED one")
	})

	It("may be asked for by the paths of old", func(ctx context.Context) {
		created(ctx, namespace, query("one"))
		created(ctx, namespace, query("other"))
		base := arkVersion + "/watch/namespaces/" + namespace + "/queries"
		watch(ctx, base, "").seesAll("ADDED one", "ADDED other")
		byName := watch(ctx, base+"/one", "")
		deleted(ctx, namespace, "other")
		deleted(ctx, namespace, "one")
		byName.sees("ADDED one", "DELETED one")
		Expect(get(ctx, arkVersion+"/watch/queries?timeoutSeconds=1").Code).To(Equal(200))
	})

	It("sees one namespace, or all", func(ctx context.Context) {
		elsewhere := framework.Namespace(ctx)
		start := created(ctx, namespace, query("first"))
		mine := watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion)
		byField := watch(ctx, arkVersion+"/queries", "fieldSelector=metadata.namespace%3D"+elsewhere+"&resourceVersion="+start.ResourceVersion)
		all := watch(ctx, arkVersion+"/queries", "labelSelector=spec+in+("+namespace+")&resourceVersion="+start.ResourceVersion)
		created(ctx, elsewhere, labelled("there", map[string]string{"spec": namespace}))
		created(ctx, namespace, labelled("here", map[string]string{"spec": namespace}))
		deleted(ctx, elsewhere, "there")
		mine.sees("ADDED here")
		byField.sees("ADDED there", "DELETED there")
		all.sees("ADDED there", "ADDED here", "DELETED there")
	})
})

var _ = Describe("A watch of another form", func() {
	It("sends the metadata only", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		start := created(ctx, namespace, query("q"))
		w := watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion, accept(partialType))
		last := patched(ctx, namespace, "q", `{"metadata":{"labels":{"a":"b"}},"spec":{"timeout":"1m"}}`)
		object := w.sees("MODIFIED q")[0].Object
		Expect(object.GetAPIVersion()).To(Equal("meta.k8s.io/v1"))
		Expect(object.GetKind()).To(Equal("PartialObjectMetadata"))
		Expect(object.GetLabels()).To(HaveKeyWithValue("a", "b"))
		Expect(object.GetResourceVersion()).To(Equal(last.ResourceVersion))
		Expect(object.Object).To(HaveLen(3), "only apiVersion, kind and metadata")
		deleted(ctx, namespace, "q")
		Expect(w.sees("DELETED q")[0].Object.GetKind()).To(Equal("PartialObjectMetadata"))
	})

	It("sends tables of one row, the first one with the columns", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		start := created(ctx, namespace, query("q"))
		w := watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion, accept(tableType))
		patched(ctx, namespace, "q", setPhase("running"), "status")
		deleted(ctx, namespace, "q")
		first, second := w.next(), w.next()
		Expect(first.Type).To(Equal("MODIFIED"))
		Expect(second.Type).To(Equal("DELETED"))
		for _, e := range []event{first, second} {
			Expect(e.Object.GetKind()).To(Equal("Table"))
			Expect(e.Object.Object["rows"]).To(ConsistOf(HaveKeyWithValue("cells", HaveExactElements("q", "user", "running", nil, "greeter", nil, Not(BeEmpty())))))
		}
		Expect(first.Object.Object["columnDefinitions"]).To(HaveLen(7))
		Expect(second.Object.Object["columnDefinitions"]).To(BeNil())
	})
})
