package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
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

var _ = Describe("A manifest with misspelt fields", func() {
	const promt, colour = `unknown field "spec.promt"`, `unknown field "spec.modelRef.colour"`
	withoutThem := fields{"modelRef": fields{"name": "default"}}

	DescribeTable("is refused, with all their names, by",
		func(ctx context.Context, args ...string) {
			write, _ := administrators(ctx)
			Expect(write.given(misspelt).refused(append(args, "-f", "-")...)).To(show(promt, colour))
			Expect(write.stored("agents")).To(BeEmpty())
		},
		Entry("kubectl create", "create"),
		Entry("kubectl create --validate=strict", "create", "--validate=strict"),
		Entry("kubectl apply --validate=strict", "apply", "--validate=strict"),
		Entry("kubectl apply --dry-run=server", "apply", "--dry-run=server"),
	)

	It("is refused by kubectl apply --server-side, with one of their names", func(ctx context.Context) {
		write, _ := administrators(ctx)
		// Kubernetes names now this one, now that one.
		Expect(write.given(misspelt).refused("apply", "--server-side", "-f", "-")).To(show(": field not declared in schema"))
		Expect(write.stored("agents")).To(BeEmpty())
	})

	It("is stored without them, with a warning, if that was asked for (--validate=warn)", func(ctx context.Context) {
		write, _ := administrators(ctx)
		got := write.given(misspelt).run("create", "--validate=warn", "-f", "-")
		Expect(got.status).To(BeZero(), got.stderr)
		Expect(got.stderr).To(show("Warning: "+promt, "Warning: "+colour))
		Expect(write.stored("agents")).To(ConsistOf(HaveField("Object", HaveKeyWithValue("spec", withoutThem))))
	})

	It("is stored without them, and without a word, if that was asked for (--validate=ignore)", func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(misspelt).run("create", "--validate=ignore", "-f", "-")).To(Equal(result{stdout: "agent.ark.ai/misspelt created\n"}))
		Expect(write.given(misspelt).run("replace", "--validate=ignore", "-f", "-")).To(Equal(result{stdout: "agent.ark.ai/misspelt replaced\n"}))
		Expect(write.stored("agents")).To(ConsistOf(HaveField("Object", HaveKeyWithValue("spec", withoutThem))))
	})

	It("is refused as a patch if that was asked for, and else warned of", func(ctx context.Context) {
		write, _ := administrators(ctx)
		write.given(agent("poet", "Rhyme.")).ok("create", "-f", "-")
		got := write.run("patch", "agent", "poet", "--type=merge", "-p", `{"spec":{"promt":"x"}}`)
		Expect(got).To(Equal(result{stdout: "agent.ark.ai/poet patched (no change)\n", stderr: "Warning: " + promt + "\n"}))
	})
})

var _ = Describe("A manifest that says something twice", func() {
	const twice = `{"apiVersion":"ark.ai/v1alpha1","kind":"Agent","metadata":{"name":"twice"},"spec":{"prompt":"One.","prompt":"Two."}}`

	It("is refused as it is sent", func(ctx context.Context) {
		write, _ := administrators(ctx)
		collection := "/apis/ark.ai/v1alpha1/namespaces/" + write.namespace + "/agents"
		Expect(write.given(twice).refused("create", "--raw", collection+"?fieldValidation=Strict", "-f", "-")).To(show(`duplicate field "spec.prompt"`))
		Expect(write.stored("agents")).To(BeEmpty())
	})
})

var _ = Describe("A manifest with wrong values", func() {
	const wrong = `
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

	DescribeTable("is refused, with everything that is wrong at once, by",
		func(ctx context.Context, args ...string) {
			write, _ := administrators(ctx)
			Expect(write.given(wrong).refused(append(args, "-f", "-")...)).To(show(
				`The Query "wrong" is invalid:`,
				`spec.target.type: Unsupported value: "wizard": supported values: "agent", "model", "team", "tool"`,
				"spec.target.name: ",
				`spec.ttl: Invalid value: "soon"`,
				"spec.parameters[0].name: ",
				`metadata.labels: Invalid value: "not a label"`,
			))
			Expect(write.stored("queries")).To(BeEmpty())
		},
		Entry("kubectl create", "create"),
		Entry("kubectl apply", "apply"),
		Entry("kubectl apply --server-side", "apply", "--server-side"),
	)

	It("is told that a name is required, not that it is too short", beyondCustomResources, func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(wrong).refused("create", "-f", "-")).To(show("spec.target.name: Required value", "spec.parameters[0].name: Required value"))
	})

	It("is refused for a field of the wrong place", func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(query("ask", "a")+"  timeout: 1h\n  labels: {}\n").refused("create", "-f", "-")).To(show(`unknown field "spec.labels"`))
	})

	It("is refused for a value of the wrong type", func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(agent("typed", "[1]")).refused("create", "-f", "-")).To(show("spec.prompt", "string"))
	})

	It("is refused for a value of the wrong type, with the Go type that it can't be", beyondCustomResources, func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.given(agent("typed", "[1]")).refused("create", "-f", "-")).To(show(
			"Error from server (BadRequest)", "cannot unmarshal array into Go struct field AgentSpec.spec.prompt of type string"))
	})

	It("is refused as a patch of the spec or of the status", func(ctx context.Context) {
		write, _ := administrators(ctx)
		write.given(query("ask", "a")).ok("create", "-f", "-")
		Expect(write.refused("patch", "query", "ask", "--type=merge", "-p", `{"spec":{"target":null}}`)).To(show(`The Query "ask" is invalid`, "spec"))
		Expect(write.refused(setPhase("ask", "thinking")...)).To(show(`status.phase: Unsupported value: "thinking"`))
	})
})
