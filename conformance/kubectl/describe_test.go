package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/src/registry"
)

var _ = Describe("kubectl describe", func() {
	It("shows an agent with its conditions", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(manifests("agent"))
		write.ok(setAvailable("forecaster")...)
		got := strings.Join(rows(read.ok("describe", "agent", "forecaster")), "\n")
		Expect(got).To(show("Name: forecaster", "Namespace: "+read.namespace, "API Version: ark.ai/v1alpha1", "Kind: Agent",
			"Model Ref:\nName: default", "Prompt: You are a meteorologist.", "Conditions:", "Message: It answers.", "Type: Available", "Events: <none>"))
	})

	It("shows the queries that a selector selects", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(manifests("query"))
		write.finds(query("other", "rome-trip"))
		got := read.ok("describe", "queries", "-l", "trip=lisbon")
		Expect(strings.Count(got, "Session Id:  lisbon-trip")).To(Equal(2), got)
		Expect(got).NotTo(ContainSubstring("rome-trip"))
	})

	It("shows every kind", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.ok("apply", "-f", samples)
		for _, kind := range registry.Describe() {
			if kind.Namespaced {
				Expect(read.ok("describe", kind.Plural)).To(show("API Version:  "+kind.Versions[0].String(), "Kind:         "+kind.Kind))
			}
		}
	})

	It("shows a namespace", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.ok("describe", "namespace", read.namespace)).To(show("Status:       Active"))
	})

	It("fails for an agent that does not exist", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("describe", "agent", "nobody")).To(show(`agents.ark.ai "nobody" not found`))
	})
})
