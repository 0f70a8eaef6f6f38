package registry

import (
	"bytes"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

const fullQuery = `spec: {input: hi, target: {type: agent, name: a}}
status: {phase: running, response: {target: {type: agent, name: a}, content: hello}}`

func TestCreateDropsStatus(t *testing.T) {
	s := testStrategy(t, "Query")
	query := decode(t, s.Scheme, manifest("Query", "q", fullQuery)).(*v1alpha1.Query)
	query.Generation = 7
	s.PrepareForCreate(t.Context(), query)
	if query.Status.Phase != "" || query.Status.Response != nil {
		t.Errorf("status is %+v", query.Status)
	}
	if query.Generation != 1 {
		t.Errorf("generation is %d", query.Generation)
	}
}

func TestUpdateKeepsStatusAndCountsSpecChanges(t *testing.T) {
	s := testStrategy(t, "Query")
	old := decode(t, s.Scheme, manifest("Query", "q", fullQuery)).(*v1alpha1.Query)
	old.Generation, old.Spec.Selector = 3, &metav1.LabelSelector{}

	for _, tt := range []struct {
		about      string
		change     func(*v1alpha1.Query)
		generation int64
	}{
		{"nothing", func(*v1alpha1.Query) {}, 3},
		{"status", func(q *v1alpha1.Query) { q.Status = v1alpha1.QueryStatus{Phase: v1alpha1.QueryDone} }, 3},
		{"metadata", func(q *v1alpha1.Query) { q.Labels = map[string]string{"a": "b"} }, 3},
		{"an empty list instead of none", func(q *v1alpha1.Query) { q.Spec.Overrides = []v1alpha1.Override{} }, 4},
		{"an empty list that is stored as none", func(q *v1alpha1.Query) { q.Spec.Selector.MatchExpressions = []metav1.LabelSelectorRequirement{} }, 3},
		{"spec", func(q *v1alpha1.Query) { q.Spec.Cancel = new(bool) }, 4},
		{"free JSON", func(q *v1alpha1.Query) { q.Spec.Input = &v1alpha1.JSON{Raw: `"ho"`} }, 4},
	} {
		obj := old.DeepCopy()
		tt.change(obj)
		s.PrepareForUpdate(t.Context(), obj, old)
		if obj.Generation != tt.generation {
			t.Errorf("%s: generation is %d, want %d", tt.about, obj.Generation, tt.generation)
		}
		if obj.Status.Phase != v1alpha1.QueryRunning || obj.Status.Response == nil {
			t.Errorf("%s: status is %+v", tt.about, obj.Status)
		}
	}
}

func TestStatusUpdateKeepsAllButStatus(t *testing.T) {
	s := statusStrategy{testStrategy(t, "Query")}
	old := decode(t, s.Scheme, manifest("Query", "q", fullQuery)).(*v1alpha1.Query)
	old.Generation, old.ResourceVersion = 3, "12"
	obj := old.DeepCopy()
	obj.Spec.Input = nil
	obj.Labels = map[string]string{"a": "b"}
	obj.Finalizers = []string{"ark.ai/finalizer"}
	obj.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "me"}}
	obj.Status.Phase = v1alpha1.QueryDone
	s.PrepareForUpdate(t.Context(), obj, old)

	if obj.Spec.Input == nil || obj.Labels != nil || obj.Finalizers != nil || obj.Generation != 3 || obj.ResourceVersion != "12" {
		t.Errorf("the status write changed %+v %+v", obj.ObjectMeta, obj.Spec)
	}
	if len(obj.ManagedFields) != 1 || obj.Status.Phase != v1alpha1.QueryDone {
		t.Errorf("the status write lost %+v %+v", obj.ManagedFields, obj.Status)
	}
}

// Query and A2ATask start at pending with their first status write, not before.
func TestUpdateKeepsTheKindOfTheStoredObject(t *testing.T) {
	s := testStrategy(t, "Memory")
	gvk := v1alpha1.SchemeGroupVersion.WithKind("Memory")
	for about, prepare := range map[string]func(obj, old runtime.Object){
		"main":   func(obj, old runtime.Object) { s.PrepareForUpdate(t.Context(), obj, old) },
		"status": func(obj, old runtime.Object) { statusStrategy{s}.PrepareForUpdate(t.Context(), obj, old) },
	} {
		with, without := &v1alpha1.Memory{}, &v1alpha1.Memory{}
		with.SetGroupVersionKind(gvk)
		obj := with.DeepCopy()
		if prepare(obj, without); !obj.GroupVersionKind().Empty() {
			t.Errorf("%s: the kind is %v, the stored one's is empty", about, obj.GroupVersionKind())
		}
		if prepare(obj, with); obj.GroupVersionKind() != gvk {
			t.Errorf("%s: the kind is %v, the stored one's is %v", about, obj.GroupVersionKind(), gvk)
		}
	}
}

func TestStatusDefaults(t *testing.T) {
	for _, kind := range []string{"Query", "A2ATask"} {
		s := testStrategy(t, kind)
		obj := decode(t, s.Scheme, manifest(kind, "it", "status: {}"))
		phase := func() string { return s.selectable(obj)["status.phase"] }
		s.PrepareForCreate(t.Context(), obj)
		if phase() != "" {
			t.Errorf("%s: created in phase %s", kind, phase())
		}
		statusStrategy{s}.PrepareForUpdate(t.Context(), obj, obj.DeepCopyObject())
		if phase() != "pending" {
			t.Errorf("%s: phase is %q after the first status write", kind, phase())
		}
	}
}

// A write that changes nothing must not change a byte, or controllers that react to their own
// writes feed themselves. So preparing a prepared object is the identity, for every kind.
func TestPrepareIsIdempotent(t *testing.T) {
	for kind, spec := range map[string]string{
		"A2AServer":       `{address: {value: u}}`,
		"A2ATask":         `{queryRef: {name: q}, agentRef: {}, taskId: t}`,
		"Agent":           `{tools: [{type: custom, name: t}]}`,
		"Evaluation":      `{config: {input: i, output: o}}`,
		"Evaluator":       `{address: {value: u}, selector: {resourceType: Query}}`,
		"ExecutionEngine": `{type: t, address: {value: u}}`,
		"MCPServer":       `{address: {value: u}, authorization: {tokenSecretRef: {name: s}}}`,
		"Memory":          `{address: {value: u}}`,
		"Model":           `{type: openai, model: {value: m}, config: {openai: {baseUrl: {value: u}, apiKey: {value: k}}}}`,
		"Query":           `{input: {b: 1, a: 2}, target: {type: agent, name: a}}`,
		"Team":            `{members: [], strategy: sequential}`,
		"Tool":            `{type: http, http: {url: "http://e.org"}, approval: {}}`,

		"Workspace":           `{persistent: true, other: {b: 1, a: 2}}`,
		"ToolApprovalRequest": `{toolCalls: [1]}`,
		"ToolInteraction":     `{}`,
		"ExecutionProfile":    `{sdkConfig: {b: 1, a: 2}}`,
	} {
		s := testStrategy(t, kind)
		codec := serializer.NewCodecFactory(s.Scheme).LegacyCodec(GroupVersions()...)
		obj := decode(t, s.Scheme, manifestOf(s.versions[0], kind, "it", "spec: "+spec))
		s.PrepareForCreate(t.Context(), obj)
		expect(t, s.Validate(t.Context(), obj))
		statusStrategy{s}.PrepareForUpdate(t.Context(), obj, obj.DeepCopyObject())
		stored := encode(t, codec, obj)

		old, err := runtime.Decode(codec, stored)
		if err != nil {
			t.Fatal(err)
		}
		obj = old.DeepCopyObject()
		s.PrepareForUpdate(t.Context(), obj, old)
		expect(t, s.ValidateUpdate(t.Context(), obj, old))
		statusStrategy{s}.PrepareForUpdate(t.Context(), obj, old)
		if again := encode(t, codec, obj); !bytes.Equal(again, stored) {
			t.Errorf("%s changed\n from %s\n to   %s", kind, stored, again)
		}
	}
}

func encode(t *testing.T, codec runtime.Codec, obj runtime.Object) []byte {
	t.Helper()
	data, err := runtime.Encode(codec, obj)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWarnings(t *testing.T) {
	for _, tt := range []struct {
		kind, spec string
		want       []string
	}{
		{"Agent", `{tools: [{type: mcp, name: a}, {type: custom, name: b}]}`, []string{`spec.tools[1].type: "custom" is deprecated, use the type of the Tool`}},
		{"Team", `{selector: {model: m}}`, []string{"spec.selector.model: deprecated, use spec.selector.agent"}},
		{"Query", `{targets: [{type: agent, name: a}]}`, []string{"spec.targets: deprecated, use spec.target"}},
		{"Query", `{evaluators: [{name: e}], evaluatorSelector: {}}`, []string{
			"spec.evaluators: deprecated, use Evaluation and Evaluator objects",
			"spec.evaluatorSelector: deprecated, use Evaluation and Evaluator objects"}},
		{"Memory", `{}`, nil},
	} {
		s := testStrategy(t, tt.kind)
		obj := decode(t, s.Scheme, manifest(tt.kind, "it", "spec: "+tt.spec))
		if got := s.WarningsOnCreate(t.Context(), obj); !slices.Equal(got, tt.want) {
			t.Errorf("%s %s: warnings %q", tt.kind, tt.spec, got)
		}
		if got := (statusStrategy{s}).WarningsOnUpdate(t.Context(), obj, obj); got != nil {
			t.Errorf("%s: warnings on a status write: %q", tt.kind, got)
		}
	}
}

func TestFinalizerWarnings(t *testing.T) {
	const path, end = "metadata.finalizers: ", " to avoid accidental conflicts with other finalizer writers"
	s := testStrategy(t, "Memory")
	obj := func(finalizers ...string) runtime.Object {
		return &v1alpha1.Memory{ObjectMeta: metav1.ObjectMeta{Finalizers: finalizers}}
	}
	named := obj("example.com/hold", "hold", "example.com", "foregroundDeletion")
	want := []string{
		path + `"hold": prefer a domain-qualified finalizer name` + end,
		path + `"example.com": prefer a domain-qualified finalizer name including a path (/)` + end,
	}
	if got := s.WarningsOnCreate(t.Context(), named); !slices.Equal(got, want) {
		t.Errorf("warnings on creation %q", got)
	}
	if got := s.WarningsOnUpdate(t.Context(), named, obj("hold")); !slices.Equal(got, want[1:]) {
		t.Errorf("warnings of finalizers that are not new: %q", got)
	}
}

func TestResetFields(t *testing.T) {
	s := testStrategy(t, "Memory")
	version := fieldpath.APIVersion("ark.ai/v1alpha1")
	if got := s.GetResetFields()[version].String(); got != ".status" {
		t.Errorf("main resource resets %s", got)
	}
	if got := (statusStrategy{s}).GetResetFields()[version].String(); got != ".metadata\n.spec" {
		t.Errorf("status resets %q", got)
	}
}
