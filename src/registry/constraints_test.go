package registry

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// What OpenAPI says of a value is enforced, and no more: for each keyword of each field of each
// kind a value that breaks it is refused, with a cause at the field, and one that just meets it is
// accepted there.
func TestPublishedConstraintsAreEnforced(t *testing.T) {
	tried := map[string]bool{}
	for _, r := range resources {
		t.Run(r.kind, func(t *testing.T) {
			s := testStrategy(t, r.kind)
			for _, p := range placesOf(t, r) {
				for _, probe := range probesOf(t, p) {
					tried[probe.keyword] = true
					errs, err := p.validate(t, s, probe.value)
					refused := err != nil || slices.ContainsFunc(errs, func(e *field.Error) bool { return e.Field == p.at })
					if refused != probe.refused {
						t.Errorf("%s, %s: %v: refused is %t, want %t: %v %v", p.at, probe.keyword, probe.value, refused, probe.refused, err, errs)
					}
					if err := checkSchema(t, p.with(t, probe.value)); (err != nil) != probe.refused {
						t.Errorf("%s, %s: %v: by the JSON Schema, refused is %t: %v", p.at, probe.keyword, probe.value, err != nil, err)
					}
				}
			}
		})
	}
	for _, keyword := range []string{"type", "format", "required", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems"} {
		if !tried[keyword] {
			t.Errorf("nothing has %s", keyword)
		}
	}
}

// The pattern of durations is for clients. The server has Go's own parser, which must not differ.
// Overflow, which no pattern can tell, is not tried.
func TestDurationPattern(t *testing.T) {
	pattern := regexp.MustCompile(models(t)["ai.ark.v1alpha1.QuerySpec"].Properties["ttl"].Pattern)
	var try func(text string, parts int)
	try = func(text string, parts int) {
		if _, err := v1alpha1.Duration(text).Parse(); pattern.MatchString(text) != (err == nil) {
			t.Errorf("%q: the pattern matches: %t, the server: %v", text, pattern.MatchString(text), err)
		}
		for _, part := range []string{"-", "+", "0", "1", ".", "ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", " "} {
			if parts > 0 {
				try(text+part, parts-1)
			}
		}
	}
	try("", 5)
}

// Who wrote what is noted before an object is validated, and goes by what OpenAPI says of it: that
// must work for whatever can be decoded. Free JSON can be anything.
func TestInvalidObjectsHaveManagers(t *testing.T) {
	free := 0
	for _, r := range resources {
		s := testStrategy(t, r.kind)
		managers := map[string]*managedfields.FieldManager{}
		for _, v := range r.versions {
			managers[v.String()] = fieldManagerOf(t, s, v, filters(s))
		}
		for _, p := range placesOf(t, r) {
			if !p.isFree {
				continue
			}
			free++
			for _, value := range []string{`null`, `"text"`, `""`, `7`, `0.5`, `true`, `[]`, `["text"]`, `[{"a":1}]`, `{}`, `{"a":{"b":[1]}}`} {
				obj := decode(t, s.Scheme, p.with(t, json.RawMessage(value)))
				if _, err := managers[p.sample.GetAPIVersion()].Update(s.newObject(), obj, "test"); err != nil {
					t.Errorf("%s %s: %s: %v", r.kind, p.at, value, err)
				}
			}
		}
	}
	if free < 4 {
		t.Errorf("there are %d fields with free JSON, want 4 at least", free)
	}
}

// validate puts a value into a new object and returns what is wrong with single fields, or an error
// if it cannot even be decoded. Rules that span fields are not looked at: OpenAPI knows none.
func (p place) validate(t *testing.T, s strategy, value any) (field.ErrorList, error) {
	t.Helper()
	obj, err := tryDecode(t, s.Scheme, p.with(t, value))
	if err != nil {
		return nil, err
	}
	errs := s.Scheme.Validate(t.Context(), nil, obj)
	if p.isFree { // their schema is what is enforced
		errs = append(append(errs, s.validate(obj)...), s.validateStatus(obj)...)
	}
	return errs, nil
}
