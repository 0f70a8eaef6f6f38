package kubectl_test

import (
	"fmt"
	"strings"
	"testing"
)

const misspelt = `
apiVersion: ark.ai/v1alpha1
kind: Agent
metadata:
  name: misspelt
spec:
  promt: Rhyme.
  modelRef:
    name: default
    colour: red
`

func TestMisspeltFields(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		const promt, colour = `unknown field "spec.promt"`, `unknown field "spec.modelRef.colour"`
		shows(t, write.given(misspelt).refused(t, "create", "--validate=strict", "-f", "-"), promt, colour)
		shows(t, write.given(misspelt).refused(t, "apply", "--validate=strict", "-f", "-"), promt, colour)
		// Here Kubernetes names one of them, now this one, now that one.
		shows(t, write.given(misspelt).refused(t, "apply", "--server-side", "-f", "-"), ": field not declared in schema")
		read.says(t, "", "get", "agents", "-o", "name")
		got := write.given(misspelt).run(t, "create", "--validate=warn", "-f", "-")
		if got.status != 0 {
			t.Errorf("with --validate=warn it is refused: %s", got.stderr)
		}
		shows(t, got.stderr, "Warning: "+promt, "Warning: "+colour)
		read.says(t, `{"modelRef":{"name":"default"}}`, "get", "agent", "misspelt", "-o", "jsonpath={.spec}")
		if got := write.given(misspelt).run(t, "replace", "--validate=ignore", "-f", "-"); got.status != 0 || got.stderr != "" {
			t.Errorf("with --validate=ignore: %+v", got)
		}
	})
}

func TestEverythingThatIsWrongAtOnce(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		manifest := `
apiVersion: ark.ai/v1alpha1
kind: Query
metadata:
  name: wrong
  labels:
    stage: not a label
spec:
  input: What?
  ttl: soon
  parameters:
    - name: ""
      value: x
  target:
    type: wizard
    name: ""
`
		for _, command := range [][]string{{"create"}, {"apply"}, {"apply", "--server-side"}} {
			got := write.given(manifest).refused(t, append(command, "-f", "-")...)
			shows(t, got, `The Query "wrong" is invalid:`,
				`spec.target.type: Unsupported value: "wizard": supported values: "agent", "model", "team", "tool"`,
				"spec.target.name: Required value",
				`spec.ttl: Invalid value: "soon"`,
				"spec.parameters[0].name: Required value",
				`metadata.labels: Invalid value: "not a label"`,
			)
		}
		read.says(t, "", "get", "queries", "-o", "name")
		shows(t, write.given(query("ask", "a")+"  timeout: 1h\n  labels: {}\n").refused(t, "create", "-f", "-"), `unknown field "spec.labels"`)
		shows(t, write.given(agent("typed", "[1]")).refused(t, "create", "-f", "-"), "cannot unmarshal array into Go struct field AgentSpec.spec.prompt of type string")

		write.given(query("ask", "a")).ok(t, "create", "-f", "-")
		shows(t, write.refused(t, "patch", "query", "ask", "--type=merge", "-p", `{"spec":{"target":null}}`), `The Query "ask" is invalid`, "spec.target")
		shows(t, write.refused(t, setPhase("ask", "thinking")...), `status.phase: Unsupported value: "thinking"`)
	})
}

// The names of custom resources are DNS subdomains: they end up in labels, host names and files.
func TestNamesAreDNSSubdomains(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		for _, name := range []string{"Poet", "two words", "-poet", "poet_1", "poët", strings.Repeat("a", 254)} {
			shows(t, write.given(agent(fmt.Sprintf("%q", name), "Rhyme.")).refused(t, "create", "-f", "-"), "metadata.name: Invalid value")
		}
		write.given(agent("poet.1-a", "Rhyme.")).ok(t, "create", "-f", "-")
		write.given(agent(strings.Repeat("a", 253), "Rhyme.")).ok(t, "create", "-f", "-")
	})
}

func TestGeneratedNames(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		manifest := strings.Replace(query("x", "a"), "  name: x", "  generateName: ask-", 1)
		first := strings.TrimSuffix(write.given(manifest).ok(t, "create", "-f", "-"), " created\n")
		second := strings.TrimSuffix(write.given(manifest).ok(t, "create", "-f", "-"), " created\n")
		if first == second || !strings.HasPrefix(first, "query.ark.ai/ask-") || len(first) != len("query.ark.ai/ask-")+5 {
			t.Errorf("generated: %s, %s", first, second)
		}
		read.ok(t, "get", first, second)
	})
}

func TestTooLarge(t *testing.T) {
	onEveryInstallation(t, func(t *testing.T, write, read *kubectl) {
		for _, test := range []struct {
			size int
			want string
		}{
			{4 << 20, "Request entity too large: limit is 3145728"},
			{2 << 20, "limit is 1572864"},
		} {
			shows(t, write.given(agent("large", strings.Repeat("x", test.size))).refused(t, "create", "-f", "-"), "Error from server (RequestEntityTooLarge)", test.want)
		}
		write.given(agent("large", strings.Repeat("x", 1<<20))).ok(t, "create", "-f", "-")
		shows(t, write.given(agent("large", strings.Repeat("y", 2<<20))).refused(t, "replace", "-f", "-"), "Error from server (RequestEntityTooLarge)", "limit is 1572864")
		if length := len(read.ok(t, "get", "agent", "large", "-o", "jsonpath={.spec.prompt}")); length != 1<<20 {
			t.Errorf("a prompt of 1 MiB comes back with %d bytes", length)
		}
	})
}
