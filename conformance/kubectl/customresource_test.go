package kubectl_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const noteDefinition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: notes.%[1]s
spec:
  group: %[1]s
  scope: Namespaced
  names:
    plural: notes
    singular: note
    kind: Note
  versions:
    - name: v1
      served: true
      storage: true
      subresources:
        status: {}
      additionalPrinterColumns:
        - name: Stars
          type: integer
          jsonPath: .spec.stars
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [text]
              properties:
                text:
                  type: string
                  maxLength: 10
                  description: What to remember.
                stars:
                  type: integer
                  default: 3
              x-kubernetes-validations:
                - rule: self.stars <= 5
                  message: five stars are enough
            status:
              type: object
              x-kubernetes-preserve-unknown-fields: true
`

var _ = Describe("Somebody else's custom resource", func() {
	It("can be defined, is validated, completed, printed and documented, and goes with its definition", func(ctx context.Context) {
		write, read := administrators(ctx)
		group := write.namespace + ".example.com"
		definition := "notes." + group
		write.applyForNow(fmt.Sprintf(noteDefinition, group))
		read.ok("wait", "--for=condition=Established", "crd/"+definition, "--timeout=60s")
		note := func(k kubectl, spec string) kubectl {
			return k.given(fmt.Sprintf("apiVersion: %s/v1\nkind: Note\nmetadata:\n  name: mine\nspec: %s\n", group, spec))
		}
		for _, user := range []kubectl{write, read} {
			note(user, "{text: Milk}").eventuallySays("note."+group+"/mine", "create", "--dry-run=server", "-o", "name", "-f", "-")
		}
		for spec, want := range map[string]string{
			"{stars: 1}":                       "spec.text: Required value",
			"{text: Milk and honey, stars: 1}": "spec.text: Too long",
			"{text: Milk, stars: many}":        `spec.stars: Invalid value: "string"`,
			"{text: Milk, stars: 6}":           "five stars are enough",
			"{text: Milk, pages: 1, stars: 1}": `unknown field "spec.pages"`,
		} {
			Expect(note(write, spec).refused("create", "-f", "-")).To(show(want))
		}
		note(write, "{text: Milk}").ok("create", "-f", "-")
		Expect(read.ok("get", "notes."+group)).To(haveRows("NAME STARS", "mine 3"))
		Eventually(ctx, func() string { return read.run("explain", "notes.spec.text", "--api-version="+group+"/v1").stdout }).Should(show("What to remember."))
		Expect(note(write, "{text: Milk}").ok("apply", "--server-side", "-f", "-")).To(show("serverside-applied"))

		write.ok("delete", "crd", definition, "--timeout=60s")
		Expect(read.refused("get", "crd", definition)).To(show("NotFound"))
		Eventually(ctx, func() string { return read.run("get", "--raw", "/apis/"+group+"/v1/notes").stderr }).Should(show("NotFound"))
	})
})

var _ = Describe("A custom resource of the group ark.ai", standaloneOnly, func() {
	definition := func(plural, kind, shortName string) string {
		return fmt.Sprintf(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %[1]s.ark.ai}
spec:
  group: ark.ai
  scope: Namespaced
  names: {plural: %[1]s, kind: %[2]s, shortNames: [%[3]s]}
  versions:
    - {name: v9, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`, plural, kind, shortName)
	}

	It("is served, unless its definition claims what is built in", func(ctx context.Context) {
		write, _ := administrators(ctx)
		dryRun := []string{"create", "--dry-run=server", "-f", "-"}
		write.given(definition("sonnets", "Sonnet", "son")).ok(dryRun...)
		const reason = "belongs to a kind that this server has built in: the custom resource could never be served"
		for claim, manifest := range map[string]string{
			`spec.names.plural: Invalid value: "agents"`:       definition("agents", "Sonnet", "son"),
			`spec.names.plural: Invalid value: "agent"`:        definition("agent", "Sonnet", "son"),
			`spec.names.singular: Invalid value: "agent"`:      definition("sonnets", "Agent", "son"),
			`spec.names.kind: Invalid value: "Agent"`:          definition("sonnets", "Agent", "son"),
			`spec.names.listKind: Invalid value: "AgentList"`:  definition("sonnets", "Agent", "son"),
			`spec.names.kind: Invalid value: "AgentList"`:      definition("sonnets", "AgentList", "son"),
			`spec.names.shortNames[0]: Invalid value: "tar"`:   definition("sonnets", "Sonnet", "tar"),
			`spec.names.shortNames[0]: Invalid value: "teams"`: definition("sonnets", "Sonnet", "teams"),
		} {
			Expect(write.given(manifest).refused(dryRun...)).To(show(claim + ": " + reason))
		}
	})
})
