package kubectl_test

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

const itemNames = "jsonpath={.items[*].metadata.name}"

var _ = Describe("kubectl get --field-selector", func() {
	queries := query("one", "paris") + "status: {phase: done}\n---" + query("two", "paris") + "status: {phase: running}\n---" + query("three", "rome")

	DescribeTable("selects queries",
		func(ctx context.Context, selector, want string) {
			write, read := administrators(ctx)
			write.finds(queries)
			read.says(want, "get", "queries", "--field-selector", selector, "-o", itemNames)
		},
		EntryDescription("with %[1]s"),
		Entry(nil, "status.phase=done", "one"),
		Entry(nil, "status.phase==running", "two"),
		Entry(nil, "status.phase!=done", "three two"),
		Entry(nil, "status.phase=", "three"),
		Entry(nil, "spec.sessionId=paris", "one two"),
		Entry(nil, "spec.sessionId=paris,status.phase!=done", "two"),
		Entry(nil, "spec.sessionId!=paris", "three"),
		Entry(nil, "spec.target.name=reporter,metadata.name=two", "two"),
		Entry(nil, "metadata.name!=one", "three two"),
		Entry(nil, "spec.sessionId=london", ""),
	)

	It("refuses a field that can't be selected by", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("get", "queries", "--field-selector", "spec.input=x")).To(show("BadRequest", "field label not supported: spec.input"))
	})

	It("takes what the documentation types", beyondCustomResources, func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(queries)
		for _, command := range framework.DocumentedCommands("queries.md", "## What do I type?") {
			before, selector, after := quoted(command)
			args := append(append(strings.Fields(before)[1:], selector), strings.Fields(after)...)
			// The other namespaces are those of other specs.
			read.ok(slices.DeleteFunc(args, func(arg string) bool { return arg == "-A" })...)
		}
		read.says("one three two", "get", "queries", "-o", itemNames)
	})

	It("follows a selector that looks at objects", beyondCustomResources, func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(queries)
		read.says("two one", "get", "queries", "--field-selector", "orderBy=-status.phase,first=2", "-o", itemNames)
		read.ok("wait", "queries", "--field-selector", "spec.sessionId>=rome", "--for", "jsonpath={.metadata.name}=three", "--timeout=1m")
		write.ok("delete", "queries", "--field-selector", "text~=reporter,metadata.name!=three")
		read.says("three", "get", "queries", "-o", itemNames)
	})

	It("sees a change at once, on whichever server it was made", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(queries)
		read.says("two", "get", "queries", "--field-selector", "status.phase=running", "-o", itemNames)
		write.ok(setPhase("two", "done")...)
		read.says("one two", "get", "queries", "--field-selector", "status.phase=done", "-o", itemNames)
		read.says("", "get", "queries", "--field-selector", "status.phase=running", "-o", "name")
	})
})

// quoted is the argument of a command that is in quotes, and what is before and after it.
func quoted(command string) (before, argument, after string) {
	before, rest, _ := strings.Cut(command, "'")
	argument, after, _ = strings.Cut(rest, "'")
	return before, argument, after
}

var _ = Describe("kubectl get --selector", func() {
	DescribeTable("selects queries",
		func(ctx context.Context, selector, want string) {
			write, read := administrators(ctx)
			write.finds(labelled(query("one", "a"), "stage: test, team: red") + "---" + labelled(query("two", "a"), "stage: live") + "---" + query("three", "a"))
			read.says(want, "get", "queries", "--selector", selector, "-o", itemNames)
		},
		EntryDescription("with %[1]s"),
		Entry(nil, "stage=test", "one"),
		Entry(nil, "stage!=test", "three two"),
		Entry(nil, "stage in (test,live)", "one two"),
		Entry(nil, "stage notin (test)", "three two"),
		Entry(nil, "stage", "one two"),
		Entry(nil, "!stage", "three"),
		Entry(nil, "stage in (test,live),!team", "two"),
		Entry(nil, "stage=test,team notin (green)", "one"),
	)

	It("refuses what is not a selector", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("get", "queries", "-l", "stage in test")).To(show("unable to parse"))
	})
})
