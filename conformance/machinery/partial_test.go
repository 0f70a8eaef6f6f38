package machinery_test

import (
	"context"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/metadata"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("Metadata", func() {
	var (
		namespace string
		client    metadata.ResourceInterface
	)

	BeforeEach(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		all, err := metadata.NewForConfig(framework.Config)
		Expect(err).NotTo(HaveOccurred())
		client = all.Resource(kindOf("Query").Resource()).Namespace(namespace)
		for _, name := range []string{"a", "b", "c"} {
			created(ctx, namespace, labelled(name, map[string]string{"name": name}))
		}
	})

	It("is all that a client of metadata gets, lists, watches, changes and deletes", func(ctx context.Context) {
		a, err := client.Get(ctx, "a", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(a.Labels).To(HaveKeyWithValue("name", "a"))
		Expect(a.UID).NotTo(BeEmpty())

		list, err := client.List(ctx, metav1.ListOptions{Limit: 2})
		Expect(err).NotTo(HaveOccurred())
		Expect(list.Items).To(HaveLen(2))
		rest, err := client.List(ctx, metav1.ListOptions{Continue: list.Continue})
		Expect(err).NotTo(HaveOccurred())
		Expect(rest.Items).To(HaveExactElements(HaveField("Name", "c")))

		w, err := client.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion})
		Expect(err).NotTo(HaveOccurred())
		defer w.Stop()
		changed, err := client.Patch(ctx, "a", types.MergePatchType, []byte(`{"metadata":{"labels":{"new":"yes"}}}`), metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(changed.Labels).To(HaveKeyWithValue("new", "yes"))
		Expect(client.Delete(ctx, "b", metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions("other")})).To(MatchError(apierrors.IsConflict, "Conflict"))
		Expect(client.Delete(ctx, "b", metav1.DeleteOptions{})).To(Succeed())
		for _, want := range []string{"MODIFIED a", "DELETED b"} {
			e := <-w.ResultChan()
			Expect(string(e.Type) + " " + e.Object.(*metav1.PartialObjectMetadata).Name).To(Equal(want))
		}
		Expect(client.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "name"})).To(Succeed())
		Expect(names(listed(ctx, namespace, metav1.ListOptions{}))).To(BeEmpty())
	})

	It("comes without spec and status", func(ctx context.Context) {
		one := get(ctx, path(namespace, "queries", "a"), accept(partialType)).succeeds(200).object()
		Expect(one.Object).To(HaveLen(3))
		Expect(one.GetKind()).To(Equal("PartialObjectMetadata"))
		list := get(ctx, path(namespace, "queries"), accept(partialListType)).succeeds(200).object()
		Expect(list.GetKind()).To(Equal("PartialObjectMetadataList"))
		Expect(list.Object["items"]).To(HaveEach(And(HaveLen(3), HaveKeyWithValue("kind", "PartialObjectMetadata"))))
		Expect(list.GetResourceVersion()).NotTo(BeEmpty())
		patched := send(ctx, http.MethodPatch, path(namespace, "queries", "a", "status"), setPhase("done"), contentType(mergePatchType), accept(partialType)).succeeds(200).object()
		Expect(patched.Object).To(HaveLen(3))
	})

	It("of a list is a list, and of an object is none", func(ctx context.Context) {
		get(ctx, path(namespace, "queries"), accept(partialType)).refuses(406, metav1.StatusReasonNotAcceptable, "but the requested object is a list")
		// Kubernetes has 406 for kinds of its own and 500 for custom resources.
		Expect(get(ctx, path(namespace, "queries", "a"), accept(partialListType)).Code).To(BeElementOf(406, 500))
	})
})
