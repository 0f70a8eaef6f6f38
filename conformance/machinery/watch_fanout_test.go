package machinery_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apiwatch "k8s.io/apimachinery/pkg/watch"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// inParallel runs do for 0 to n-1 at once.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			defer GinkgoRecover()
			do(i)
		})
	}
	group.Wait()
}

// stamped is an event with all that tells it from others.
func stamped(e event) string { return e.String() + " " + e.Object.GetResourceVersion() }

var _ = Describe("Many watches", func() {
	It("see the same events in the same order", func(ctx context.Context) {
		const watches, writers, rounds = 50, 5, 10
		namespace := framework.Namespace(ctx)
		start := created(ctx, namespace, query("start"))
		streams := make([]*stream, watches)
		for i := range streams {
			streams[i] = watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion)
		}
		inParallel(writers, func(i int) {
			for round := range rounds {
				name := fmt.Sprintf("q-%d-%d", i, round)
				created(ctx, namespace, query(name))
				patched(ctx, namespace, name, setPhase("running"), "status")
				deleted(ctx, namespace, name)
			}
		})
		sequences := make([][]string, watches)
		inParallel(watches, func(i int) {
			for range 3 * writers * rounds {
				sequences[i] = append(sequences[i], stamped(streams[i].next()))
			}
		})
		// Written once, seen once.
		Expect(sequences[0]).To(HaveLen(len(unique(sequences[0]))))
		for _, sequence := range sequences[1:] {
			Expect(sequence).To(Equal(sequences[0]))
		}
	})
})

func unique(texts []string) map[string]bool {
	set := map[string]bool{}
	for _, text := range texts {
		set[text] = true
	}
	return set
}

var _ = Describe("A slow watcher", func() {
	It("loses nothing: what it has not got when the server gives it up, it gets from where it was", func(ctx context.Context) {
		// More than the connection and all buffers in between hold.
		const objects, size = 400, 64 << 10
		namespace := framework.Namespace(ctx)
		start := created(ctx, namespace, query("start"))
		w := watch(ctx, path(namespace, "queries"), "resourceVersion="+start.ResourceVersion)
		content := fmt.Sprintf("%q", strings.Repeat("x", size))
		inParallel(8, func(i int) {
			for n := i; n < objects; n += 8 {
				q := query(fmt.Sprintf("q-%03d", n))
				q.Spec.Input = &v1alpha1.JSON{Raw: content}
				created(ctx, namespace, q)
			}
		})
		list := listed(ctx, namespace, metav1.ListOptions{})
		slices.SortFunc(list.Items, func(a, b v1alpha1.Query) int {
			return cmp.Compare(revision(a.ResourceVersion), revision(b.ResourceVersion))
		})
		var want, got []string
		for _, q := range list.Items[1:] {
			want = append(want, "ADDED "+q.Name+" "+q.ResourceVersion)
		}
		last := start.ResourceVersion
		for len(got) < objects {
			e, more := w.receive()
			if !more {
				w = watch(ctx, path(namespace, "queries"), "resourceVersion="+last)
				continue
			}
			got = append(got, stamped(e))
			last = e.Object.GetResourceVersion()
		}
		Expect(got).To(Equal(want))
	})
})

var _ = Describe("Servers that share a database", func() {
	It("show each other's writes to watches, in one order", func(ctx context.Context) {
		if len(framework.Env.Servers) < 2 {
			Skip("this environment has one server")
		}
		const rounds = 20
		namespace := framework.Namespace(ctx)
		var clients []*versioned.Clientset
		var watches []<-chan apiwatch.Event
		start, err := queries(namespace).Create(ctx, query("start"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		for _, server := range framework.Env.Servers {
			client := versionedFor(server)
			w, err := client.ArkV1alpha1().Queries(namespace).Watch(ctx, metav1.ListOptions{ResourceVersion: start.ResourceVersion})
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(w.Stop)
			clients, watches = append(clients, client), append(watches, w.ResultChan())
		}
		inParallel(len(clients), func(i int) {
			for round := range rounds {
				_, err := clients[i].ArkV1alpha1().Queries(namespace).Create(ctx, query(fmt.Sprintf("q-%d-%d", i, round)), metav1.CreateOptions{})
				Expect(err).NotTo(HaveOccurred())
			}
		})
		var sequences [][]string
		for _, events := range watches {
			var sequence []string
			for range rounds * len(clients) {
				var e apiwatch.Event
				Eventually(events, eventTimeout).Should(Receive(&e))
				Expect(e.Object).To(BeAssignableToTypeOf(&v1alpha1.Query{}), "%+v", e)
				q := e.Object.(*v1alpha1.Query)
				sequence = append(sequence, fmt.Sprint(e.Type, q.Name, q.ResourceVersion))
			}
			sequences = append(sequences, sequence)
		}
		for _, sequence := range sequences[1:] {
			Expect(sequence).To(Equal(sequences[0]))
		}
	})
})

// versionedFor is a client of one of the servers itself.
func versionedFor(server environment.Server) *versioned.Clientset {
	GinkgoHelper()
	client, err := versioned.NewForConfig(server.Config(framework.Config))
	Expect(err).NotTo(HaveOccurred())
	return client
}
