package kubectl_test

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"ark.ai/apiserver/conformance/framework"
)

const itemNames = "jsonpath={.items[*].metadata.name}"

var _ = Describe("kubectl get --field-selector", func() {
	queries := query("one", "paris") + "status: {phase: done}\n---" + query("two", "paris") + "status: {phase: running}\n---" + query("three", "rome")

	It("selects queries", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(queries)
		read.says("three two", "get", "queries", "--field-selector", "status.phase!=done", "-o", itemNames)
		read.says("two", "get", "queries", "--field-selector", "spec.sessionId=paris,status.phase!=done", "-o", itemNames)

		By("asking for others without kubectl, which passes them on as they are")
		for selector, want := range map[string]string{
			"status.phase=done":                           "one",
			"status.phase==running":                       "two",
			"status.phase=":                               "three",
			"spec.sessionId=paris":                        "one two",
			"spec.sessionId!=paris":                       "three",
			"metadata.name!=one":                          "three two",
			"spec.sessionId=london":                       "",
			"spec.target.name=reporter,metadata.name=two": "two",
		} {
			Expect(namesOf(read.selected("queries", metav1.ListOptions{FieldSelector: selector}))).To(Equal(want), selector)
		}
	})

	It("refuses a field that can't be selected by", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("get", "queries", "--field-selector", "spec.input=x")).To(show("BadRequest", "field label not supported: spec.input"))
	})

	It("takes what the documentation types", beyondCustomResources, func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(queries)
		for _, command := range framework.DocumentedCommands("queries.md", "## What do I type?") {
			// The other namespaces are those of other specs.
			read.ok(slices.DeleteFunc(arguments(command), func(arg string) bool { return arg == "-A" })...)
		}
		read.says("one three two", "get", "queries", "-o", itemNames)
	})

	It("answers as in the documentation", beyondCustomResources, func(ctx context.Context) {
		write, read := administrators(ctx)
		asked := func(name, input, status string) string {
			return strings.Replace(query(name, "a"), "What is new?", input, 1) + "status: " + status
		}
		write.finds(asked("capital", "What is the capital of France?", "{phase: done, tokenUsage: {totalTokens: 120}}") + "\n---" +
			asked("outage", "Why did the connection time out?", "{phase: error, tokenUsage: {totalTokens: 950}}") + "\n---" +
			asked("report", "Summarize the outage", "{phase: running, tokenUsage: {totalTokens: 4100}}") + "\n---" +
			asked("translation", "Translate the report", "{phase: done, tokenUsage: {totalTokens: 860}}"))
		session := framework.DocumentedSession("queries.md", "## A session")
		Expect(session).To(HaveLen(3))
		answer := func(command framework.DocumentedCommand) {
			got := write.run(arguments(command.Line)...)
			Expect(strings.TrimSpace(got.stdout+got.stderr)).To(Equal(command.Answer), command.Line)
		}
		for _, command := range session[0] {
			answer(command)
		}
		watched := session[1][0]
		watch := read.start(arguments(watched.Line)...)
		eventuallyPrints(ctx, watch, Not(BeEmpty()))
		for _, command := range session[2] {
			answer(command)
		}
		eventuallyPrints(ctx, watch, Equal(watched.Answer+"\n"))
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

// namesOf are those of objects, as itemNames prints them.
func namesOf(objects []unstructured.Unstructured) string {
	var names []string
	for _, object := range objects {
		names = append(names, object.GetName())
	}
	return strings.Join(names, " ")
}

// arguments are those of a command, of which one may be in quotes.
func arguments(command string) []string {
	before, rest, _ := strings.Cut(command, "'")
	args := strings.Fields(before)[1:]
	if argument, after, quoted := strings.Cut(rest, "'"); quoted {
		args = append(append(args, argument), strings.Fields(after)...)
	}
	return args
}

var _ = Describe("kubectl get --selector", func() {
	It("selects queries", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(labelled(query("one", "a"), "stage: test, team: red") + "---" + labelled(query("two", "a"), "stage: live") + "---" + query("three", "a"))
		read.says("one two", "get", "queries", "--selector", "stage in (test,live)", "-o", itemNames)
		read.says("two", "get", "queries", "--selector", "stage in (test,live),!team", "-o", itemNames)

		By("asking for others without kubectl")
		for selector, want := range map[string]string{
			"stage=test":                    "one",
			"stage!=test":                   "three two",
			"stage notin (test)":            "three two",
			"stage":                         "one two",
			"!stage":                        "three",
			"stage=test,team notin (green)": "one",
		} {
			Expect(namesOf(read.selected("queries", metav1.ListOptions{LabelSelector: selector}))).To(Equal(want), selector)
		}
	})

	It("refuses what is not a selector", func(ctx context.Context) {
		_, read := administrators(ctx)
		Expect(read.refused("get", "queries", "-l", "stage in test")).To(show("unable to parse"))
	})
})
