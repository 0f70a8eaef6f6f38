package registry

import (
	"encoding/json"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/managedfields"
	apiopenapi "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/kube-openapi/pkg/builder3"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/openapi"
)

// models returns the OpenAPI v3 schemas of all kinds and of what they refer to, built as a server
// does.
func models(t *testing.T) map[string]*spec.Schema {
	t.Helper()
	external := runtime.NewScheme()
	if err := AddVersionsToScheme(external); err != nil {
		t.Fatal(err)
	}
	config := genericapiserver.DefaultOpenAPIV3Config(openapi.GetOpenAPIDefinitions, apiopenapi.NewDefinitionNamer(external))
	var names []string
	for _, r := range resources {
		for _, v := range r.versions {
			name, err := external.ToOpenAPIDefinitionName(v.WithKind(r.kind))
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
	}
	schemas, err := builder3.BuildOpenAPIDefinitionsForResources(config, names...)
	if err != nil {
		t.Fatal(err)
	}
	return schemas
}

// fieldManager returns what a server uses to apply a kind.
func fieldManager(t *testing.T, s strategy) *managedfields.FieldManager {
	t.Helper()
	return fieldManagerOf(t, s, s.versions[0], filters(s))
}

// fieldManagerOf returns what it uses to apply a version of a kind. Fields that the filters leave
// out are nobody's.
func fieldManagerOf(t *testing.T, s strategy, v version, filters map[fieldpath.APIVersion]fieldpath.Filter) *managedfields.FieldManager {
	t.Helper()
	converter, err := managedfields.NewTypeConverter(models(t), false)
	if err != nil {
		t.Fatal(err)
	}
	manager, err := managedfields.NewDefaultFieldManager(converter, s.Scheme, s.Scheme, s.Scheme, v.WithKind(s.kind), internalVersion, "", filters)
	if err != nil {
		t.Fatal(err)
	}
	return manager
}

// filters keep fields that a strategy resets from being owned.
func filters(s rest.ResetFieldsStrategy) map[fieldpath.APIVersion]fieldpath.Filter {
	return fieldpath.NewExcludeFilterSetMap(s.GetResetFields())
}

// Server-side apply owns fields by name, and leaves free JSON that it does not mention byte for
// byte.
func TestServerSideApply(t *testing.T) {
	s := testStrategy(t, "Query")
	manager := fieldManager(t, s)
	ctx := genericapirequest.WithRequestInfo(t.Context(), &genericapirequest.RequestInfo{Verb: "patch"})
	for _, input := range freeJSON {
		created := decode(t, s.Scheme, `{"apiVersion":"ark.ai/v1alpha1","kind":"Query","metadata":{"name":"q"}}`).(*v1alpha1.Query)
		created.Spec.Target = &v1alpha1.QueryTarget{Type: v1alpha1.TargetAgent, Name: "a"}
		created.Spec.Input = &v1alpha1.JSON{Raw: input}
		created.ResourceVersion = "1"
		live, err := manager.Update(s.newObject(), created, "creator")
		if err != nil {
			t.Fatalf("%s: %v", input, err)
		}

		change := &unstructured.Unstructured{Object: map[string]interface{}{
			"apiVersion": "ark.ai/v1alpha1", "kind": "Query",
			"metadata": map[string]interface{}{"name": "q"},
			"spec":     map[string]interface{}{"sessionId": "s"},
		}}
		applied, err := manager.Apply(live, change, "applier", false)
		if err != nil {
			t.Fatalf("%s: %v", input, err)
		}
		query := applied.(*v1alpha1.Query)
		s.PrepareForUpdate(ctx, query, live)
		if got := query.Spec.Input.Raw; got != input {
			t.Errorf("%s became %s", input, got)
		}
		if ptr.Deref(query.Spec.SessionID, "") != "s" || query.Spec.Target.Name != "a" {
			t.Errorf("spec is %+v", query.Spec)
		}
		owned := string(managedBy(query.ManagedFields, "applier"))
		if owned != `{"f:spec":{"f:sessionId":{}}}` {
			t.Errorf("the applier owns %s", owned)
		}
	}
}

func managedBy(entries []metav1.ManagedFieldsEntry, manager string) []byte {
	for _, entry := range entries {
		if entry.Manager == manager {
			return entry.FieldsV1.GetRawBytes()
		}
	}
	return nil
}

// Applying free JSON stores it, and applying it once more changes nothing.
func TestApplyFreeJSON(t *testing.T) {
	s := testStrategy(t, "Tool")
	manager := fieldManager(t, s)
	ctx := genericapirequest.WithRequestInfo(t.Context(), &genericapirequest.RequestInfo{Verb: "patch"})
	var live runtime.Object = &v1alpha1.Tool{}
	var text string
	for range 2 {
		change := &unstructured.Unstructured{}
		if err := json.Unmarshal([]byte(`{"apiVersion":"ark.ai/v1alpha1","kind":"Tool","metadata":{"name":"t"},
			"spec":{"type":"mcp","inputSchema":{"type":"object","properties":{"b":{"type":"string"},"a":{"maximum":1.5}}}}}`), change); err != nil {
			t.Fatal(err)
		}
		applied, err := manager.Apply(live, change, "applier", true)
		if err != nil {
			t.Fatal(err)
		}
		tool := applied.(*v1alpha1.Tool)
		tool.ResourceVersion = "1"
		s.PrepareForUpdate(ctx, tool, live)
		if text != "" && tool.Spec.InputSchema.Raw != text {
			t.Errorf("the second apply changed %s to %s", text, tool.Spec.InputSchema.Raw)
		}
		live, text = tool, tool.Spec.InputSchema.Raw
	}
	if want := `{"properties":{"a":{"maximum":1.5},"b":{"type":"string"}},"type":"object"}`; text != want {
		t.Errorf("applied %s, want %s", text, want)
	}
}

// kubectl explain, patch and apply rely on names and extensions of the models.
func TestOpenAPIModels(t *testing.T) {
	schemas := models(t)
	for _, r := range resources {
		for _, v := range r.versions {
			schema := schemas["ai.ark."+v.Version+"."+r.kind]
			if schema == nil {
				t.Fatalf("no model of %s", r.kind)
			}
			gvk, _ := json.Marshal(schema.Extensions["x-kubernetes-group-version-kind"])
			if want := `[{"group":"ark.ai","kind":"` + r.kind + `","version":"` + v.Version + `"}]`; string(gvk) != want {
				t.Errorf("%s has group, version and kind %s", r.kind, gvk)
			}
		}
	}
	property := func(model, name string) spec.Schema { return schemas["ai.ark.v1alpha1."+model].Properties[name] }
	for _, model := range []string{"QueryStatus", "A2ATaskStatus"} {
		extensions := property(model, "conditions").Extensions
		if extensions["x-kubernetes-patch-merge-key"] != "type" || extensions["x-kubernetes-patch-strategy"] != "merge" {
			t.Errorf("conditions of %s have %v", model, extensions)
		}
	}
	for _, model := range []string{"JSON", "JSONObject"} {
		if schemas["ai.ark.v1alpha1."+model].Extensions["x-kubernetes-preserve-unknown-fields"] != true {
			t.Errorf("%s does not preserve unknown fields", model)
		}
	}
	if types := property("QuerySpec", "ttl").Type; !types.Contains("string") {
		t.Errorf("a duration has type %v", types)
	}
	if enum := property("QueryStatus", "phase").Enum; len(enum) != 8 {
		t.Errorf("phases of a query: %v", enum)
	}
	// Every reference leads somewhere, and every field of ours is described.
	text, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range strings.Split(string(text), `"$ref":"#/components/schemas/`)[1:] {
		if name, _, _ := strings.Cut(part, `"`); schemas[name] == nil {
			t.Errorf("no model %s", name)
		}
	}
	for name, schema := range schemas {
		if !strings.HasPrefix(name, "ai.ark.") {
			continue
		}
		for field, property := range schema.Properties {
			if property.Description == "" {
				t.Errorf("%s.%s has no description", name, field)
			}
		}
	}
}
