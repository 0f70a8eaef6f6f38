package kubectl_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
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

	It("sees a change at once, on whichever server it was made", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(queries)
		read.says("two", "get", "queries", "--field-selector", "status.phase=running", "-o", itemNames)
		write.ok(setPhase("two", "done")...)
		read.says("one two", "get", "queries", "--field-selector", "status.phase=done", "-o", itemNames)
		read.says("", "get", "queries", "--field-selector", "status.phase=running", "-o", "name")
	})
})

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
