package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// All is the file of a schema for objects of all kinds: it goes by their apiVersion and kind. It
// has nothing to say of objects of other groups.
const All = "all.json"

// File is the file with the schema of a kind in a version, in the layout that catalogs of custom
// resources have: ark.ai/agent_v1alpha1.json.
func File(kind schema.GroupVersionKind) string {
	return fmt.Sprintf("%s/%s_%s.json", kind.Group, strings.ToLower(kind.Kind), kind.Version)
}

// Files returns the JSON Schemas of kinds of one group, by file: one of each kind, and All. The
// scheme has the types of their versions. Each file is complete in itself.
func Files(scheme *runtime.Scheme, kinds []schema.GroupVersionKind) (map[string][]byte, error) {
	files := map[string][]byte{}
	definitions := map[string]*jsonSchema{}
	for _, kind := range kinds {
		object, err := scheme.New(kind)
		if err != nil {
			return nil, err
		}
		s, err := ofKind(kind, object)
		if err != nil {
			return nil, fmt.Errorf("schema of %s: %w", kind, err)
		}
		definitions[definition(kind)] = s
		if files[File(kind)], err = encode(*s); err != nil {
			return nil, err
		}
	}
	all := choose(kinds)
	all.Definitions = definitions
	var err error
	files[All], err = encode(*all)
	return files, err
}

// definition is the name of a kind's schema in the file of all.
func definition(kind schema.GroupVersionKind) string {
	return kind.Group + "." + kind.Version + "." + kind.Kind
}

// choose returns the schema that refers to the schema of the kind that an object has.
func choose(kinds []schema.GroupVersionKind) *jsonSchema {
	var versions []string
	kindsOf := map[string][]string{}
	for _, kind := range kinds {
		version := kind.GroupVersion().String()
		if len(kindsOf[version]) == 0 {
			versions = append(versions, version)
		}
		kindsOf[version] = append(kindsOf[version], kind.Kind)
	}
	s := &jsonSchema{
		Type:     types{"object"},
		Required: []string{"apiVersion", "kind"},
		Properties: map[string]*jsonSchema{
			"apiVersion": {Type: types{"string"}, Examples: versions},
			"kind":       {Type: types{"string"}, Examples: kindsOf[versions[0]]},
		},
	}
	s.AllOf = append(s.AllOf, &jsonSchema{
		If:   with("apiVersion", &jsonSchema{Pattern: "^" + regexp.QuoteMeta(kinds[0].Group) + "/"}),
		Then: with("apiVersion", &jsonSchema{Enum: values(versions...)}),
	})
	for _, version := range versions {
		s.AllOf = append(s.AllOf, &jsonSchema{
			If:   with("apiVersion", &jsonSchema{Enum: values(version)}),
			Then: with("kind", &jsonSchema{Enum: values(kindsOf[version]...)}),
		})
	}
	for _, kind := range kinds {
		condition := with("apiVersion", &jsonSchema{Enum: values(kind.GroupVersion().String())})
		condition.Required = append(condition.Required, "kind")
		condition.Properties["kind"] = &jsonSchema{Enum: values(kind.Kind)}
		s.AllOf = append(s.AllOf, &jsonSchema{If: condition, Then: &jsonSchema{Ref: "#/definitions/" + definition(kind)}})
	}
	return s
}

// encode writes a schema as a document, for people too.
func encode(s jsonSchema) ([]byte, error) {
	s.Schema = draft
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(s)
	return text.Bytes(), err
}
