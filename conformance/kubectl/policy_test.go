package kubectl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// policyTimeout is for a policy to get into force.
const policyTimeout = 20 * time.Second

func TestPolicyThatRefusesAModel(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		name := clusterName(write, "cheap")
		write.given(fmt.Sprintf(`
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
        kubernetes.io/metadata.name: %[2]s
`, name, write.namespace)).ok(t, "apply", "-f", "-")
		golden := strings.ReplaceAll(write.ok(t, "apply", "--dry-run=client", "-o", "yaml", "-f", sample("model")), "gpt-4.1-mini", "gold-9")
		for _, server := range []*kubectl{write, read} {
			eventually(t, policyTimeout, func() error {
				got := server.given(golden).run(t, "apply", "--dry-run=server", "-f", "-")
				if got.status == 0 {
					return fmt.Errorf("the policy is not in force: %s", got.stdout)
				}
				shows(t, got.stderr, fmt.Sprintf("ValidatingAdmissionPolicy '%[1]s' with binding '%[1]s' denied request: the model gold-9 costs too much", name))
				return nil
			})
		}
		write.ok(t, "apply", "-f", sample("model"))
		shows(t, write.refused(t, "patch", "model", "default", "--type=merge", "-p", `{"spec":{"model":{"value":"gold-1"}}}`), "the model gold-1 costs too much")
		read.says(t, "gpt-4.1-mini", "get", "model", "default", "-o", "jsonpath={.spec.model.value}")
		// Types are checked against the schema of the kind.
		read.eventuallySays(t, policyTimeout, "1 {}", "get", "validatingadmissionpolicy", name, "-o", "jsonpath={.status.observedGeneration} {.status.typeChecking}")
	})
}

func TestPolicyThatCompletesAnAgent(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		name := clusterName(write, "complete")
		write.given(fmt.Sprintf(`
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
        kubernetes.io/metadata.name: %[2]s
`, name, write.namespace)).ok(t, "apply", "-f", "-")
		for _, server := range []*kubectl{write, read} {
			eventually(t, policyTimeout, func() error {
				got := server.given(agent("poet", "Rhyme.")).ok(t, "create", "--dry-run=server", "-o", "jsonpath={.metadata.labels.team}|{.spec.description}", "-f", "-")
				if want := "red|Made in " + write.namespace; got != want {
					return fmt.Errorf("the agent has %q, not %q", got, want)
				}
				return nil
			})
		}
	})
}
