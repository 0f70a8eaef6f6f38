package machinery_test

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/conformance/framework"
)

// kind of the group, with the least that an object of it has to say.
type kind struct{ name, resource, spec string }

// kinds are all that there are.
var kinds = []kind{
	{"A2AServer", "a2aservers", `{"address":{"value":"http://a2a.example"}}`},
	{"A2ATask", "a2atasks", `{"taskId":"1","queryRef":{"name":"ask"},"agentRef":{"name":"greeter"}}`},
	{"Agent", "agents", `{"prompt":"Be brief."}`},
	{"Evaluation", "evaluations", `{"type":"direct","config":{"input":"2+2","output":"4"},"evaluator":{"name":"judge"}}`},
	{"Evaluator", "evaluators", `{"address":{"value":"http://judge.example"}}`},
	{"ExecutionEngine", "executionengines", `{"type":"langchain","address":{"value":"http://engine.example"}}`},
	{"MCPServer", "mcpservers", `{"transport":"http","address":{"value":"http://mcp.example"}}`},
	{"Memory", "memories", `{"address":{"value":"http://memory.example"}}`},
	{"Model", "models", `{"provider":"openai","type":"completions","model":{"value":"gpt"},"config":{"openai":{"baseUrl":{"value":"http://openai.example"},"apiKey":{"value":"secret"}}}}`},
	{"Query", "queries", `{"input":"How are you?","target":{"type":"agent","name":"greeter"}}`},
	{"Team", "teams", `{"strategy":"sequential","members":[{"type":"agent","name":"greeter"}]}`},
	{"Tool", "tools", `{"type":"http","http":{"url":"http://tool.example"}}`},
}

func (k kind) gvr() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "ark.ai", Version: "v1alpha1", Resource: k.resource}
}

func (k kind) singular() string { return strings.ToLower(k.name) }

func (k kind) manifest(name string) string {
	return fmt.Sprintf(`{"apiVersion":"ark.ai/v1alpha1","kind":%q,"metadata":{"name":%q},"spec":%s}`, k.name, name, k.spec)
}

// manifest is a valid object of a kind as JSON.
func manifest(name, objectName string) string {
	GinkgoHelper()
	for _, k := range kinds {
		if k.name == name {
			return k.manifest(objectName)
		}
	}
	Fail("there is no kind " + name)
	return ""
}

var _ = Describe("Every kind", func() {
	for _, k := range kinds {
		It("is created, read, changed, watched and deleted: "+k.name, func(ctx SpecContext) {
			namespace := framework.Namespace(ctx)
			collection := path(namespace, k.resource)
			object := send(ctx, "POST", collection, k.manifest("one")).succeeds(201).object()
			Expect(object.GetKind()).To(Equal(k.name))
			Expect(object.GetGeneration()).To(BeEquivalentTo(1))
			w := watch(ctx, collection, "resourceVersion="+object.GetResourceVersion())

			one := path(namespace, k.resource, "one")
			Expect(get(ctx, one).succeeds(200).object().Object).To(Equal(object.Object))
			send(ctx, "PATCH", one, `{"metadata":{"labels":{"a":"b"}}}`, contentType(mergePatchType)).succeeds(200)
			list := get(ctx, collection+"?labelSelector=a%3Db").succeeds(200).object()
			Expect(list.GetKind()).To(Equal(k.name + "List"))
			Expect(list.Object["items"]).To(HaveLen(1))
			send(ctx, "DELETE", one, "").succeeds(200)
			get(ctx, one).refuses(404, "NotFound", k.resource+`.ark.ai "one" not found`)
			w.sees("MODIFIED one", "DELETED one")
		})
	}
})
