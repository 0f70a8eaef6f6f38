package kubectl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/onsi/gomega/types"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// eventuallyPrints waits for what a command that goes on has printed up to now.
func eventuallyPrints(ctx context.Context, session *gexec.Session, want types.GomegaMatcher) {
	GinkgoHelper()
	Eventually(ctx, func() string { return string(session.Out.Contents()) }).Should(want)
}

// An event as --output-watch-events prints it.
type event struct {
	Type   string
	Object unstructured.Unstructured
}

// events are those that are complete.
func events(g Gomega, stream []byte) []event {
	var all []event
	decoder := json.NewDecoder(strings.NewReader(string(stream)))
	for {
		var next event
		err := decoder.Decode(&next)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return all
		}
		g.Expect(err).NotTo(HaveOccurred())
		all = append(all, next)
	}
}

var _ = Describe("kubectl get --watch", func() {
	It("prints a row for each change, and none for a write that changes nothing", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("first", "a"))
		watch := read.start("get", "queries", "-w")
		eventuallyPrints(ctx, watch, haveAgedRows("NAME TYPE PHASE DURATION", "first user"))

		write.finds(query("second", "a"))
		write.ok(setPhase("second", "running")...)
		write.ok("patch", "query", "first", "--type=merge", "-p", `{"spec":{"type":"messages","input":[{"role":"user","content":"Hi."}]}}`)
		write.ok(setPhase("second", "done")...)
		write.ok(setPhase("second", "done")...)
		write.ok("delete", "query", "second")
		write.ok("delete", "query", "first")
		eventuallyPrints(ctx, watch, haveAgedRows("NAME TYPE PHASE DURATION", "first user",
			"second user", "second user running", "first messages", "second user done", "second user done", "first messages"))
	})

	It("names the events with --output-watch-events", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("ask", "a"))
		watch := read.start("get", "queries", "-w", "--output-watch-events")
		eventuallyPrints(ctx, watch, haveAgedRows("EVENT NAME TYPE PHASE DURATION", "ADDED ask user"))
		write.ok(setPhase("ask", "done")...)
		write.ok("delete", "query", "ask")
		eventuallyPrints(ctx, watch, haveAgedRows("EVENT NAME TYPE PHASE DURATION", "ADDED ask user", "MODIFIED ask user done", "DELETED ask user done"))
	})

	It("follows one query until it is gone", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("ask", "a") + "---" + query("other", "a"))
		watch := read.start("get", "query", "ask", "-w", "--no-headers")
		eventuallyPrints(ctx, watch, haveAgedRows("ask user"))
		write.ok(setPhase("other", "done")...)
		write.ok(setPhase("ask", "done")...)
		write.ok("delete", "query", "ask")
		eventuallyPrints(ctx, watch, haveAgedRows("ask user", "ask user done", "ask user done"))
	})

	It("follows the queries that a field selector selects", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("ask", "a") + "---" + query("other", "a"))
		watch := read.watch("get", "queries", "--field-selector", "status.phase=done", "-w", "-o", "name")
		write.ok(setPhase("other", "done")...)
		write.ok(setPhase("ask", "done")...)
		write.ok("delete", "query", "ask")
		eventuallyPrints(ctx, watch, Equal("query.ark.ai/other\nquery.ark.ai/ask\nquery.ark.ai/ask\n"))
	})
})

var _ = Describe("kubectl get --watch-only", func() {
	It("prints what happens from now on, in order, each event once", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(query("before", "a"))
		watch := read.watch("get", "queries", "--watch-only", "--output-watch-events", "-o", "json", "-l", "!quiet")

		write.finds(query("ask", "a"))
		write.ok("patch", "query", "ask", "--type=merge", "-p", `{"spec":{"timeout":"1m"}}`)
		write.ok(setPhase("ask", "done")...)
		// It leaves what the selector selects, and comes back.
		write.ok("label", "query", "ask", "quiet=yes")
		write.ok(setPhase("ask", "error")...)
		write.ok("label", "query", "ask", "quiet-")
		write.ok("delete", "query", "ask")

		Eventually(ctx, func(g Gomega) {
			var revision int64
			var seen []string
			for _, event := range events(g, watch.Out.Contents()) {
				phase, _, _ := unstructured.NestedString(event.Object.Object, "status", "phase")
				seen = append(seen, fmt.Sprintf("%s %s %d %s", event.Type, event.Object.GetName(), event.Object.GetGeneration(), phase))
				next, err := strconv.ParseInt(event.Object.GetResourceVersion(), 10, 64)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(next).To(BeNumerically(">", revision), "the resourceVersion of %v", seen)
				revision = next
			}
			g.Expect(seen).To(Equal([]string{
				"ADDED ask 1 ", "MODIFIED ask 2 ", "MODIFIED ask 2 done", "DELETED ask 2 done", "ADDED ask 2 error", "DELETED ask 2 error",
			}))
		}).Should(Succeed())
	})
})
