package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/gengo/v2/codetags"
	"k8s.io/gengo/v2/types"
	"k8s.io/kube-openapi/pkg/generators"
)

// keywords are parts of an OpenAPI schema: fields of spec.SchemaProps and their values, as Go
// expressions.
type keywords map[string]string

// numeric are the tags that are keywords, with the type of their values.
var numeric = map[string]struct{ keyword, kind string }{
	"k8s:minimum":       {"Minimum", "float64"},
	"k8s:maximum":       {"Maximum", "float64"},
	"k8s:minLength":     {"MinLength", "int64"},
	"k8s:maxLength":     {"MaxLength", "int64"},
	"k8s:minItems":      {"MinItems", "int64"},
	"k8s:maxItems":      {"MaxItems", "int64"},
	"k8s:minProperties": {"MinProperties", "int64"},
	"k8s:maxProperties": {"MaxProperties", "int64"},
}

// elsewhere are the tags that openapi-gen publishes in another form, that hand over to other types
// or functions, or that are for other generators.
var elsewhere = []string{
	"k8s:customValidation", "k8s:deepcopy-gen:interfaces", "k8s:enum", "k8s:eachVal", "k8s:opaqueType", "k8s:optional",
	"k8s:supportsSubresource", markerPrefix + "pattern",
}

// markerPrefix is that of the tags that openapi-gen publishes.
const markerPrefix = "k8s:validation:"

// constraint is what holds for a field and, if it is a list or a map, for each value in it.
type constraint struct {
	field, value keywords
	// required means that Go's zero value counts as absent.
	required bool
}

// constraintOf returns what the tags of a field and of its type say.
func constraintOf(member types.Member) (constraint, error) {
	c := constraint{field: keywords{}, value: keywords{}}
	tags := codetags.Extract("+", member.CommentLines)
	if err := c.field.add(tags); err != nil {
		return c, err
	}
	if err := c.field.addPattern(member.CommentLines); err != nil {
		return c, err
	}
	t, err := c.field.addTypes(member.Type)
	if err != nil {
		return c, err
	}
	if _, c.required = tags["k8s:required"]; c.required && !isEnum(member.Type) {
		c.field.addNotEmpty(t)
	}
	for _, each := range tags["k8s:eachVal"] {
		if each != "k8s:eachVal=+k8s:opaqueType" {
			return c, fmt.Errorf("+%s cannot be published; give the values a type with the tag", each)
		}
	}
	if t.Kind == types.Slice || t.Kind == types.Map {
		_, err = c.value.addTypes(t.Elem)
	}
	return c, err
}

// addTypes adds the keywords of a named type, and of what it is made of, and returns what that is
// in the end.
func (k keywords) addTypes(t *types.Type) (*types.Type, error) {
	for {
		switch t.Kind {
		case types.Pointer:
			t = t.Elem
		case types.Alias:
			if err := k.add(codetags.Extract("+", t.CommentLines)); err != nil {
				return nil, fmt.Errorf("%s: %w", t, err)
			}
			if err := k.addPattern(t.CommentLines); err != nil {
				return nil, fmt.Errorf("%s: %w", t, err)
			}
			t = t.Underlying
		default:
			return t, nil
		}
	}
}

// add adds what validation-gen enforces.
func (k keywords) add(tags map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		n, isNumeric := numeric[name]
		switch {
		case isNumeric:
			for _, text := range tags[name] {
				tag, err := codetags.Parse(text)
				if err != nil {
					return err
				}
				if err := k.set(n.keyword, fmt.Sprintf("ptr.To[%s](%s)", n.kind, tag.Value)); err != nil {
					return err
				}
			}
		case strings.HasPrefix(name, markerPrefix) && !slices.Contains(elsewhere, name):
			return fmt.Errorf("+%s would be published, but not enforced", name)
		case strings.HasPrefix(name, "k8s:") && name != "k8s:required" && !slices.Contains(elsewhere, name):
			return fmt.Errorf("+%s would be enforced, but not published", name)
		}
	}
	return nil
}

// addNotEmpty adds what +k8s:required means for values that may be empty.
func (k keywords) addNotEmpty(t *types.Type) {
	keyword := map[types.Kind]string{types.Builtin: "MinLength", types.Slice: "MinItems", types.Map: "MinProperties"}[t.Kind]
	if _, more := k[keyword]; !more && (t == types.String || t.Kind == types.Slice || t.Kind == types.Map) {
		k[keyword] = "ptr.To[int64](1)"
	}
}

// isEnum tells types with a list of values, which leaves out what is empty.
func isEnum(t *types.Type) bool {
	_, ok := codetags.Extract("+", t.CommentLines)["k8s:enum"]
	return ok
}

// addPattern adds the pattern that comments have for a type or field.
func (k keywords) addPattern(comments []string) error {
	pattern, err := patternOf(comments)
	if err != nil || pattern == "" {
		return err
	}
	return k.set("Pattern", strconv.Quote(pattern))
}

// set refuses a second value, which would be easy to overlook.
func (k keywords) set(keyword, value string) error {
	if _, ok := k[keyword]; ok {
		return fmt.Errorf("two tags for %s", keyword)
	}
	k[keyword] = value
	return nil
}

// patternOf returns the pattern that comments have for a type or field, or nothing.
func patternOf(comments []string) (string, error) {
	schema, err := generators.ParseCommentTags(nil, comments, "+"+markerPrefix)
	if err != nil {
		return "", err
	}
	return schema.Pattern, nil
}
