package registry

import (
	"path/filepath"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/conversion"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/managedfields"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage/names"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/sqlite"
)

// A made-up version, in which a tool's state is named stage, is all it takes to rename a field: a
// type, a conversion there and back, and two lines in the table.

var madeUpVersion = schema.GroupVersion{Group: v1alpha1.GroupName, Version: "v9"}

type madeUpTool struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              v1alpha1.ToolSpec `json:"spec"`
	Status            madeUpStatus      `json:"status"`
}

type madeUpStatus struct {
	Stage   string `json:"stage,omitempty"`
	Message string `json:"message,omitempty"`
}

type madeUpToolList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []madeUpTool `json:"items"`
}

func toStored(in *madeUpTool, out *v1alpha1.Tool, _ conversion.Scope) error {
	*out = v1alpha1.Tool{TypeMeta: in.TypeMeta, ObjectMeta: in.ObjectMeta, Spec: in.Spec, Status: v1alpha1.ToolStatus{State: in.Status.Stage, Message: in.Status.Message}}
	return nil
}

func fromStored(in *v1alpha1.Tool, out *madeUpTool, _ conversion.Scope) error {
	*out = madeUpTool{TypeMeta: in.TypeMeta, ObjectMeta: in.ObjectMeta, Spec: in.Spec, Status: madeUpStatus{Stage: in.Status.State, Message: in.Status.Message}}
	return nil
}

// What follows is generated for a real version.

func (t *madeUpTool) DeepCopyObject() runtime.Object {
	out := *t
	out.ObjectMeta = *t.ObjectMeta.DeepCopy()
	out.Spec = *t.Spec.DeepCopy()
	return &out
}

func (l *madeUpToolList) DeepCopyObject() runtime.Object {
	out := *l
	out.Items = nil
	for i := range l.Items {
		out.Items = append(out.Items, *l.Items[i].DeepCopyObject().(*madeUpTool))
	}
	return &out
}

func addMadeUpToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypeWithName(madeUpVersion.WithKind("Tool"), &madeUpTool{})
	scheme.AddKnownTypeWithName(madeUpVersion.WithKind("ToolList"), &madeUpToolList{})
	metav1.AddToGroupVersion(scheme, madeUpVersion)
	for _, err := range []error{
		scheme.AddConversionFunc((*madeUpTool)(nil), (*v1alpha1.Tool)(nil), func(a, b any, s conversion.Scope) error {
			return toStored(a.(*madeUpTool), b.(*v1alpha1.Tool), s)
		}),
		scheme.AddConversionFunc((*v1alpha1.Tool)(nil), (*madeUpTool)(nil), func(a, b any, s conversion.Scope) error {
			return fromStored(a.(*v1alpha1.Tool), b.(*madeUpTool), s)
		}),
		scheme.AddConversionFunc((*v1alpha1.ToolList)(nil), (*madeUpToolList)(nil), func(a, b any, s conversion.Scope) error {
			in, out := a.(*v1alpha1.ToolList), b.(*madeUpToolList)
			out.ListMeta, out.Items = in.ListMeta, make([]madeUpTool, len(in.Items))
			for i := range in.Items {
				if err := fromStored(&in.Items[i], &out.Items[i], s); err != nil {
					return err
				}
			}
			return nil
		}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// madeUpGroup serves tools in two versions.
func madeUpGroup() group {
	i := slices.IndexFunc(resources, func(r resource) bool { return r.kind == "Tool" })
	tool := resources[i]
	tool.versions = append(slices.Clone(tool.versions), version{
		GroupVersion: madeUpVersion,
		columns:      columns(text("Stage", ".status.state")),
		renamed:      map[string]string{"status.state": "status.stage"},
	})
	return group{
		versions:  append(slices.Clone(versions), groupVersion{madeUpVersion, addMadeUpToScheme}),
		resources: []resource{tool},
	}
}

func madeUpManifest(stage string) string {
	return `{"apiVersion":"ark.ai/v9","kind":"Tool","metadata":{"name":"t"},"spec":{"type":"agent","agent":{"name":"a"}},"status":{"stage":"` + stage + `"}}`
}

func TestVersionWithARenamedField(t *testing.T) {
	ctx := genericapirequest.WithNamespace(t.Context(), "default")
	g := madeUpGroup()
	scheme, err := g.newScheme()
	if err != nil {
		t.Fatal(err)
	}
	backend, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(t.TempDir(), "ark.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := storage.Open(ctx, backend, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	codecs := serializer.NewCodecFactory(scheme)
	served, err := g.newStorage(scheme, engine.RESTOptionsGetter(restOptions{codec: codecs.LegacyCodec(g.groupVersions()...)}))
	if err != nil {
		t.Fatal(err)
	}
	older, newer := served["v1alpha1"], served["v9"]

	create(t, ctx, newer["tools"], decode(t, scheme, madeUpManifest("")))
	update(t, ctx, newer["tools/status"], decode(t, scheme, madeUpManifest("Ready")).(*v1alpha1.Tool))

	got, err := older["tools"].(rest.Getter).Get(ctx, "t", &metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if state := got.(*v1alpha1.Tool).Status.State; state != "Ready" {
		t.Errorf("the state is %q", state)
	}
	list, err := newer["tools"].(rest.Lister).List(ctx, &internalversion.ListOptions{FieldSelector: fields.OneTermEqualSelector("status.state", "Ready")})
	if err != nil {
		t.Fatal(err)
	}
	text := string(encode(t, codecs.LegacyCodec(madeUpVersion), list))
	var answer unstructured.UnstructuredList
	if err := answer.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if len(answer.Items) != 1 || answer.Items[0].GetAPIVersion() != "ark.ai/v9" {
		t.Fatalf("the list is %s", text)
	}
	if stage, _, _ := unstructured.NestedString(answer.Items[0].Object, "status", "stage"); stage != "Ready" {
		t.Errorf("the item is %v", answer.Items[0])
	}

	// Selectors and columns are the version's own.
	if field, _, err := scheme.ConvertFieldLabel(madeUpVersion.WithKind("Tool"), "status.stage", "Ready"); err != nil || field != "status.state" {
		t.Errorf("the selector on status.stage is one on %q, %v", field, err)
	}
	if _, _, err := scheme.ConvertFieldLabel(madeUpVersion.WithKind("Tool"), "status.state", "Ready"); err == nil {
		t.Error("the new version knows the old name")
	}
	table, err := newer["tools"].(rest.TableConvertor).ConvertToTable(ctx, got, nil)
	if err != nil {
		t.Fatal(err)
	}
	if table.ColumnDefinitions[1].Name != "Stage" || table.Rows[0].Cells[1] != "Ready" {
		t.Errorf("the table is %v", table)
	}
}

// Who applies through the new version owns the field by its new name, and nothing of the status.
func TestApplyOfARenamedField(t *testing.T) {
	g := madeUpGroup()
	scheme, err := g.newScheme()
	if err != nil {
		t.Fatal(err)
	}
	s := strategy{resource: g.resources[0], Scheme: scheme, NameGenerator: names.SimpleNameGenerator}
	gvk := madeUpVersion.WithKind("Tool")
	for _, tt := range []struct {
		subresource string
		reset       rest.ResetFieldsStrategy
		want        string
	}{
		{"", s, `{"f:spec":{".":{},"f:agent":{".":{},"f:name":{}},"f:type":{}}}`},
		{"status", statusStrategy{s}, `{"f:status":{".":{},"f:stage":{}}}`},
	} {
		manager, err := managedfields.NewDefaultFieldManager(managedfields.NewDeducedTypeConverter(), scheme, scheme, scheme, gvk, internalVersion, tt.subresource, filters(tt.reset))
		if err != nil {
			t.Fatal(err)
		}
		manifest := &unstructured.Unstructured{}
		if err := manifest.UnmarshalJSON([]byte(madeUpManifest("Ready"))); err != nil {
			t.Fatal(err)
		}
		applied, err := manager.Apply(s.newObject(), manifest, "applier", false)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(managedBy(applied.(metav1.Object).GetManagedFields(), "applier")); got != tt.want {
			t.Errorf("through %q the applier owns %s, want %s", tt.subresource, got, tt.want)
		}
	}
}

// What a conversion costs beside decoding.
func BenchmarkConversion(b *testing.B) {
	scheme, err := madeUpGroup().newScheme()
	if err != nil {
		b.Fatal(err)
	}
	codecs := serializer.NewCodecFactory(scheme)
	tool := &v1alpha1.Tool{ObjectMeta: metav1.ObjectMeta{Name: "t"}}
	for _, version := range []schema.GroupVersion{v1alpha1.SchemeGroupVersion, madeUpVersion} {
		codec := codecs.LegacyCodec(version)
		text, err := runtime.Encode(codec, tool)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(version.Version, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				obj, err := runtime.Decode(codec, text)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := runtime.Encode(codec, obj); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
