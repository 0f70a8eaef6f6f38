package machinery_test

import (
	"context"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A watch", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	for _, start := range []string{"", "0"} {
		It("from resourceVersion "+strconv.Quote(start)+" shows what is there as ADDED, then what happens", func(ctx context.Context) {
			created(ctx, namespace, query("first"))
			second := created(ctx, namespace, query("second"))
			// Any state may be shown, so wait until the server has this one.
			_, err := queries(namespace).List(ctx, metav1.ListOptions{ResourceVersion: second.ResourceVersion})
			Expect(err).NotTo(HaveOccurred())

			w := watch(ctx, path(namespace, "queries"), "resourceVersion="+start)
			initial := w.seesAll("ADDED first", "ADDED second")
			for _, e := range initial {
				got, err := queries(namespace).Get(ctx, e.Object.GetName(), metav1.GetOptions{})
				Expect(err).NotTo(HaveOccurred())
				Expect(e.Object.GetResourceVersion()).To(Equal(got.ResourceVersion))
			}
			patched(ctx, namespace, "first", setPhase("running"), "status")
			deleted(ctx, namespace, "second")
			w.sees("MODIFIED first", "DELETED second")
		})
	}

	It("from a resourceVersion shows exactly what happened after it, in order and once", func(ctx context.Context) {
		created(ctx, namespace, query("before"))
		start := created(ctx, namespace, query("a"))
		want := []string{"MODIFIED a", "ADDED b", "MODIFIED a", "DELETED before", "MODIFIED b", "DELETED a", "ADDED a"}
		versions := []string{
			patched(ctx, namespace, "a", `{"spec":{"timeout":"1m"}}`).ResourceVersion,
			created(ctx, namespace, query("b")).ResourceVersion,
			patched(ctx, namespace, "a", setPhase("running"), "status").ResourceVersion,
		}
		deleted(ctx, namespace, "before")
		versions = append(versions, "", patched(ctx, namespace, "b", `{"metadata":{"labels":{"x":"y"}}}`).ResourceVersion)
		deleted(ctx, namespace, "a")
		versions = append(versions, "", created(ctx, namespace, query("a")).ResourceVersion)

		var previous int64
		for i, e := range watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion).sees(want...) {
			version := revision(e.Object.GetResourceVersion())
			Expect(version).To(BeNumerically(">", max(previous, revision(start.ResourceVersion))))
			previous = version
			if versions[i] != "" {
				Expect(e.Object.GetResourceVersion()).To(Equal(versions[i]))
			}
		}

		By("starting in the middle")
		watch(ctx, path(namespace, "queries"), "resourceVersion="+versions[2]).sees(want[3:]...)
	})

	It("shows the last state of what is deleted, at the resourceVersion of the deletion", func(ctx context.Context) {
		q := labelled("gone", map[string]string{"last": "yes"})
		q.Spec.SessionID = new("session")
		start := created(ctx, namespace, q)
		last := patched(ctx, namespace, "gone", `{"status":{"phase":"done","response":{"target":{"type":"agent","name":"greeter"},"content":"Fine."}}}`, "status")
		deleted(ctx, namespace, "gone")
		after := created(ctx, namespace, query("after"))

		events := watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion).
			sees("MODIFIED gone", "DELETED gone", "ADDED after")
		modified, deletion := events[0].Object, events[1].Object
		at := revision(deletion.GetResourceVersion())
		Expect(at).To(BeNumerically(">", revision(last.ResourceVersion)))
		Expect(at).To(BeNumerically("<", revision(after.ResourceVersion)))
		deletion.SetResourceVersion(modified.GetResourceVersion())
		Expect(deletion.Object).To(Equal(modified.Object))
	})

	It("goes on without a gap from the resourceVersion of a list", func(ctx context.Context) {
		created(ctx, namespace, query("before"))
		list, err := queries(namespace).List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		created(ctx, namespace, query("between"))
		w := watch(ctx, path(namespace, "queries"), "resourceVersion="+list.ResourceVersion)
		created(ctx, namespace, query("after"))
		w.sees("ADDED between", "ADDED after")
	})

	It("from the resourceVersion of any kind's object shows what happened after it", func(ctx context.Context) {
		created(ctx, namespace, query("before"))
		memory := manifest("Memory", "conversations")
		answer := send(ctx, "POST", path(namespace, "memories"), memory).succeeds(201)
		created(ctx, namespace, query("after"))
		watch(ctx, path(namespace, "queries"), "resourceVersion="+answer.object().GetResourceVersion()).sees("ADDED after")
	})

	It("from a resourceVersion in the future fails, where Kubernetes' waits for it and misses what comes until then", func(ctx context.Context) {
		future := revision(created(ctx, namespace, query("now")).ResourceVersion) + 1_000_000
		w := watch(ctx, path(namespace, "queries"), "timeoutSeconds=2&resourceVersion="+strconv.FormatInt(future, 10))
		if framework.Env.Mode == environment.CRD {
			created(ctx, namespace, query("soon"))
			w.ends()
			return
		}
		w.fails(410, metav1.StatusReasonExpired, "above the current one")
	})

	It("ends by itself after timeoutSeconds", func(ctx context.Context) {
		w := watch(ctx, path(namespace, "queries"), "timeoutSeconds=1")
		created(ctx, namespace, query("seen"))
		w.sees("ADDED seen")
		w.ends()
	})

	It("sees nothing of a write that changes nothing", func(ctx context.Context) {
		q := created(ctx, namespace, query("same"))
		w := watch(ctx, path(namespace, "queries"), "resourceVersion="+q.ResourceVersion)
		Expect(patched(ctx, namespace, "same", `{"metadata":{"labels":{}}}`).ResourceVersion).To(Equal(q.ResourceVersion))
		patched(ctx, namespace, "same", `{"metadata":{"labels":{"changed":"yes"}}}`)
		deleted(ctx, namespace, "same")
		w.sees("MODIFIED same", "DELETED same")
	})
})

// revision is a resourceVersion as the number that it is.
func revision(resourceVersion string) int64 {
	GinkgoHelper()
	number, err := strconv.ParseInt(resourceVersion, 10, 64)
	Expect(err).NotTo(HaveOccurred())
	return number
}
