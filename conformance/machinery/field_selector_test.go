package machinery_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"

	"ark.ai/apiserver/conformance/framework"
)

// field is a selectable field of a kind, and a value that the kind's least object does not have.
type selectableField struct{ kind, field, value string }

// selectableFields are all that docs/kinds.md names.
var selectableFields = []selectableField{
	{"A2ATask", "spec.a2aServerRef.name", "airline"},
	{"A2ATask", "spec.contextId", "trip"},
	{"A2ATask", "spec.queryRef.name", "packing-list"},
	{"A2ATask", "spec.taskId", "2"},
	{"A2ATask", "status.phase", "running"},
	{"Agent", "spec.executionEngine.name", "langchain"},
	{"Agent", "spec.modelRef.name", "large"},
	{"Evaluation", "spec.config.queryRef.name", "packing-list"},
	{"Evaluation", "spec.evaluator.name", "referee"},
	{"Evaluation", "spec.type", "baseline"},
	{"Evaluation", "status.phase", "running"},
	{"Evaluator", "status.phase", "ready"},
	{"ExecutionEngine", "spec.type", "autogen"},
	{"ToolApprovalRequest", "status.phase", "approved"},
	{"ToolInteraction", "status.phase", "completed"},
	{"Workspace", "status.phase", "Ready"},
	{"ExecutionEngine", "status.phase", "ready"},
	{"MCPServer", "spec.transport", "sse"},
	{"MCPServer", "status.authorization.state", "Authorized"},
	{"Memory", "status.phase", "ready"},
	{"Model", "spec.provider", "azure"},
	{"Query", "spec.conversationId", "thread"},
	{"Query", "spec.sessionId", "session"},
	{"Query", "spec.target.name", "other"},
	{"Query", "spec.target.type", "team"},
	{"Query", "spec.type", "messages"},
	{"Query", "status.phase", "running"},
	{"Team", "spec.strategy", "round-robin"},
	{"Tool", "spec.type", "mcp"},
	{"Tool", "status.state", "Ready"},
}

// patch sets the field to the value, together with what the kind then needs.
func (f selectableField) patch() string {
	GinkgoHelper()
	value := map[string]any{}
	at, keys := value, strings.Split(f.field, ".")
	for _, key := range keys[:len(keys)-1] {
		next := map[string]any{}
		at[key], at = next, next
	}
	at[keys[len(keys)-1]] = f.value
	if needs, found := neededWith[f.kind+" "+f.field]; found {
		spec, _ := value["spec"].(map[string]any)
		Expect(json.Unmarshal([]byte(needs), &spec)).To(Succeed())
	}
	patch, err := json.Marshal(value)
	Expect(err).NotTo(HaveOccurred())
	return string(patch)
}

var neededWith = map[string]string{
	"Model spec.provider":                  `{"config":{"azure":{"baseUrl":{"value":"http://azure.example"},"apiKey":{"value":"secret"}}}}`,
	"Tool spec.type":                       `{"mcp":{"mcpServerRef":{"name":"maps"},"toolName":"distance"}}`,
	"Evaluation spec.config.queryRef.name": `{"type":"query","config":{"input":null,"output":null,"queryRef":{"name":"packing-list"}}}`,
	"Query spec.type":                      `{"input":[{"role":"user","content":"Hi."}]}`,
}

var _ = Describe("A field selector", func() {
	for _, f := range selectableFields {
		It("selects by "+f.field+" of "+f.kind, func(ctx context.Context) {
			namespace := framework.Namespace(ctx)
			k := kindOf(f.kind)
			collection := k.path(namespace)
			send(ctx, http.MethodPost, collection, k.manifest("with")).succeeds(201)
			send(ctx, http.MethodPost, collection, k.manifest("without")).succeeds(201)
			start := get(ctx, collection).object().GetResourceVersion()
			names := []string{k.Plural, "with"}
			if strings.HasPrefix(f.field, "status.") {
				names = append(names, "status")
			}
			version := send(ctx, http.MethodPatch, path(namespace, names[0], names[1:]...), f.patch(), contentType(mergePatchType)).
				succeeds(200).object().GetResourceVersion()

			equal, unequal := url.QueryEscape(f.field+"="+f.value), url.QueryEscape(f.field+"!="+f.value)
			for _, at := range []string{"", "&resourceVersion=" + version, "&resourceVersionMatch=Exact&resourceVersion=" + version} {
				Expect(itemNames(get(ctx, collection+"?fieldSelector="+equal+at))).To(Equal([]string{"with"}), at)
				Expect(itemNames(get(ctx, collection+"?fieldSelector="+unequal+at))).To(Equal([]string{"without"}), at)
			}
			watch(ctx, collection, "fieldSelector="+equal+"&resourceVersion="+start).sees("ADDED with")
			watch(ctx, collection, "fieldSelector="+unequal+"&resourceVersion="+start).sees("DELETED with")
		})
	}

	It("selects by spec.type of Model, which has one value only", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		collection := path(namespace, "models")
		send(ctx, http.MethodPost, collection, manifest("Model", "a")).succeeds(201)
		Expect(itemNames(get(ctx, collection+"?fieldSelector=spec.type%3Dcompletions"))).To(Equal([]string{"a"}))
		Expect(itemNames(get(ctx, collection+"?fieldSelector=spec.type!%3Dcompletions"))).To(BeEmpty())
	})

	It("selects by name and namespace", func(ctx context.Context) {
		here, there := framework.Namespace(ctx), framework.Namespace(ctx)
		for _, namespace := range []string{here, there} {
			created(ctx, namespace, labelled("a", map[string]string{"spec": here}))
			created(ctx, namespace, labelled("b", map[string]string{"spec": here}))
		}
		for selector, want := range map[string][]string{
			"metadata.name=a":                                {here + "/a", there + "/a"},
			"metadata.name!=a":                               {here + "/b", there + "/b"},
			"metadata.namespace=" + here:                     {here + "/a", here + "/b"},
			"metadata.namespace==" + there:                   {there + "/a", there + "/b"},
			"metadata.namespace!=" + there:                   {here + "/a", here + "/b"},
			"metadata.name=a,metadata.namespace=" + there:    {there + "/a"},
			"metadata.name=a,metadata.namespace!=" + there:   {here + "/a"},
			"metadata.name=c":                                {},
			"metadata.name=a,status.phase=":                  {here + "/a", there + "/a"},
			"metadata.name=a,spec.target.name=greeter":       {here + "/a", there + "/a"},
			"metadata.name=a,spec.target.name=somebody":      {},
			"spec.target.type=agent,spec.target.name!=other": {here + "/a", here + "/b", there + "/a", there + "/b"},
		} {
			got := []string{}
			for _, q := range listed(ctx, "", metav1.ListOptions{LabelSelector: "spec=" + here, FieldSelector: selector}).Items {
				got = append(got, q.Namespace+"/"+q.Name)
			}
			Expect(got).To(ConsistOf(want), selector)
		}
		Expect(names(listed(ctx, here, metav1.ListOptions{FieldSelector: "metadata.namespace=" + there}))).To(BeEmpty())
		Expect(names(listed(ctx, here, metav1.ListOptions{FieldSelector: "metadata.name=a"}))).To(Equal([]string{"a"}))
	})

	It("selects together with a label selector", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		created(ctx, namespace, labelled("a", map[string]string{"x": "1"}))
		created(ctx, namespace, labelled("b", map[string]string{"x": "1"}))
		created(ctx, namespace, labelled("c", map[string]string{"x": "2"}))
		patched(ctx, namespace, "b", setPhase("done"), "status")
		patched(ctx, namespace, "c", setPhase("done"), "status")
		Expect(names(listed(ctx, namespace, metav1.ListOptions{LabelSelector: "x=1", FieldSelector: "status.phase=done"}))).To(Equal([]string{"b"}))
	})

	It("selects values with commas, equal signs and backslashes, if they are escaped", func(ctx context.Context) {
		namespace := framework.Namespace(ctx)
		q := query("odd")
		q.Spec.SessionID = new(`a=b,c\d`)
		created(ctx, namespace, q)
		Expect(names(listed(ctx, namespace, metav1.ListOptions{FieldSelector: `spec.sessionId=a\=b\,c\\d`}))).To(Equal([]string{"odd"}))
		Expect(names(listed(ctx, namespace, metav1.ListOptions{FieldSelector: `spec.sessionId!=a\=b\,c\\d`}))).To(BeEmpty())
	})

	DescribeTable("is refused if it can't be used", func(ctx context.Context, selector, message string) {
		get(ctx, arkVersion+"/queries?fieldSelector="+url.QueryEscape(selector)).refuses(400, metav1.StatusReasonBadRequest, message)
	},
		Entry("a field that is not selectable", "spec.input=1h", "field label not supported: spec.input"),
		Entry("a field that does not exist", "spec.nothing=1", "field label not supported: spec.nothing"),
		Entry("one of two", "metadata.name=a,metadata.resourceVersion=1", "field label not supported: metadata.resourceVersion"),
		Entry("no operator", "metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
		Entry("an operator of labels", "metadata.name in (a,b)", "invalid selector"),
		Entry("a bad escape", `spec.sessionId=a\b`, `invalid field selector`),
	)

	It("is refused by kinds that lack the field", func(ctx context.Context) {
		get(ctx, arkVersion+"/a2aservers?fieldSelector=status.phase%3Dready").
			refuses(400, metav1.StatusReasonBadRequest, "field label not supported: status.phase")
	})
})

// itemNames are the names of a list's items.
func itemNames(list answer) []string {
	GinkgoHelper()
	objects, err := list.succeeds(200).object().ToList()
	Expect(err).NotTo(HaveOccurred())
	all := []string{}
	for _, item := range objects.Items {
		all = append(all, item.GetName())
	}
	return all
}

// fieldEquals is a selector as a parameter.
func fieldEquals(field, value string) string {
	return url.QueryEscape(field + "=" + fields.EscapeValue(value))
}
