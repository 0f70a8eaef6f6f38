package kubectl_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// columns is the head and a row of a table, but for the age.
type columns struct{ head, row string }

var _ = Describe("kubectl get and kubectl get -o wide", func() {
	DescribeTable("print the columns of",
		func(ctx context.Context, resource, name string, fields fields, met string, narrow, more columns) {
			write, read := administrators(ctx)
			write.finds(manifests(resource))
			write.ok(setStatus(resource, name, status(fields, strings.Fields(met)...))...)
			Expect(read.ok("get", resource, name)).To(haveAgedRows(narrow.head, narrow.row))
			Expect(read.ok("get", resource, name, "-o", "wide")).To(haveAgedRows(narrow.head+more.head, narrow.row+more.row))
		},
		Entry("agents", "agent", "forecaster", fields{}, "Available",
			columns{"NAME MODEL AVAILABLE", "forecaster default True"},
			columns{" ENGINE", ""}),
		Entry("models", "model", "default", fields{"resolvedAddress": "https://api.openai.com/v1"}, "ModelAvailable",
			columns{"NAME TYPE PROVIDER MODEL AVAILABLE", "default completions openai gpt-4.1-mini True"},
			columns{" ADDRESS", " https://api.openai.com/v1"}),
		Entry("tools", "tool", "forecast", fields{"state": "Ready"}, "",
			columns{"NAME TYPE STATE", "forecast http Ready"},
			columns{" DESCRIPTION", " Returns the weather forecast of a place."}),
		Entry("teams", "team", "travel", fields{}, "Available",
			columns{"NAME STRATEGY AVAILABLE", "travel graph True"},
			columns{}),
		Entry("queries", "query", "packing-list", fields{"phase": "done", "duration": "3.5s"}, "",
			columns{"NAME TYPE PHASE DURATION", "packing-list user done 3.5s"},
			columns{" TARGET SESSION", " travel lisbon-trip"}),
		Entry("memories", "memory", "default", fields{"phase": "running", "lastResolvedAddress": "http://memory"}, "",
			columns{"NAME PHASE ADDRESS", "default running http://memory"},
			columns{}),
		Entry("MCP servers", "mcpserver", "maps",
			fields{"toolCount": 3, "resolvedAddress": "http://maps", "authorization": fields{"state": "Required"}}, "Available Discovering",
			columns{"NAME AVAILABLE DISCOVERING TOOLS AUTH", "maps True True 3 Required"},
			columns{" ADDRESS", " http://maps"}),
		Entry("evaluations", "evaluation", "packing-list", fields{"phase": "done", "score": "0.9", "passed": true}, "",
			columns{"NAME TYPE PHASE SCORE PASSED", "packing-list query done 0.9 true"},
			columns{" EVALUATOR", " judge"}),
		Entry("evaluators", "evaluator", "judge", fields{"phase": "ready", "lastResolvedAddress": "http://judge"}, "",
			columns{"NAME PHASE ADDRESS", "judge ready http://judge"},
			columns{}),
		Entry("execution engines", "executionengine", "langchain", fields{"phase": "ready", "lastResolvedAddress": "http://langchain"}, "",
			columns{"NAME TYPE PHASE ADDRESS", "langchain langchain ready http://langchain"},
			columns{}),
		Entry("A2A servers", "a2aserver", "airline",
			fields{"lastResolvedAddress": "https://airline", "lastResolvedEndpoint": "https://airline/a2a"}, "Ready Discovering",
			columns{"NAME READY DISCOVERING ADDRESS ENDPOINT", "airline True True https://airline https://airline/a2a"},
			columns{}),
		Entry("workspaces", "workspace", "travel-notes", fields{"phase": "Ready", "pvcName": "travel-notes-0"}, "",
			columns{"NAME PHASE", "travel-notes Ready"},
			columns{" CLAIM", " travel-notes-0"}),
		Entry("requests for approval", "toolapprovalrequest", "book-flight", fields{"phase": "pending"}, "",
			columns{"NAME QUERY PHASE", "book-flight packing-list pending"},
			columns{}),
		Entry("interactions", "toolinteraction", "choose-seat", fields{"phase": "completed"}, "",
			columns{"NAME TYPE PHASE", "choose-seat selection completed"},
			columns{}),
		Entry("A2A tasks", "a2atask", "check-in", fields{"phase": "input-required"}, "",
			columns{"NAME QUERY AGENT PHASE", "check-in packing-list booking input-required"},
			columns{" SERVER TASK", " airline 3f8f1c52-6c0e-4b2c-9a5e-2f9a3f5d6a11"}),
	)

	It("print nothing of a status that nobody wrote", func(ctx context.Context) {
		write, read := administrators(ctx)
		write.finds(manifests("evaluation"))
		write.finds(manifests("mcpserver"))
		Expect(read.ok("get", "evaluation", "packing-list")).To(haveAgedRows("NAME TYPE PHASE SCORE PASSED", "packing-list query"))
		Expect(read.ok("get", "mcpserver", "maps")).To(haveAgedRows("NAME AVAILABLE DISCOVERING TOOLS AUTH", "maps"))
	})
})
