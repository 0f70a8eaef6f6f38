package machinery_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("What is stored", func() {
	var namespace string

	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	// everywhere is what reads of an object say: at once, in a list, in a list of the past, and in
	// a watch.
	everywhere := func(ctx context.Context, resource, version string, field ...string) map[string]any {
		GinkgoHelper()
		collection := path(namespace, resource)
		list := func(parameters string) map[string]any {
			return get(ctx, collection+parameters).succeeds(200).object().Object["items"].([]any)[0].(map[string]any)
		}
		all := map[string]any{}
		for how, object := range map[string]map[string]any{
			"read":   get(ctx, path(namespace, resource, "it")).succeeds(200).object().Object,
			"cached": list("?resourceVersion=" + version),
			"exact":  list("?resourceVersionMatch=Exact&resourceVersion=" + version),
			"watch":  watch(ctx, collection, "").next().Object.Object,
		} {
			at := any(object)
			for _, key := range field {
				at = at.(map[string]any)[key]
			}
			all[how] = at
		}
		return all
	}

	for name, text := range map[string]string{
		"ASCII with control characters": func() string {
			var all strings.Builder
			for c := range rune(0x80) {
				all.WriteRune(c)
			}
			return all.String()
		}(),
		"a NUL":                       "a\x00b",
		"what JSON and HTML escape":   `"\/<>&'` + "\u2028\u2029\u0085\ufeff",
		"other scripts":               "Grüße, Γειά, שלום, नमस्ते, 你好, こんにちは",
		"beyond the basic plane":      "𝄞 😀 👩‍👩‍👧‍👦 \U0010ffff",
		"combining and noncharacters": "e\u0301 \ufffe \uffff \ufdd0 \u200d",
		"what SQL and regexes escape": `%_'";--\$1\n$${}`,
		"only blanks":                 " \t\r\n  ",
	} {
		It("keeps text: "+name, func(ctx context.Context) {
			agent := map[string]any{
				"apiVersion": "ark.ai/v1alpha1", "kind": "Agent",
				"metadata": map[string]any{"name": "it", "annotations": map[string]any{"example.com/text": text}},
				"spec":     map[string]any{"prompt": text, "outputSchema": map[string]any{"title": text, text: "key"}},
			}
			version := send(ctx, http.MethodPost, path(namespace, "agents"), jsonOf(agent)).succeeds(201).object().GetResourceVersion()
			Expect(everywhere(ctx, "agents", version, "spec", "prompt")).To(HaveEach(text))
			Expect(everywhere(ctx, "agents", version, "spec", "outputSchema")).To(HaveEach(Equal(map[string]any{"title": text, text: "key"})))
			Expect(everywhere(ctx, "agents", version, "metadata", "annotations", "example.com/text")).To(HaveEach(text))
		})
	}

	It("keeps text as an index and a selectable value", func(ctx context.Context) {
		for i, session := range []string{"a b", "日本", "a/b%2Fc", "'; DROP TABLE objects; --", `\u0000`} {
			q := query(fmt.Sprint("q-", i))
			q.Spec.SessionID = &session
			created(ctx, namespace, q)
			got := get(ctx, path(namespace, "queries")+"?fieldSelector="+fieldEquals("spec.sessionId", session))
			Expect(itemNames(got)).To(Equal([]string{q.Name}), session)
		}
	})

	It("keeps numbers that fit into 64 bits, and free JSON of any shape", func(ctx context.Context) {
		const schema = `{"max":9223372036854775807,"min":-9223372036854775808,"odd":9007199254740993,"half":0.5,"tiny":1e-7,"zero":0,
			"flags":[true,false],"nested":[[],{},[[1,"two",{"three":3.25}]]],"":"empty key"}`
		version := send(ctx, http.MethodPost, path(namespace, "tools"), tool(schema)).succeeds(201).object().GetResourceVersion()
		want := parsed([]byte(schema)).Object
		Expect(everywhere(ctx, "tools", version, "spec", "inputSchema")).To(HaveEach(Equal(want)))
	})

	It("keeps free JSON to the letter: order of keys, longer numbers, escapes", beyondCustomResources, func(ctx context.Context) {
		unlessCustomResources("custom resources sort keys and round numbers beyond 64 bits")
		const schema = `{"z":1,"a":{"y":1.0,"b":1e2},"big":123456789012345678901234567890,"precise":0.1234567890123456789012345,"escaped":"\u0000\u00e9\/","m":[3,2,1]}`
		send(ctx, http.MethodPost, path(namespace, "tools"), tool(schema)).succeeds(201)
		one := path(namespace, "tools", "it")
		for _, patch := range []struct{ kind, text string }{
			{mergePatchType, `{"metadata":{"labels":{"a":"b"}}}`},
			{jsonPatchType, `[{"op":"add","path":"/metadata/labels/c","value":"d"}]`},
			{applyPatchType, `{"apiVersion":"ark.ai/v1alpha1","kind":"Tool","metadata":{"name":"it","labels":{"e":"f"}}}`},
		} {
			send(ctx, http.MethodPatch, one+"?fieldManager=patcher", patch.text, contentType(patch.kind)).succeeds(200)
			Expect(inputSchema(get(ctx, one).Body)).To(Equal(schema), patch.kind)
		}
		Expect(inputSchema(get(ctx, path(namespace, "tools")).Body)).To(Equal(schema))
	})

	It("is the same in YAML", func(ctx context.Context) {
		text := "apiVersion: ark.ai/v1alpha1\nkind: Agent\nmetadata:\n  name: it\nspec:\n  prompt: |\n    Say \"no: yes\".\n    Ünïcödé 😀\n"
		send(ctx, http.MethodPost, path(namespace, "agents"), text, contentType(yamlType), accept(yamlType)).succeeds(201)
		got := get(ctx, path(namespace, "agents", "it")).succeeds(200).object()
		Expect(got.Object["spec"]).To(HaveKeyWithValue("prompt", "Say \"no: yes\".\nÜnïcödé 😀\n"))
	})
})

// tool is a Tool named "it" with an input schema.
func tool(schema string) string {
	return strings.Replace(manifest("Tool", "it"), `"spec":{`, `"spec":{"inputSchema":`+schema+`,`, 1)
}

// inputSchema is the text of a Tool's input schema, in an object or a list of one.
func inputSchema(body string) string {
	GinkgoHelper()
	type item struct {
		Spec struct{ InputSchema json.RawMessage }
	}
	var list struct {
		item
		Items []item
	}
	Expect(json.Unmarshal([]byte(body), &list)).To(Succeed())
	for _, i := range list.Items {
		return string(i.Spec.InputSchema)
	}
	return string(list.Spec.InputSchema)
}
