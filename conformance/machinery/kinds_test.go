package machinery_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/docs/samples"
	"ark.ai/apiserver/src/registry"
)

// kind of the group, with the least that an object of it has to say.
type kind struct {
	registry.Description
	spec string
}

// kinds are all that there are.
var kinds = func() (kinds []kind) {
	for _, description := range registry.Describe() {
		spec, known := minimal[description.Kind]
		if !known {
			text, err := json.Marshal(samples.Of(description.Kind).Object["spec"])
			if err != nil {
				panic(err)
			}
			spec = string(text)
		}
		kinds = append(kinds, kind{description, spec})
	}
	return kinds
}()

// minimal specs are of kinds whose samples say more than they have to.
var minimal = map[string]string{
	"A2AServer":       `{"address":{"value":"http://a2a.example"}}`,
	"A2ATask":         `{"taskId":"1","queryRef":{"name":"ask"},"agentRef":{"name":"greeter"}}`,
	"Agent":           `{"prompt":"Be brief."}`,
	"Evaluation":      `{"type":"direct","config":{"input":"2+2","output":"4"},"evaluator":{"name":"judge"}}`,
	"Evaluator":       `{"address":{"value":"http://judge.example"}}`,
	"ExecutionEngine": `{"address":{"value":"http://engine.example"}}`,
	"MCPServer":       `{"transport":"http","address":{"value":"http://mcp.example"}}`,
	"Memory":          `{"address":{"value":"http://memory.example"}}`,
	"Model":           `{"provider":"openai","type":"completions","model":{"value":"gpt"},"config":{"openai":{"baseUrl":{"value":"http://openai.example"},"apiKey":{"value":"secret"}}}}`,
	"Query":           `{"input":"How are you?","target":{"type":"agent","name":"greeter"}}`,
	"Team":            `{"strategy":"sequential","members":[{"type":"agent","name":"greeter"}]}`,
	"Tool":            `{"type":"http","http":{"url":"http://tool.example"}}`,
}

// namespaced are the kinds whose objects are in namespaces.
func namespaced() []kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k kind) bool { return !k.Namespaced })
}

func (k kind) manifest(name string) string { return k.manifestOf(k.Versions[0].GroupVersion, name) }

func (k kind) manifestOf(version schema.GroupVersion, name string) string {
	return fmt.Sprintf(`{"apiVersion":%q,"kind":%q,"metadata":{"name":%q},"spec":%s}`, version, k.Kind, name, k.spec)
}

// path is that of the collection in the version that is stored, or of something in it.
func (k kind) path(namespace string, names ...string) string {
	return k.pathOf(k.Versions[0].GroupVersion, namespace, names...)
}

func (k kind) pathOf(version schema.GroupVersion, namespace string, names ...string) string {
	parts := []string{"/apis", version.String()}
	if k.Namespaced {
		parts = append(parts, "namespaces", namespace)
	}
	return strings.Join(append(append(parts, k.Plural), names...), "/")
}

// kindOf is the kind of that name.
func kindOf(name string) kind {
	GinkgoHelper()
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.Kind == name })
	Expect(i).NotTo(Equal(-1), "there is no kind "+name)
	return kinds[i]
}

// manifest is a valid object of a kind as JSON.
func manifest(kind, name string) string {
	GinkgoHelper()
	return kindOf(kind).manifest(name)
}

var _ = Describe("Every kind", func() {
	for _, k := range kinds {
		for _, version := range k.Versions {
			It("is created, read, changed, watched and deleted: "+k.Kind+" in "+version.Version, func(ctx SpecContext) {
				namespace := framework.Namespace(ctx)
				name := "one"
				if !k.Namespaced {
					name = namespace // others may have objects of the kind, too
				}
				collection := k.pathOf(version.GroupVersion, namespace)
				selected := "labelSelector=by%3D" + namespace
				object := send(ctx, "POST", collection, k.manifestOf(version.GroupVersion, name)).succeeds(201).object()
				Expect(object.GetAPIVersion()).To(Equal(version.String()))
				Expect(object.GetKind()).To(Equal(k.Kind))
				Expect(object.GetGeneration()).To(BeEquivalentTo(1))
				w := watch(ctx, collection, selected+"&resourceVersion="+object.GetResourceVersion())

				one := collection + "/" + name
				Expect(get(ctx, one).succeeds(200).object().Object).To(Equal(object.Object))
				send(ctx, "PATCH", one, `{"metadata":{"labels":{"by":"`+namespace+`"}}}`, contentType(mergePatchType)).succeeds(200)
				for _, other := range k.Versions {
					list := get(ctx, k.pathOf(other.GroupVersion, namespace)+"?"+selected).succeeds(200).object()
					Expect(list.GetAPIVersion()).To(Equal(other.String()))
					Expect(list.GetKind()).To(Equal(k.Kind + "List"))
					Expect(list.Object["items"]).To(ConsistOf(And(HaveKeyWithValue("apiVersion", other.String()), HaveKeyWithValue("kind", k.Kind))))
				}
				send(ctx, "DELETE", one, "").succeeds(200)
				get(ctx, one).refuses(404, "NotFound", k.Plural+`.ark.ai "`+name+`" not found`)
				w.sees("ADDED "+name, "DELETED "+name)
			})
		}
	}

	It("is served in its versions only", func(ctx SpecContext) {
		for _, k := range kinds {
			served := map[schema.GroupVersion]bool{}
			for _, version := range k.Versions {
				served[version.GroupVersion] = true
			}
			for _, version := range registry.GroupVersions() {
				if !served[version] {
					get(ctx, k.pathOf(version, "default")).refuses(404, "NotFound", "the server could not find the requested resource")
				}
			}
		}
	})
})
