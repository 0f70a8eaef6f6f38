package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("kubectl label and annotate", func() {
	// prepare makes the agents adviser, which has labels and an annotation, and forecaster.
	prepare := func(ctx context.Context) (write, read kubectl) {
		GinkgoHelper()
		write, read = administrators(ctx)
		write.finds(agent("forecaster", "Forecast.") + "---" + strings.Replace(
			labelled(agent("adviser", "Advise."), "stage: live, team: blue"), "spec:", "  annotations: {example.com/note: hello}\nspec:", 1))
		return write, read
	}

	DescribeTable("print what they did:",
		func(ctx context.Context, command, printed, labels string) {
			write, read := prepare(ctx)
			Expect(rows(write.ok(strings.Fields(command)...))).To(ConsistOf(strings.Split(printed, "\n")))
			read.says(labels, "get", "agent", "adviser", "-o", "jsonpath={.metadata.labels} {.metadata.annotations}")
			// Only a change of the spec counts.
			read.says("1 1", "get", "agents", "-o", "jsonpath={.items[*].metadata.generation}")
		},
		EntryDescription("kubectl %[1]s"),
		Entry(nil, "label agent adviser colour=red", "agent.ark.ai/adviser labeled", `{"colour":"red","stage":"live","team":"blue"} {"example.com/note":"hello"}`),
		Entry(nil, "label agent adviser stage=live", "agent.ark.ai/adviser not labeled", `{"stage":"live","team":"blue"} {"example.com/note":"hello"}`),
		Entry(nil, "label agent adviser stage=test --overwrite", "agent.ark.ai/adviser labeled", `{"stage":"test","team":"blue"} {"example.com/note":"hello"}`),
		Entry(nil, "label agent adviser stage-", "agent.ark.ai/adviser unlabeled", `{"team":"blue"} {"example.com/note":"hello"}`),
		Entry(nil, "label agents --all colour=red", "agent.ark.ai/adviser labeled\nagent.ark.ai/forecaster labeled",
			`{"colour":"red","stage":"live","team":"blue"} {"example.com/note":"hello"}`),
		Entry(nil, "label agents -l stage=live team-", "agent.ark.ai/adviser unlabeled", `{"stage":"live"} {"example.com/note":"hello"}`),
		Entry(nil, "label agents --field-selector metadata.name=adviser team-", "agent.ark.ai/adviser unlabeled", `{"stage":"live"} {"example.com/note":"hello"}`),
		Entry(nil, "label agent adviser --list", "stage=live\nteam=blue", `{"stage":"live","team":"blue"} {"example.com/note":"hello"}`),
		Entry(nil, "annotate agent adviser example.com/more=x", "agent.ark.ai/adviser annotated",
			`{"stage":"live","team":"blue"} {"example.com/more":"x","example.com/note":"hello"}`),
		Entry(nil, "annotate agent adviser example.com/note=bye --overwrite", "agent.ark.ai/adviser annotated",
			`{"stage":"live","team":"blue"} {"example.com/note":"bye"}`),
		Entry(nil, "annotate agent adviser example.com/note-", "agent.ark.ai/adviser annotated", `{"stage":"live","team":"blue"}`),
		Entry(nil, "annotate agent adviser --list", "example.com/note=hello", `{"stage":"live","team":"blue"} {"example.com/note":"hello"}`),
	)

	DescribeTable("are refused:",
		func(ctx context.Context, command, want string) {
			write, read := prepare(ctx)
			Expect(write.refused(strings.Fields(command)...)).To(show(want))
			read.says(`{"stage":"live","team":"blue"} {"example.com/note":"hello"}`, "get", "agent", "adviser", "-o", "jsonpath={.metadata.labels} {.metadata.annotations}")
		},
		EntryDescription("kubectl %[1]s"),
		Entry(nil, "label agent adviser stage=test", "already has a value (live), and --overwrite is false"),
		Entry(nil, "label agent adviser stage=a/b --overwrite", "a valid label must be"),
		Entry(nil, "label agent adviser stage=test --overwrite --resource-version=1", "Error from server (Conflict)"),
		Entry(nil, "annotate agent adviser example.com/note=bye", "already has a value (hello)"),
		Entry(nil, "annotate agent adviser example.com/note=bye --overwrite --resource-version=1", "Error from server (Conflict)"),
	)

	It("write the version that they were told to", func(ctx context.Context) {
		write, read := prepare(ctx)
		version := read.ok("get", "agent", "adviser", "-o", "jsonpath={.metadata.resourceVersion}")
		write.says("agent.ark.ai/adviser labeled", "label", "agent", "adviser", "colour=red", "--resource-version="+version)
		Expect(write.refused("label", "agent", "adviser", "colour=blue", "--overwrite", "--resource-version="+version)).To(show("Error from server (Conflict)"))
	})

	It("keep any text in an annotation", func(ctx context.Context) {
		write, read := prepare(ctx)
		write.ok("annotate", "agent", "adviser", `note=é "q" <&>`)
		read.says(`é "q" <&>`, "get", "agent", "adviser", "-o", "jsonpath={.metadata.annotations.note}")
	})
})
