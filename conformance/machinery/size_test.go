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

var _ = Describe("An object", func() {
	const megabyte = 1 << 20
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	sized := func(name string, size int) *v1alpha1.Query {
		q := query(name)
		q.Spec.Input = &v1alpha1.JSON{Raw: `"` + strings.Repeat("x", size) + `"`}
		return q
	}

	It("of a megabyte is stored, changed, watched and deleted", func(ctx context.Context) {
		start := created(ctx, namespace, query("start"))
		created(ctx, namespace, sized("big", megabyte))
		patched(ctx, namespace, "big", setPhase("running"), "status")
		got, err := queries(namespace).Get(ctx, "big", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(got.Spec.Input.Raw).To(HaveLen(megabyte + 2))
		deleted(ctx, namespace, "big")
		events := watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion).sees("ADDED big", "MODIFIED big", "DELETED big")
		for _, e := range events {
			Expect(e.Object.Object["spec"].(map[string]any)["input"]).To(HaveLen(megabyte))
		}
	})

	// refused sends a Query of a size in all ways to write one.
	refused := func(ctx context.Context, size int) {
		GinkgoHelper()
		collection, one := path(namespace, "queries"), path(namespace, "queries", "q")
		before := created(ctx, namespace, query("q"))
		huge := sized("q", size)
		huge.ResourceVersion = before.ResourceVersion
		for _, answer := range []answer{
			send(ctx, http.MethodPost, collection, jsonOf(sized("huge", size))),
			send(ctx, http.MethodPut, one, jsonOf(huge)),
			send(ctx, http.MethodPatch, one, `{"spec":{"input":"`+strings.Repeat("x", size)+`"}}`, contentType(mergePatchType)),
			send(ctx, http.MethodPatch, path(namespace, "queries", "applied")+"?fieldManager=a", jsonOf(sized("applied", size)), contentType(applyPatchType)),
		} {
			answer.refuses(413, metav1.StatusReasonRequestEntityTooLarge, "Request entity too large")
		}
		list := listed(ctx, namespace, metav1.ListOptions{})
		Expect(names(list)).To(Equal([]string{"q"}))
		Expect(list.Items[0].ResourceVersion).To(Equal(before.ResourceVersion))
	}

	It("of more than a request may have is refused, and nothing is stored", func(ctx context.Context) {
		refused(ctx, 4*megabyte)
	})

	It("of more than the database takes is refused in the same way", beyondCustomResources, func(ctx context.Context) {
		unlessCustomResources("the refusal of etcd reaches the client of a custom resource as an internal error")
		refused(ctx, 2*megabyte)
	})
})
