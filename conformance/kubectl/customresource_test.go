package kubectl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestSomebodyElsesCustomResource(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		group := write.namespace + ".example.com"
		definition := "notes." + group
		write.given(fmt.Sprintf(`
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
`, group)).ok(t, "apply", "-f", "-")
		read.ok(t, "wait", "--for=condition=Established", "crd/"+definition, "--timeout=20s")
		note := func(spec string) string {
			return fmt.Sprintf("apiVersion: %s/v1\nkind: Note\nmetadata:\n  name: mine\nspec: %s\n", group, spec)
		}
		for _, server := range []*kubectl{write, read} {
			eventually(t, watchTimeout, func() error {
				if got := server.given(note("{text: Milk}")).run(t, "apply", "--dry-run=server", "-f", "-"); got.status != 0 {
					return fmt.Errorf("notes are not served: %s", got.stderr)
				}
				return nil
			})
		}
		for spec, want := range map[string]string{
			"{stars: 1}":                       "spec.text: Required value",
			"{text: Milk and honey, stars: 1}": "spec.text: Too long",
			"{text: Milk, stars: many}":        `spec.stars: Invalid value: "string"`,
			"{text: Milk, stars: 6}":           "five stars are enough",
			"{text: Milk, pages: 1, stars: 1}": `unknown field "spec.pages"`,
		} {
			shows(t, write.given(note(spec)).refused(t, "create", "-f", "-"), want)
		}
		write.given(note("{text: Milk}")).ok(t, "create", "-f", "-")
		if got, want := rows(read.ok(t, "get", "notes."+group)), []string{"NAME STARS", "mine 3"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		eventually(t, watchTimeout, func() error {
			if got := read.run(t, "explain", "notes.spec.text", "--api-version="+group+"/v1"); !strings.Contains(got.stdout, "What to remember.") {
				return fmt.Errorf("kubectl explain: %+v", got)
			}
			return nil
		})
		if got := write.given(note("{text: Milk}")).ok(t, "apply", "--server-side", "-f", "-"); !strings.Contains(got, "serverside-applied") {
			t.Errorf("got %q", got)
		}

		write.ok(t, "delete", "crd", definition, "--timeout=60s")
		shows(t, read.refused(t, "get", "crd", definition), "NotFound")
		eventually(t, watchTimeout, func() error {
			if got := read.run(t, "get", "--raw", "/apis/"+group+"/v1/notes"); got.status == 0 {
				return fmt.Errorf("notes are still served: %s", got.stdout)
			}
			return nil
		})
	})
}
