package registry

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// probe is a value to try for a keyword.
type probe struct {
	keyword string
	value   any
	refused bool
}

// matches are texts for the patterns that fields have: none of the refused ones breaks anything
// else.
var matches = map[string]struct{ accepted, refused string }{
	`^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`: {"1.5m", "soon"},
	`^(0(\.[0-9]+)?|1(\.0+)?)$`:        {"0.5", "1.5"},
	`^https?://.*`:                     {"http://", "ftp://e.org"},
	`^[0-9]+[smh]?$`:                   {"30s", "1m30s"},
	`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`: {"1m30s", "30"},
	`^(\*\.)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*(:[0-9]{1,5})?$`: {"*.e.org:443", "http://e.org"},
}

// probesOf returns values for all that is said of a place.
func probesOf(t *testing.T, p place) []probe {
	t.Helper()
	s := p.schema
	ordinary := example(p.schemas, s)
	probes := []probe{{"type", ordinary, false}}
	add := func(keyword string, accepted, refused any) {
		probes = append(probes, probe{keyword, accepted, false}, probe{keyword, refused, true})
	}
	switch {
	case s.Type.Contains("string"):
		add("type", ordinary, 5)
	case len(s.Type) > 0:
		add("type", ordinary, "a text")
	}
	switch {
	case s.Format == "":
	case s.Format == "int32" && s.Maximum != nil:
		add("format", *s.Maximum, int64(math.MaxInt32)+1)
	case s.Format == "int32":
		add("format", int64(math.MaxInt32), int64(math.MaxInt32)+1)
	case s.Format == "int64":
		add("format", int64(math.MaxInt64), uint64(math.MaxInt64)+1)
	case s.Format == "date-time":
		add("format", ordinary, "tomorrow")
	default:
		t.Errorf("%s: nothing is known of format %s", p.at, s.Format)
	}
	if p.required {
		add("required", ordinary, absent{})
	}
	if len(s.Enum) > 0 {
		for _, value := range s.Enum {
			add("enum", value, fmt.Sprint(value, "?"))
		}
	}
	if s.Pattern != "" {
		texts, ok := matches[s.Pattern]
		if !ok {
			t.Fatalf("%s: no text is known for the pattern %s", p.at, s.Pattern)
		}
		add("pattern", texts.accepted, texts.refused)
	}
	if s.MinLength != nil {
		add("minLength", ordinary, strings.Repeat("é", int(*s.MinLength)-1))
	}
	if s.MaxLength != nil {
		add("maxLength", strings.Repeat("x", int(*s.MaxLength)), strings.Repeat("x", int(*s.MaxLength)+1))
	}
	if s.Minimum != nil {
		add("minimum", *s.Minimum, *s.Minimum-1)
	}
	if s.Maximum != nil {
		add("maximum", *s.Maximum, *s.Maximum+1)
	}
	if s.MinItems != nil {
		add("minItems", items(p, *s.MinItems), items(p, *s.MinItems-1))
	}
	if s.MaxItems != nil {
		add("maxItems", items(p, *s.MaxItems), items(p, *s.MaxItems+1))
	}
	if s.MinProperties != nil || s.MaxProperties != nil || s.MultipleOf != nil || s.UniqueItems || s.ExclusiveMinimum || s.ExclusiveMaximum ||
		len(s.OneOf) > 0 || len(s.AnyOf) > 0 || len(s.AllOf) > 0 || s.Not != nil {
		t.Errorf("%s has keywords that this test does not know", p.at)
	}
	return probes
}

// items returns a list of some length.
func items(p place, length int64) []any {
	list := []any{}
	for range length {
		list = append(list, example(p.schemas, p.schema.Items.Schema))
	}
	return list
}
