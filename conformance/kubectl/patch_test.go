package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl patch", func() {
	const (
		unchanged = "agent.ark.ai/forecaster patched (no change)"
		patched   = "agent.ark.ai/forecaster patched"
	)
	patch := func(kind, patch string, args ...string) []string {
		return append([]string{"patch", "agent", "forecaster", "--type", kind, "--patch", patch}, args...)
	}

	DescribeTable("changes a field once, and nothing the second time,",
		func(ctx context.Context, kind, text, path, want string) {
			write, read := administrators(ctx)
			write.finds(manifests("agent"))
			write.says(patched, patch(kind, text)...)
			read.says(want, "get", "agent", "forecaster", "-o", "jsonpath="+path+"|{.metadata.generation}")
			before := read.ok("get", "agent", "forecaster", "-o", "yaml", "--show-managed-fields")
			write.says(unchanged, patch(kind, text)...)
			Expect(read.ok("get", "agent", "forecaster", "-o", "yaml", "--show-managed-fields")).To(Equal(before))
		},
		Entry("with a merge patch", "merge", `{"spec":{"prompt":"Rhyme.","description":null}}`, "{.spec.prompt}{.spec.description}", "Rhyme.|2"),
		Entry("with a merge patch of metadata", "merge", `{"metadata":{"labels":{"a":"b"}}}`, "{.metadata.labels.a}", "b|1"),
		Entry("with a merge patch of free JSON", "merge", `{"spec":{"outputSchema":{"properties":{"warning":null}}}}`,
			"{.spec.outputSchema}", `{"properties":{"summary":{"type":"string"}},"required":["summary"],"type":"object"}|2`),
		Entry("with a JSON patch", "json", `[{"op":"replace","path":"/spec/prompt","value":"Rhyme."}]`, "{.spec.prompt}", "Rhyme.|2"),
		Entry("with a strategic merge patch", beyondCustomResources, "strategic", `{"spec":{"prompt":"Rhyme."}}`, "{.spec.prompt}", "Rhyme.|2"),
		Entry("with a strategic merge patch that leaves the version open", beyondCustomResources,
			"strategic", `{"metadata":{"resourceVersion":null,"labels":{"a":"b"}}}`, "{.metadata.labels.a}", "b|1"),
		Entry("with a strategic merge patch, to which lists are atomic as in custom resources", beyondCustomResources,
			"strategic", `{"spec":{"parameters":[{"name":"lang","value":"pt"}]}}`, "{.spec.parameters[*].name}", "lang|2"),
	)

	DescribeTable("carries out a JSON patch",
		func(ctx context.Context, text, path, want string) {
			write, read := administrators(ctx)
			write.finds(manifests("agent"))
			write.says(patched, patch("json", text)...)
			read.says(want, "get", "agent", "forecaster", "-o", "jsonpath="+path+"|{.metadata.generation}")
		},
		Entry("that adds to a list", `[{"op":"add","path":"/spec/parameters/-","value":{"name":"mood","value":"dry"}}]`,
			"{.spec.parameters[*].name}", "units mood|2"),
		Entry("that removes a list", `[{"op":"remove","path":"/spec/tools"}]`, "{.spec.tools}", "|2"),
		Entry("that tests before", `[{"op":"test","path":"/spec/modelRef/name","value":"default"},{"op":"replace","path":"/spec/modelRef/name","value":"small"}]`,
			"{.spec.modelRef.name}", "small|2"),
	)

	It("reads a patch from a file", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(manifests("agent"))
		write.says(patched, "patch", "agent", "forecaster", "--type=merge", "--patch-file", write.file("patch.yaml", "spec: {prompt: Rhyme.}\n"))
		read.says("Rhyme.", "get", "agent", "forecaster", "-o", "jsonpath={.spec.prompt}")
	})

	It("writes the status", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(manifests("agent"))
		write.says(patched, setAvailable("forecaster")...)
		write.says(unchanged, setAvailable("forecaster")...)
		read.says("True|1", "get", "agent", "forecaster", "-o", `jsonpath={.status.conditions[?(@.type=="Available")].status}|{.metadata.generation}`)
	})

	DescribeTable("refuses",
		func(ctx context.Context, kind, text, want string) {
			write, read := administrators(ctx)
			write.finds(manifests("agent"))
			before := read.ok("get", "agent", "forecaster", "-o", "yaml")
			Expect(write.refused(patch(kind, text)...)).To(show(want))
			Expect(read.ok("get", "agent", "forecaster", "-o", "yaml")).To(Equal(before))
		},
		Entry("a version that is not the newest", "merge", `{"metadata":{"resourceVersion":"1"},"spec":{"prompt":"x"}}`,
			`Error from server (Conflict): Operation cannot be fulfilled on agents.ark.ai "forecaster": the object has been modified`),
		Entry("a JSON patch whose test fails", "json", `[{"op":"test","path":"/spec/modelRef/name","value":"small"}]`, "The request is invalid"),
		Entry("another name", "merge", `{"metadata":{"name":"other"}}`, "the name of the object (other) does not match the name on the URL (forecaster)"),
		Entry("what is not a patch", "json", `{"spec":{}}`, "cannot unmarshal object"),
	)

	It("refuses an agent that does not exist", func(ctx context.Context) {
		write, _ := administrators(ctx)
		Expect(write.refused("patch", "agent", "nobody", "--type=merge", "-p", "{}")).To(show(`agents.ark.ai "nobody" not found`))
	})
})
