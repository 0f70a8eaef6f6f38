package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const kustomization = `
resources: [agent.yaml]
namePrefix: my-
labels:
- pairs: {team: red}
patches:
- target: {kind: Agent, name: poet}
  patch: |-
    - {op: replace, path: /spec/prompt, value: Rhyme well.}
- patch: |-
    apiVersion: ark.ai/v1alpha1
    kind: Agent
    metadata: {name: poet}
    spec: {description: Writes verse.}
configMapGenerator:
- name: settings
  literals: [colour=red]
  options: {disableNameSuffixHash: true}
`

var _ = Describe("kubectl -k", func() {
	It("applies, compares, reads and deletes what a kustomization makes of manifests", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.file("kustomization/agent.yaml", agent("poet", "Rhyme."))
		write.file("kustomization/kustomization.yaml", kustomization)
		directory := write.home + "/kustomization"

		write.says("configmap/my-settings created\nagent.ark.ai/my-poet created", "apply", "-k", directory)
		read.says("Rhyme well.|Writes verse.|red", "get", "agent", "my-poet", "-o", "jsonpath={.spec.prompt}|{.spec.description}|{.metadata.labels.team}")
		Expect(outcomes(write.ok("apply", "-k", directory))).To(ConsistOf("unchanged"))
		Expect(read.run("diff", "-k", directory)).To(Equal(result{}))
		read.says("configmap/my-settings\nagent.ark.ai/my-poet", "get", "-k", directory, "-o", "name")
		write.ok("delete", "-k", directory)
		read.says("", "get", "agents", "-o", "name")
	})
})
