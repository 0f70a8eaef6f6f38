package machinery_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

const (
	// historyWindow is how long watches can certainly go on from a resourceVersion: what a server
	// remembers for them is not forgotten before, however much happens.
	historyWindow = 75 * time.Second
	// historySize is more events than a server remembers once they are older than that, of a kind
	// that is as quiet as the one here.
	historySize = 2000
	// compactionWait is more than enough for the database to drop what has just been written, where
	// it is known for how long that is kept. In other environments it keeps it for an hour, say.
	compactionWait = 3 * time.Minute
)

// This takes longer than everything else together, so it begins first.
var _ = Describe("What was long ago", Ordered, SpecPriority(1), func() {
	// Of the Evaluators a, b and c, a has been changed since the list at long, whose first page it
	// was.
	var (
		namespace, collection, long, token string
		changed                            time.Time
	)

	patch := func(ctx context.Context, value string) {
		GinkgoHelper()
		send(ctx, http.MethodPatch, path(namespace, "evaluators", "a"), `{"metadata":{"labels":{"write":"`+value+`"}}}`, contentType(mergePatchType)).succeeds(200)
	}

	BeforeAll(func(ctx context.Context) {
		namespace = framework.Namespace(ctx)
		collection = path(namespace, "evaluators")
		for _, name := range []string{"a", "b", "c"} {
			send(ctx, http.MethodPost, collection, manifest("Evaluator", name)).succeeds(201)
		}
		page := get(ctx, collection+"?limit=1").succeeds(200).object()
		long, token = page.GetResourceVersion(), url.QueryEscape(page.GetContinue())
		patch(ctx, "first")
		changed = time.Now()
	})

	// compacted waits until the database has dropped the state at long.
	compacted := func(ctx context.Context) answer {
		GinkgoHelper()
		if len(framework.Env.Servers) == 0 {
			Skip("nobody knows for how long this environment keeps the history of its database")
		}
		var last answer
		Eventually(func() int {
			last = get(ctx, collection+"?resourceVersionMatch=Exact&resourceVersion="+long)
			return last.Code
		}, compactionWait, time.Second).ShouldNot(Equal(200))
		return last
	}

	It("is no longer where a watch can begin, once newer events have taken its place and the database has dropped it; a new list is", framework.Long, func(ctx context.Context) {
		Eventually(func() time.Duration { return time.Since(changed) }, 2*historyWindow, time.Second).Should(BeNumerically(">", historyWindow+time.Second))
		watch(ctx, collection, "timeoutSeconds=1&resourceVersion="+long).sees("MODIFIED a")
		expired := func() bool {
			return watch(ctx, collection, "timeoutSeconds=1&resourceVersion="+long).next().Type == "ERROR"
		}
		for writes := 0; !expired(); writes++ {
			Expect(writes).To(BeNumerically("<", historySize))
			for range 50 {
				writes++
				patch(ctx, fmt.Sprint(writes))
			}
		}
		watch(ctx, collection, "resourceVersion="+long).fails(410, metav1.StatusReasonExpired, "too old")

		By("listing anew and watching from there")
		list := get(ctx, collection).succeeds(200)
		Expect(itemNames(list)).To(Equal([]string{"a", "b", "c"}))
		patch(ctx, "last")
		watch(ctx, collection, "resourceVersion="+list.object().GetResourceVersion()).sees("MODIFIED a")
		initial := watch(ctx, collection, watchList)
		initial.seesAll("ADDED a", "ADDED b", "ADDED c")
		Expect(initial.next()).To(Satisfy(endsInitialEvents))
	})

	It("can't be listed any more", func(ctx context.Context) {
		compacted(ctx).refuses(410, metav1.StatusReasonExpired, "The resourceVersion for the provided list is too old.")
	})

	It("has no more pages, but a token to go on at the current state", func(ctx context.Context) {
		compacted(ctx)
		send(ctx, http.MethodDelete, path(namespace, "evaluators", "b"), "").succeeds(200)
		status := get(ctx, collection+"?limit=1&continue="+token).
			refuses(410, metav1.StatusReasonExpired, "The provided continue parameter is too old to display a consistent list result.")
		Expect(status.Continue).NotTo(BeEmpty())
		Expect(itemNames(get(ctx, collection+"?limit=1&continue="+url.QueryEscape(status.Continue)))).To(Equal([]string{"c"}))
	})
})
