package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// What is beside the Ark kinds.
var _ = Describe("Beside the Ark kinds", func() {
	It("there are secrets, whose values kubectl describe keeps to itself", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.ok("create", "secret", "generic", "openai", "--from-literal=apiKey=s3cret")
		read.says("s3cret", "get", "secret", "openai", "-o", `go-template={{.data.apiKey | base64decode}}`)
		Expect(read.ok("describe", "secret", "openai")).To(And(show("apiKey:  6 bytes"), Not(ContainSubstring("s3cret"))))
	})

	It("there are config maps, which can be made immutable", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.ok("create", "configmap", "settings", "--from-literal=colour=red", "--from-file=agent.yaml="+sample("agent"))
		read.says("red", "get", "configmap", "settings", "-o", "jsonpath={.data.colour}")
		Expect(read.ok("describe", "configmap", "settings")).To(show("agent.yaml:", "colour:", "name: forecaster"))
		write.ok("patch", "configmap", "settings", "-p", `{"immutable":true}`)
		Expect(write.refused("patch", "configmap", "settings", "-p", `{"data":{"colour":"blue"}}`)).To(show("field is immutable when `immutable` is set"))
	})

	It("every namespace has a service account and the authority's certificate", func(ctx context.Context) {
		_, read := administrators(ctx)
		read.eventuallySays("serviceaccount/default", "get", "serviceaccounts", "-o", "name")
		read.eventuallySays("configmap/kube-root-ca.crt", "get", "configmaps", "-o", "name")
		Expect(read.ok("get", "configmap", "kube-root-ca.crt", "-o", "yaml")).To(show("BEGIN CERTIFICATE"))
	})

	It("a quota limits the number of agents", func(ctx context.Context) {
		write, read := administrators(ctx)
		used := func(want string) {
			read.eventuallySays(`{"count/agents.ark.ai":"`+want+`"}`, "get", "quota", "small", "-o", "jsonpath={.status.used}")
		}
		write.ok("create", "quota", "small", "--hard=count/agents.ark.ai=1")
		used("0")
		write.finds(agent("poet", "Rhyme."))
		Expect(read.given(agent("other", "Rhyme.")).refused("create", "-f", "-")).To(show("Error from server (Forbidden)",
			"exceeded quota: small, requested: count/agents.ark.ai=1, used: count/agents.ark.ai=1, limited: count/agents.ark.ai=1"))
		write.ok("delete", "agent", "poet")
		used("0")
	})
})
