package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

var _ = Describe("kubectl delete namespace", func() {
	It("deletes everything in it, waits for what a finalizer holds, and lets nothing new in", func(ctx context.Context) {
		write, read := administrators(ctx)
		// The namespace of the spec is deleted after it.
		write.namespace += "-doomed"
		read.namespace = write.namespace
		write.ok("create", "namespace", write.namespace)
		write.ok("apply", "-f", samples)
		write.ok("create", "configmap", "settings", "--from-literal=a=b")
		write.ok("create", "service", "clusterip", "memory", "--tcp=80")
		write.ok("patch", "agent", "adviser", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold"]}}`)

		deletion := write.start("delete", "namespace", write.namespace, "--timeout=120s")
		read.eventuallySays("Terminating", "get", "namespace", read.namespace, "-o", "jsonpath={.status.phase}")
		Expect(write.given(agent("late", "Hurry.")).refused("create", "-f", "-")).To(show("Error from server (Forbidden)", "because it is being terminated"))
		read.eventuallySays("agent.ark.ai/adviser", "get", "ark,configmaps", "-o", "name")
		read.eventuallySays("True", "get", "namespace", read.namespace,
			"-o", `jsonpath={.status.conditions[?(@.type=="NamespaceFinalizersRemaining")].status}`)
		Expect(deletion).NotTo(gexec.Exit())

		write.ok("patch", "agent", "adviser", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		Eventually(ctx, deletion).Should(gexec.Exit(0))
		Expect(read.refused("get", "namespace", read.namespace)).To(show("NotFound"))
		read.says("", "get", "ark,configmaps,secrets,serviceaccounts,services", "-o", "name")
		Expect(write.given(agent("late", "Hurry.")).refused("create", "-f", "-")).To(show(`namespaces "` + write.namespace + `" not found`))
	})
})
