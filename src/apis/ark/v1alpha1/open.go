package v1alpha1

import (
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// Some kinds are younger than their types are settled. Their spec and status are JSON objects that
// keep every field; a schema describes the fields that are known, and is what they are validated
// against.

// OpenPart is a spec or a status that keeps fields which its schema does not describe.
type OpenPart interface {
	common.OpenAPIDefinitionGetter
	Free() *JSONObject
}

// properties are the schemas of fields by name.
type properties map[string]spec.Schema

// openSchema is the schema of a type that keeps unknown fields.
func openSchema(description string, required []string, known properties) common.OpenAPIDefinition {
	return common.OpenAPIDefinition{Schema: object(description, required, known)}
}

// object keeps unknown fields.
func object(description string, required []string, known properties) spec.Schema {
	schema := anything(description)
	schema.Type = []string{"object"}
	schema.Required = required
	schema.Properties = known
	return schema
}

// anything is any value, kept as written.
func anything(description string) spec.Schema {
	return freeSchema(description, nil).Schema
}

// list has items of any kind.
func list(description string, minItems int64) spec.Schema {
	item := anything("")
	schema := scalar("array", description)
	schema.Items = &spec.SchemaOrArray{Schema: &item}
	if minItems > 0 {
		schema.MinItems = &minItems
	}
	return schema
}

// text is a string, one of values if there are any.
func text(description string, values ...string) spec.Schema {
	schema := scalar("string", description)
	for _, value := range values {
		schema.Enum = append(schema.Enum, value)
	}
	return schema
}

func boolean(description string) spec.Schema { return scalar("boolean", description) }

func integer(description string) spec.Schema {
	schema := scalar("integer", description)
	schema.Format = "int64"
	return schema
}

func scalar(typeName, description string) spec.Schema {
	return spec.Schema{SchemaProps: spec.SchemaProps{Description: description, Type: []string{typeName}}}
}
