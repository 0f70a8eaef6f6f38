package main

import (
	"reflect"
	"strings"
	"testing"

	"k8s.io/gengo/v2/types"
)

// host is a named string with constraints, level one of a list of values.
var (
	host = &types.Type{Name: types.Name{Name: "Host"}, Kind: types.Alias, Underlying: types.String, CommentLines: []string{
		"Host is a name.", "+k8s:maxLength=259", "+k8s:customValidation", `+k8s:validation:pattern>^[a-z.]+$`,
	}}
	level = &types.Type{Name: types.Name{Name: "Level"}, Kind: types.Alias, Underlying: types.String, CommentLines: []string{"+enum", "+k8s:enum"}}
)

func TestConstraintOf(t *testing.T) {
	const one, max, pattern = "ptr.To[int64](1)", "ptr.To[int64](259)", `"^[a-z.]+$"`
	for name, test := range map[string]struct {
		t            *types.Type
		tags         string
		field, value keywords
	}{
		"numbers":           {types.PointerTo(types.Int32), "+optional +k8s:optional +k8s:minimum=-1 +k8s:maximum=100", keywords{"Minimum": "ptr.To[float64](-1)", "Maximum": "ptr.To[float64](100)"}, nil},
		"a required text":   {types.String, "+k8s:required", keywords{"MinLength": one}, nil},
		"a longer one":      {types.String, "+k8s:required +k8s:minLength=3", keywords{"MinLength": "ptr.To[int64](3)"}, nil},
		"a required enum":   {level, "+k8s:required", nil, nil},
		"a required list":   {&types.Type{Kind: types.Slice, Elem: types.String}, "+k8s:required", keywords{"MinItems": one}, nil},
		"a required map":    {&types.Type{Kind: types.Map, Key: types.String, Elem: types.String}, "+k8s:required", keywords{"MinProperties": one}, nil},
		"a required number": {types.PointerTo(types.Int32), "+k8s:required", nil, nil},
		"a pattern":         {types.String, "+k8s:customValidation +k8s:validation:pattern>^a=b$", keywords{"Pattern": `"^a=b$"`}, nil},
		"a named type":      {types.PointerTo(host), "+k8s:optional", keywords{"MaxLength": max, "Pattern": pattern}, nil},
		"a list of those":   {&types.Type{Kind: types.Slice, Elem: host}, "+k8s:maxItems=9", keywords{"MaxItems": "ptr.To[int64](9)"}, keywords{"MaxLength": max, "Pattern": pattern}},
		"a map of those":    {&types.Type{Kind: types.Map, Key: types.String, Elem: host}, "", nil, keywords{"MaxLength": max, "Pattern": pattern}},
		"opaque values":     {&types.Type{Kind: types.Slice, Elem: types.String}, "+k8s:eachVal=+k8s:opaqueType", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := constraintOf(types.Member{Name: "Field", Type: test.t, CommentLines: strings.Fields(test.tags)})
			if err != nil {
				t.Fatal(err)
			}
			if !same(c.field, test.field) || !same(c.value, test.value) {
				t.Errorf("field %v, value %v", c.field, c.value)
			}
		})
	}
}

func same(got, want keywords) bool { return len(got)+len(want) == 0 || reflect.DeepEqual(got, want) }

// Nothing is enforced in secret, and nothing is published that is not enforced.
func TestTagsThatCannotBePublished(t *testing.T) {
	for tags, want := range map[string]string{
		"+k8s:immutable":                     "would be enforced, but not published",
		"+k8s:eachVal=+k8s:maxLength=9":      "give the values a type",
		"+k8s:validation:maxLength=9":        "would be published, but not enforced",
		"+k8s:validation:items:pattern>^a$":  "would be published, but not enforced",
		"+k8s:maxLength=9":                   "two tags for MaxLength",
		"+k8s:validation:pattern>^([a-z]$":   "invalid pattern",
		"+k8s:customValidation +k8s:format=": "+k8s:format",
	} {
		_, err := constraintOf(types.Member{Name: "Field", Type: host, CommentLines: strings.Fields(tags)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", tags, err, want)
		}
	}
}
