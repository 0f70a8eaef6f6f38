package registry

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/sets"

	"ark.ai/apiserver/docs/samples"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// Every kind that is registered is served, and has what the strategy relies on.
func TestTableIsComplete(t *testing.T) {
	scheme := testScheme(t)
	served := sets.New[string]()
	for _, r := range resources {
		for _, v := range r.versions {
			served.Insert(v.Version+" "+r.kind, v.Version+" "+r.kind+"List")
		}
		obj := r.newObject()
		for _, name := range []string{"ObjectMeta", "Spec", "Status"} {
			if !part(obj, name).CanSet() {
				t.Errorf("%s has no %s", r.kind, name)
			}
		}
		if !scheme.HasValidationFunc(obj) {
			t.Errorf("%s has no declarative validation", r.kind)
		}
		if kind := reflect.TypeOf(r.newList()).Elem().Name(); kind != r.kind+"List" {
			t.Errorf("the list type of %s is %s", r.kind, kind)
		}
		if !sets.New(r.selectableFields(r.versions[0])...).HasAll(r.indexed...) {
			t.Errorf("%s indexes fields that are not selectable: %v", r.kind, r.indexed)
		}
	}
	for _, version := range GroupVersions() {
		for kind, goType := range scheme.KnownTypes(version) {
			if strings.HasSuffix(goType.PkgPath(), "/apis/ark/"+version.Version) && !served.Has(version.Version+" "+kind) {
				t.Errorf("%s is registered, but has no row in the table", kind)
			}
		}
	}
}

func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		kind, body string
		headers    []string
		cells      []interface{}
	}{
		{"Agent", `{spec: {modelRef: {name: m}}, status: {conditions: [{type: X, status: "False"}, {type: Available, status: "True"}]}}`, []string{"Name", "Model", "Available", "Age"}, []interface{}{"it", "m", "True", nil}},
		{"Agent", `{}`, []string{"Name", "Model", "Available", "Age"}, []interface{}{"it", nil, nil, nil}},
		{"Model", `{spec: {model: {value: gpt}, provider: openai}, status: {conditions: [{type: ModelAvailable, status: Unknown}]}}`, []string{"Name", "Type", "Provider", "Model", "Available", "Age"}, []interface{}{"it", "completions", "openai", "gpt", "Unknown", nil}},
		{"Tool", `{spec: {type: mcp}, status: {state: Ready}}`, []string{"Name", "Type", "State", "Age"}, []interface{}{"it", "mcp", "Ready", nil}},
		{"Team", `{spec: {strategy: graph}}`, []string{"Name", "Strategy", "Available", "Age"}, []interface{}{"it", "graph", nil, nil}},
		{"Query", `{status: {phase: done, duration: 1.5s}}`, []string{"Name", "Type", "Phase", "Duration", "Age"}, []interface{}{"it", "user", "done", "1.5s", nil}},
		{"Memory", `{status: {phase: ready, lastResolvedAddress: u}}`, []string{"Name", "Phase", "Address", "Age"}, []interface{}{"it", "ready", "u", nil}},
		{"MCPServer", `{status: {toolCount: 0, authorization: {state: Required}, conditions: [{type: Discovering, status: "False"}]}}`, []string{"Name", "Available", "Discovering", "Tools", "Auth", "Age"}, []interface{}{"it", nil, "False", int64(0), "Required", nil}},
		{"Evaluation", `{status: {phase: done, score: "0.5", passed: true}}`, []string{"Name", "Type", "Phase", "Score", "Passed", "Age"}, []interface{}{"it", "direct", "done", "0.5", true, nil}},
		{"Evaluation", `{status: {phase: done, score: "0.1"}}`, []string{"Name", "Type", "Phase", "Score", "Passed", "Age"}, []interface{}{"it", "direct", "done", "0.1", false, nil}},
		{"Evaluator", `{status: {phase: ready, lastResolvedAddress: u}}`, []string{"Name", "Phase", "Address", "Age"}, []interface{}{"it", "ready", "u", nil}},
		{"ExecutionEngine", `{spec: {type: t}, status: {phase: ready, lastResolvedAddress: u}}`, []string{"Name", "Type", "Phase", "Address", "Age"}, []interface{}{"it", "t", "ready", "u", nil}},
		{"A2AServer", `{status: {lastResolvedAddress: u, lastResolvedEndpoint: e, conditions: [{type: Ready, status: "True"}]}}`, []string{"Name", "Ready", "Discovering", "Address", "Endpoint", "Age"}, []interface{}{"it", "True", nil, "u", "e", nil}},
		{"A2ATask", `{spec: {queryRef: {name: q}, agentRef: {name: a}}, status: {phase: running}}`, []string{"Name", "Query", "Agent", "Phase", "Age"}, []interface{}{"it", "q", "a", "running", nil}},
		{"ArkConfig", `{spec: {queryTTL: 24h}}`, []string{"Name", "QueryTTL", "EvaluationTTL", "Age"}, []interface{}{"it", "24h", nil, nil}},
		{"Workspace", `{status: {phase: Ready}}`, []string{"Name", "Phase", "Age"}, []interface{}{"it", "Ready", nil}},
		{"ToolApprovalRequest", `{spec: {queryRef: {name: q}}, status: {phase: pending}}`, []string{"Name", "Query", "Phase", "Age"}, []interface{}{"it", "q", "pending", nil}},
		{"ToolInteraction", `{spec: {type: input}, status: {phase: pending}}`, []string{"Name", "Type", "Phase", "Age"}, []interface{}{"it", "input", "pending", nil}},
		{"ExecutionProfile", `{spec: {hooks: []}}`, []string{"Name", "Age"}, []interface{}{"it", nil}},
	} {
		s := testStrategy(t, tt.kind)
		obj := decode(t, s.Scheme, "{apiVersion: "+s.versions[0].String()+", kind: "+tt.kind+", metadata: {name: it}, "+tt.body[1:])
		tables, err := s.tables()
		if err != nil {
			t.Fatal(err)
		}
		table, err := tables[0].ConvertToTable(t.Context(), obj, nil)
		if err != nil {
			t.Fatal(err)
		}
		var headers []string
		var cells []interface{}
		for i, definition := range table.ColumnDefinitions {
			if definition.Priority == 0 {
				headers = append(headers, definition.Name)
				cells = append(cells, table.Rows[0].Cells[i])
			}
		}
		if !slices.Equal(headers, tt.headers) {
			t.Errorf("%s: headers %v, want %v", tt.kind, headers, tt.headers)
		}
		if !reflect.DeepEqual(cells, tt.cells) {
			t.Errorf("%s: cells %#v, want %#v", tt.kind, cells, tt.cells)
		}
	}
}

// A column of the status is empty until there is one, of each kind, in each version, in lists too.
func TestColumnsOfNoStatus(t *testing.T) {
	empty := 0
	for _, r := range resources {
		s := testStrategy(t, r.kind)
		tables, err := s.tables()
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range s.versions {
			sample := samples.Of(s.kind)
			sample.SetAPIVersion(v.String())
			delete(sample.Object, "status")
			text, err := sample.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			obj := decode(t, s.Scheme, string(text))
			list := s.newList()
			if err := meta.SetList(list, []runtime.Object{obj}); err != nil {
				t.Fatal(err)
			}
			for _, printed := range []runtime.Object{obj, list} {
				table, err := tables[i].ConvertToTable(t.Context(), printed, nil)
				if err != nil {
					t.Fatal(err)
				}
				for i, column := range s.columnsOf(v) {
					if cell := table.Rows[0].Cells[i+1]; strings.HasPrefix(column.JSONPath, ".status") {
						empty++
						if cell != nil {
							t.Errorf("%s in %s: %s is %v", s.kind, v, column.Name, cell)
						}
					}
				}
			}
		}
	}
	if empty < 60 {
		t.Errorf("only %d cells were looked at", empty)
	}
}

// Each field that a selector may name has the value that its path in the JSON says.
func TestSelectableFields(t *testing.T) {
	for _, tt := range []struct {
		kind, body string
		want       fields.Set
	}{
		{"Agent", `{spec: {modelRef: {name: a}, executionEngine: {name: b}}}`, fields.Set{"spec.modelRef.name": "a", "spec.executionEngine.name": "b"}},
		{"Model", `{spec: {provider: azure, type: completions}}`, fields.Set{"spec.provider": "azure", "spec.type": "completions"}},
		{"Tool", `{spec: {type: http}, status: {state: Ready}}`, fields.Set{"spec.type": "http", "status.state": "Ready"}},
		{"Team", `{spec: {strategy: graph}}`, fields.Set{"spec.strategy": "graph"}},
		{"Query", `{spec: {type: messages, sessionId: a, conversationId: b, target: {type: team, name: c}}, status: {phase: done}}`, fields.Set{
			"spec.type": "messages", "spec.sessionId": "a", "spec.conversationId": "b", "spec.target.type": "team", "spec.target.name": "c", "status.phase": "done"}},
		{"Memory", `{status: {phase: ready}}`, fields.Set{"status.phase": "ready"}},
		{"MCPServer", `{spec: {transport: sse}, status: {authorization: {state: Authorized}}}`, fields.Set{"spec.transport": "sse", "status.authorization.state": "Authorized"}},
		{"Evaluation", `{spec: {type: query, evaluator: {name: a}, config: {queryRef: {name: b}}}, status: {phase: done}}`, fields.Set{
			"spec.type": "query", "status.phase": "done", "spec.evaluator.name": "a", "spec.config.queryRef.name": "b"}},
		{"Evaluator", `{status: {phase: ready}}`, fields.Set{"status.phase": "ready"}},
		{"ExecutionEngine", `{spec: {type: a}, status: {phase: ready}}`, fields.Set{"spec.type": "a", "status.phase": "ready"}},
		{"A2AServer", `{spec: {description: d}}`, nil},
		{"ArkConfig", `{spec: {queryTTL: 1h}}`, nil},
		{"Workspace", `{status: {phase: Ready}}`, fields.Set{"status.phase": "Ready"}},
		{"ToolApprovalRequest", `{status: {phase: approved}}`, fields.Set{"status.phase": "approved"}},
		{"ToolInteraction", `{status: {phase: 1}}`, fields.Set{"status.phase": ""}},
		{"ExecutionProfile", `{status: {phase: p}}`, nil},
		{"A2ATask", `{spec: {queryRef: {name: a}, a2aServerRef: {name: b}, taskId: c, contextId: d}, status: {phase: failed}}`, fields.Set{
			"status.phase": "failed", "spec.queryRef.name": "a", "spec.a2aServerRef.name": "b", "spec.taskId": "c", "spec.contextId": "d"}},
	} {
		s := testStrategy(t, tt.kind)
		obj := decode(t, s.Scheme, "{apiVersion: "+s.versions[0].String()+", kind: "+tt.kind+", metadata: {name: it, namespace: here, labels: {a: b}}, "+tt.body[1:])
		set, selectable, err := s.attributes(obj)
		if err != nil {
			t.Fatal(err)
		}
		want := fields.Set{"metadata.name": "it", "metadata.namespace": "here"}
		for name, value := range tt.want {
			want[name] = value
		}
		if !reflect.DeepEqual(selectable, want) {
			t.Errorf("%s: fields\n got  %v\n want %v", tt.kind, selectable, want)
		}
		if set["a"] != "b" {
			t.Errorf("%s: labels %v", tt.kind, set)
		}

		// An empty object has the same fields, and the scheme accepts them in selectors.
		if _, empty, err := s.attributes(s.newObject()); err != nil || len(empty) != len(want) {
			t.Errorf("%s: fields of an empty object: %v, %v", tt.kind, empty, err)
		}
		gvk := s.versions[0].WithKind(tt.kind)
		for name, value := range want {
			if label, converted, err := s.Scheme.ConvertFieldLabel(gvk, name, value); err != nil || label != name || converted != value {
				t.Errorf("%s: selector %s=%s became %s=%s, %v", tt.kind, name, value, label, converted, err)
			}
			predicate := s.predicate(labels.Everything(), fields.OneTermEqualSelector(name, value))
			matches, err := predicate.Matches(obj)
			if err != nil || !matches {
				t.Errorf("%s: selector %s=%s does not match, %v", tt.kind, name, value, err)
			}
		}
		for _, name := range []string{"spec.unknown", "status", "metadata.resourceVersion"} {
			if _, _, err := s.Scheme.ConvertFieldLabel(gvk, name, "x"); err == nil {
				t.Errorf("%s: selector on %s was accepted", tt.kind, name)
			}
		}
	}
}

// The watch cache's index on a field has the field's value.
func TestIndexes(t *testing.T) {
	r := testStrategy(t, "Query").resource
	query := &v1alpha1.Query{Spec: v1alpha1.QuerySpec{SessionID: new("s")}, Status: v1alpha1.QueryStatus{Phase: v1alpha1.QueryDone}}
	if got := r.triggers()["spec.sessionId"](query); got != "s" {
		t.Errorf("trigger is %q", got)
	}
	for name, want := range map[string]string{"f:spec.sessionId": "s", "f:status.phase": "done"} {
		if got, err := (*r.indexers())[name](query); err != nil || !slices.Equal(got, []string{want}) {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
}
