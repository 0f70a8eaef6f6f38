package kubectl_test

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

// Both policies are named after the namespace, in which alone they are in force.
const (
	validatingPolicy = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: %[1]s
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [ark.ai]
        apiVersions: [v1alpha1]
        operations: [CREATE, UPDATE]
        resources: [models]
  validations:
    - expression: "!object.spec.model.value.startsWith('gold')"
      messageExpression: "'the model ' + object.spec.model.value + ' costs too much'"
      reason: Forbidden
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: %[1]s
spec:
  policyName: %[1]s
  validationActions: [Deny]
  matchResources:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: %[1]s
`
	mutatingPolicy = `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata:
  name: %[1]s
spec:
  reinvocationPolicy: Never
  matchConstraints:
    resourceRules:
      - apiGroups: [ark.ai]
        apiVersions: [v1alpha1]
        operations: [CREATE]
        resources: [agents]
  mutations:
    - patchType: ApplyConfiguration
      applyConfiguration:
        expression: >
          Object{metadata: Object.metadata{labels: {"team": "red"}}, spec: Object.spec{description: "Made in " + object.metadata.namespace}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata:
  name: %[1]s
spec:
  policyName: %[1]s
  matchResources:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: %[1]s
`
)

// applyForNow applies a manifest until the spec ends.
func (k kubectl) applyForNow(manifest string) {
	GinkgoHelper()
	k.given(manifest).ok("apply", "-f", "-")
	DeferCleanup(func(ctx context.Context) {
		k.ctx = ctx
		k.given(manifest).ok("delete", "--ignore-not-found", "-f", "-")
	})
}

var _ = Describe("An admission policy", func() {
	It("refuses a model, and says why", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.applyForNow(fmt.Sprintf(validatingPolicy, write.namespace))
		golden := strings.ReplaceAll(write.ok("create", "--dry-run=client", "-o", "yaml", "-f", sample("model")), "gpt-4.1-mini", "gold-9")
		for _, user := range []kubectl{write, read} {
			Eventually(ctx, func() string { return user.given(golden).run("create", "--dry-run=server", "-f", "-").stderr }).Should(show(
				fmt.Sprintf("ValidatingAdmissionPolicy '%[1]s' with binding '%[1]s' denied request: the model gold-9 costs too much", write.namespace)))
		}
		write.ok("apply", "-f", sample("model"))
		Expect(write.refused("patch", "model", "default", "--type=merge", "-p", `{"spec":{"model":{"value":"gold-1"}}}`)).To(show("the model gold-1 costs too much"))
		read.says("gpt-4.1-mini", "get", "model", "default", "-o", "jsonpath={.spec.model.value}")
	})

	It("is checked against the schema of the kind", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.applyForNow(fmt.Sprintf(validatingPolicy, write.namespace))
		read.eventuallySays("1 {}", "get", "validatingadmissionpolicy", write.namespace, "-o", "jsonpath={.status.observedGeneration} {.status.typeChecking}")
	})

	It("completes an agent", func(ctx context.Context) {
		framework.SinceKubernetes("1.36", "MutatingAdmissionPolicies in admissionregistration.k8s.io/v1")
		write, read := administrators(ctx)
		write.applyForNow(fmt.Sprintf(mutatingPolicy, write.namespace))
		for _, user := range []kubectl{write, read} {
			user.given(agent("poet", "Rhyme.")).eventuallySays("red|Made in "+write.namespace,
				"create", "--dry-run=server", "-o", "jsonpath={.metadata.labels.team}|{.spec.description}", "-f", "-")
		}
	})
})
