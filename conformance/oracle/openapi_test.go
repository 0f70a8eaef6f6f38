package oracle_test

import (
	"context"
	"encoding/json"
	"path"
	"reflect"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/conformance/framework"
)

// What OpenAPI says of the values of each field is compared like an answer. The place of a
// difference is the path of the field, with [] for the items of a list and {} for the values of a
// map, and a keyword.
var _ = Describe("OpenAPI", func() {
	for _, definition := range definitions() {
		for _, served := range definition.Spec.Versions {
			for _, document := range []string{"v2", "v3"} {
				kind := definition.Spec.Names.Kind
				request := "OPENAPI " + document + " " + served.Name + " " + kind
				It("allows the same values: "+request, func(ctx SpecContext) {
					ours := describedIn(ctx, document, schema.GroupVersionKind{Group: ourGroup, Version: served.Name, Kind: kind})
					oracle := describedIn(ctx, document, schema.GroupVersionKind{Group: oracleGroup, Version: served.Name, Kind: kind})
					var found []difference
					walk("", ours, oracle, func(at string, ours, oracle any) {
						found = append(found, difference{Request: request, At: at, Ours: textOf(ours), Oracle: textOf(oracle)})
					})
					judge(1, 0, found)
				})
			}
		}
	}
})

// models are the schemas of a document, by name.
type models map[string]map[string]any

// describedIn returns what a document says of a kind. A definition is published some time after it
// is served.
func describedIn(ctx context.Context, document string, kind schema.GroupVersionKind) (described map[string]any) {
	GinkgoHelper()
	address := "/openapi/v2"
	if document == "v3" {
		address = path.Join("/openapi/v3/apis", kind.Group, kind.Version)
	}
	Eventually(func(g Gomega) {
		text, err := framework.Client.RESTClient().Get().AbsPath(address).DoRaw(ctx)
		g.Expect(err).NotTo(HaveOccurred())
		var content struct {
			Definitions models
			Components  struct{ Schemas models }
		}
		g.Expect(json.Unmarshal(text, &content)).To(Succeed())
		all := content.Definitions
		if document == "v3" {
			all = content.Components.Schemas
		}
		name, ok := all.find(kind)
		g.Expect(ok).To(BeTrue(), "%s does not describe it yet", address)
		described = all.normal(all[name], nil)
	}).WithContext(ctx).WithTimeout(servedTimeout).Should(Succeed())
	delete(described, "metadata") // the same for all kinds
	return described
}

// find returns the name of a kind's schema.
func (m models) find(kind schema.GroupVersionKind) (string, bool) {
	want := map[string]any{"group": kind.Group, "version": kind.Version, "kind": kind.Kind}
	for name, model := range m {
		marks, _ := model["x-kubernetes-group-version-kind"].([]any)
		if len(marks) == 1 && reflect.DeepEqual(marks[0], want) {
			return name, true
		}
	}
	return "", false
}

var (
	// comparedKeywords restrict values, or fill them in.
	comparedKeywords = []string{
		"type", "format", "default", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
		"multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "nullable", "oneOf", "anyOf", "not",
		"x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string",
	}
	// comparedSets are those whose values have no order.
	comparedSets = []string{"enum", "required"}
)

// normal returns a schema with what it refers to in its place. Keywords begin with a colon, to tell
// them from properties. within are the schemas that led there: as in a definition, a type is not in
// itself more than twice.
func (m models) normal(model map[string]any, within []string) map[string]any {
	result := map[string]any{}
	parts, _ := model["allOf"].([]any)
	for _, part := range append(parts, model) {
		ref, ok := part.(map[string]any)["$ref"].(string)
		if !ok {
			continue
		}
		name, repetitions := path.Base(ref), 0
		for _, ancestor := range within {
			if ancestor == name {
				repetitions++
			}
		}
		if repetitions == 2 {
			return map[string]any{":type": "object"}
		}
		for key, value := range m.normal(m[name], append(within[:len(within):len(within)], name)) {
			result[key] = value
		}
	}
	for _, keyword := range comparedKeywords {
		if value, ok := model[keyword]; ok {
			result[":"+keyword] = value
		}
	}
	for _, keyword := range comparedSets {
		values, ok := model[keyword].([]any)
		if !ok {
			continue
		}
		set := map[string]any{}
		for _, value := range values {
			set[value.(string)] = true
		}
		result[":"+keyword] = set
	}
	properties, _ := model["properties"].(map[string]any)
	for name, property := range properties {
		result[name] = m.normal(property.(map[string]any), within)
	}
	if items, ok := model["items"].(map[string]any); ok {
		result["[]"] = m.normal(items, within)
	}
	if values, ok := model["additionalProperties"].(map[string]any); ok {
		result["{}"] = m.normal(values, within)
	}
	return result
}
