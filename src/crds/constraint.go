package crds

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

//go:embed constraints.yaml
var constraintsFile []byte

// constraints is the content of constraints.yaml.
var constraints = func() (c struct {
	// Sets are rules that several places share.
	Sets map[string][]apiextensionsv1.ValidationRule `json:"sets"`
	// Kinds are the constraints of places in a kind.
	Kinds map[string][]place `json:"kinds"`
}) {
	if err := yaml.UnmarshalStrict(constraintsFile, &c); err != nil {
		panic(err) // it is compiled in
	}
	return c
}()

// place is a part of a kind's schema with constraints of its own.
type place struct {
	// At is the path: "spec.tools[]" are the items of the tools, "" is the object itself.
	At string `json:"at"`
	// Use names a set of rules.
	Use string `json:"use"`
	// Rules are further rules.
	Rules []apiextensionsv1.ValidationRule `json:"rules"`
	// Schema are further keywords.
	Schema json.RawMessage `json:"schema"`
}

// constrain adds the constraints of a kind.
func constrain(schema *apiextensionsv1.JSONSchemaProps, kind string) error {
	for _, place := range constraints.Kinds[kind] {
		rules, known := constraints.Sets[place.Use]
		if place.Use != "" && !known {
			return fmt.Errorf("%s: there is no set %q", place.At, place.Use)
		}
		err := change(schema, place.At, func(s *apiextensionsv1.JSONSchemaProps) error {
			s.XValidations = append(append(s.XValidations, rules...), place.Rules...)
			if place.Schema == nil {
				return nil
			}
			return json.Unmarshal(place.Schema, s)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", place.At, err)
		}
	}
	return nil
}

// change applies a change to the schema at a path.
func change(schema *apiextensionsv1.JSONSchemaProps, path string, apply func(*apiextensionsv1.JSONSchemaProps) error) error {
	if path == "" {
		return apply(schema)
	}
	name, rest, _ := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(name, "[]")
	property, ok := schema.Properties[name]
	if !ok {
		return fmt.Errorf("there is no property %q", name)
	}
	target := &property
	if isList {
		target = property.Items.Schema
	}
	if err := change(target, rest, apply); err != nil {
		return err
	}
	schema.Properties[name] = property
	return nil
}
