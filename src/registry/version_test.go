package registry

import (
	"context"
	"encoding/json"
	"testing"

	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
)

// What is written through one version is read through the other, and items of a list bear the
// version that was asked.
func TestVersionsShareAStore(t *testing.T) {
	forEachStorage(t, func(t *testing.T, ctx context.Context, served map[string]rest.Storage) {
		engine := &v1alpha1.ExecutionEngine{ObjectMeta: metav1.ObjectMeta{Name: "e"}}
		engine.Spec.Address = &v1alpha1.ValueSource{Value: new("http://e.example")}
		create(t, ctx, served["v1prealpha1/executionengines"], engine)
		for _, version := range []string{"v1alpha1", "v1prealpha1"} {
			list, err := served[version+"/executionengines"].(rest.Lister).List(ctx, &metainternalversion.ListOptions{})
			if err != nil {
				t.Fatal(err)
			}
			items := list.(*v1alpha1.ExecutionEngineList).Items
			if len(items) != 1 || items[0].APIVersion != "ark.ai/"+version || items[0].Kind != "ExecutionEngine" {
				t.Errorf("through %s: %+v", version, items)
			}
			converted, err := testScheme(t).ConvertToVersion(list, v1prealpha1.SchemeGroupVersion)
			if err != nil {
				t.Fatal(err)
			}
			if got := converted.(*v1prealpha1.ExecutionEngineList).Items[0].APIVersion; got != "ark.ai/"+version {
				t.Errorf("through %s: converted to %s", version, got)
			}
		}
	})
}

// Objects are stored in the first version of their kind, whichever they are written through.
func TestStoredVersion(t *testing.T) {
	scheme := testScheme(t)
	codec := serializer.NewCodecFactory(scheme).LegacyCodec(GroupVersions()...)
	for _, r := range resources {
		for _, v := range r.versions {
			obj := decode(t, scheme, manifestOf(v, r.kind, "it", ""))
			var stored metav1.TypeMeta
			if err := json.Unmarshal(encode(t, codec, obj), &stored); err != nil {
				t.Fatal(err)
			}
			if want := r.versions[0].String(); stored.APIVersion != want || stored.Kind != r.kind {
				t.Errorf("%s written through %s is stored as %v, want %s", r.kind, v, stored, want)
			}
		}
	}
}

// Two versions of a manifest that are applied in turn come to rest.
func TestApplyThroughVersionsInTurn(t *testing.T) {
	s := testStrategy(t, "A2AServer")
	apply := func(live runtime.Object, v version, description string) runtime.Object {
		t.Helper()
		applied, err := fieldManagerOf(t, s, v, filters(s)).Apply(live, &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": v.String(), "kind": "A2AServer",
			"metadata": map[string]any{"name": "a"},
			"spec":     map[string]any{"address": map[string]any{"value": "http://a.example"}, "description": description},
		}}, "applier", false)
		if err != nil {
			t.Fatal(err)
		}
		ctx := genericapirequest.WithRequestInfo(t.Context(), &genericapirequest.RequestInfo{Verb: "patch"})
		s.PrepareForUpdate(ctx, applied, live)
		return applied
	}
	live := apply(s.newObject(), s.versions[0], "first")
	live.(metav1.Object).SetResourceVersion("1")
	stored := encode(t, serializer.NewCodecFactory(s.Scheme).LegacyCodec(GroupVersions()...), live)
	for _, v := range append(s.versions, s.versions...) {
		live = apply(live, v, "first")
		if got := encode(t, serializer.NewCodecFactory(s.Scheme).LegacyCodec(GroupVersions()...), live); string(got) != string(stored) {
			t.Errorf("applied through %s:\n got  %s\n want %s", v, got, stored)
		}
	}
	live = apply(live, s.versions[1], "second")
	if entry := live.(metav1.Object).GetManagedFields()[0]; entry.APIVersion != s.versions[1].String() {
		t.Errorf("a change was applied through %s, by %s", entry.APIVersion, s.versions[1])
	}
}
