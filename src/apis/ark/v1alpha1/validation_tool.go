package v1alpha1

import (
	"maps"
	"net/url"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ValidateTool checks that the block of the tool's type is present and that the input schema is
// one.
func ValidateTool(tool *Tool) field.ErrorList {
	var errs field.ErrorList
	spec := &tool.Spec
	missing := func(block string) {
		errs = append(errs, field.Required(specPath.Child(block), "a tool of type "+string(spec.Type)+" needs it"))
	}
	switch spec.Type {
	case ToolTypeHTTP:
		if spec.HTTP == nil {
			missing("http")
		} else if _, err := url.Parse(spec.HTTP.URL); err != nil {
			errs = append(errs, field.Invalid(specPath.Child("http", "url"), spec.HTTP.URL, "must be a URL"))
		}
	case ToolTypeMCP:
		if spec.MCP == nil {
			missing("mcp")
		}
	case ToolTypeAgent:
		if spec.Agent == nil {
			missing("agent")
		}
	case ToolTypeTeam:
		if spec.Team == nil {
			missing("team")
		}
	case ToolTypeBuiltin:
		// The controller finds a builtin by the name of the Tool object.
		if tool.Name != "" && !slices.Contains(builtins, tool.Name) {
			errs = append(errs, field.NotSupported(field.NewPath("metadata", "name"), tool.Name, builtins))
		}
	}
	if spec.InputSchema != nil && spec.InputSchema.IsObject() {
		errs = append(errs, validateJSONSchema(specPath.Child("inputSchema"), spec.InputSchema.ToUnstructured())...)
	}
	return errs
}

// jsonSchemaTypes are the values of a JSON Schema's type.
var jsonSchemaTypes = []string{"object", "array", "string", "number", "integer", "boolean", "null"}

// validateJSONSchema checks the type of a JSON Schema and, if it describes an object, its
// properties. Everything else in a schema is left to those who use it.
func validateJSONSchema(path *field.Path, value interface{}) field.ErrorList {
	schema, ok := value.(map[string]interface{})
	if !ok {
		return field.ErrorList{field.TypeInvalid(path, value, "must be a JSON Schema object")}
	}
	typeName, ok := schema["type"].(string)
	if !ok {
		return nil // no type, or a list of types
	}
	if !slices.Contains(jsonSchemaTypes, typeName) {
		return field.ErrorList{field.NotSupported(path.Child("type"), typeName, jsonSchemaTypes)}
	}
	if typeName != "object" || schema["properties"] == nil {
		return nil
	}
	properties, ok := schema["properties"].(map[string]interface{})
	if !ok {
		return field.ErrorList{field.TypeInvalid(path.Child("properties"), schema["properties"], "must be an object")}
	}
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if name == "" {
			errs = append(errs, field.Invalid(path.Child("properties"), name, "a property needs a name"))
			continue
		}
		errs = append(errs, validateJSONSchema(path.Child("properties").Key(name), properties[name])...)
	}
	return errs
}
