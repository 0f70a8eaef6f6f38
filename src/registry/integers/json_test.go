package integers

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	utiljson "k8s.io/apimachinery/pkg/util/json"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// numbers has places of all sorts.
type numbers struct {
	Inline   `json:",inline"`
	Named    `json:"named"`
	Int32    int32             `json:"int32"`
	Int64    int64             `json:"int64"`
	Pointer  **int32           `json:"pointer"`
	List     []int32           `json:"list"`
	Map      map[string]*int64 `json:"map"`
	Within   []numbers         `json:"within"`
	Text     string            `json:"text"`
	Free     v1alpha1.JSON     `json:"free"`
	Untagged int32
}

type Inline struct {
	Inlined int32 `json:"inlined"`
}

type Named struct {
	Deep int32 `json:"deep"`
}

// What is an integer becomes plain, everything else stays as it was.
func TestPlainJSON(t *testing.T) {
	for text, want := range map[string]string{
		// forms
		`{"int32":3.0}`:                         `{"int32":3}`,
		`{"int32":3e0}`:                         `{"int32":3}`,
		`{"int32":1e2}`:                         `{"int32":100}`,
		`{"int32":1E2}`:                         `{"int32":100}`,
		`{"int32":1e+06}`:                       `{"int32":1000000}`,
		`{"int32":30e-1}`:                       `{"int32":3}`,
		`{"int32":1.5e1}`:                       `{"int32":15}`,
		`{"int32":-3.00}`:                       `{"int32":-3}`,
		`{"int32":0.0}`:                         `{"int32":0}`,
		`{"int32":-0.0}`:                        `{"int32":0}`,
		`{"int32":0e9}`:                         `{"int32":0}`,
		`{"int32":3.00000000000000000001}`:      `{"int32":3}`,
		`{"int32":2147483647.0}`:                `{"int32":2147483647}`,
		`{"int32":-2147483648.0}`:               `{"int32":-2147483648}`,
		`{"int64":2147483648.0}`:                `{"int64":2147483648}`,
		`{"int64":9007199254740991.0}`:          `{"int64":9007199254740991}`,
		`{"int64":-9.007199254740991e15}`:       `{"int64":-9007199254740991}`,
		`{"int32":3,"int64":0}`:                 "",
		`{"int32":-0}`:                          `{"int32":0}`,
		`{"int32":9223372036854775807}`:         "",
		`{"int32":3.5}`:                         "",
		`{"int32":3.0000000001}`:                "",
		`{"int32":2147483648.0}`:                "",
		`{"int64":9007199254740992.0}`:          "",
		`{"int64":9223372036854775808.0}`:       "",
		`{"int64":1e30}`:                        "",
		`{"int64":1e400}`:                       "",
		`{"int32":"3.0"}`:                       "",
		`{"int32":[3.0],"list":3.0,"text":1e1}`: "",

		// places
		`{"inlined":1.0}`:                         `{"inlined":1}`,
		`{"named":{"deep":1.0}}`:                  `{"named":{"deep":1}}`,
		`{"deep":1.0,"Int32":1.0,"Untagged":1.0}`: "",
		`{"pointer":1.0}`:                         `{"pointer":1}`,
		`{"list":[1,2.0, 3e0 ,null]}`:             `{"list":[1,2, 3 ,null]}`,
		`{"map":{"a":1.0,"b":2}}`:                 `{"map":{"a":1,"b":2}}`,
		`{"within":[{"within":[{"int32":1.0}]}]}`: `{"within":[{"within":[{"int32":1}]}]}`,
		`{"unknown":{"int32":1.0}}`:               "",
		`3.0`:                                     "",

		// what stays
		" {\n\t\"int32\" : 1.0 , \"free\": {\"z\": 1.0, \"a\":[1e2, 1.0]},\r\n\"text\":\"\\u0031.0 é\" } \n": " {\n\t\"int32\" : 1 , \"free\": {\"z\": 1.0, \"a\":[1e2, 1.0]},\r\n\"text\":\"\\u0031.0 é\" } \n",
		`{"free":1.0,"int32":1.0,"free":2.0,"int32":2.0}`:                                                    `{"free":1.0,"int32":1,"free":2.0,"int32":2}`,
		`{"\u0069nt32":1.0}`:         `{"\u0069nt32":1}`,
		`{"int32":1.0,"int64":3.5}`:  `{"int32":1,"int64":3.5}`,
		`{"int32":1.0,"int64":true}`: `{"int32":1,"int64":true}`,

		// what is no JSON
		``:               "",
		`int32: 1.0`:     "",
		`{"int32":1.0`:   "",
		`{"int32":01.0}`: "",
		`{"int32":1.0}}`: `{"int32":1}}`,
	} {
		if got := string(plainJSON([]byte(text), reflect.TypeFor[*numbers]())); got != want {
			t.Errorf("%s\n  became %q\n  want   %q", text, got, want)
		}
	}
}

// Whatever a client sends: the values stay the same, so does free JSON, and what can be rewritten
// is.
func FuzzPlainJSON(f *testing.F) {
	for _, seed := range []string{
		`{"int32":3.0,"list":[1e2],"map":{"a":-0.0},"free":{"a":1.0},"within":[{"int64":1e15}]}`,
		`{"free":1.0,"int32":1.0,"free":[2.0],"unknown":1.0}`,
		`{"int32":2147483648.0,"int64":9007199254740993.0,"pointer":3.5}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := plainJSON([]byte(text), reflect.TypeFor[numbers]())
		if plain == nil || !json.Valid([]byte(text)) {
			return
		}
		if again := plainJSON(plain, reflect.TypeFor[numbers]()); again != nil {
			t.Fatalf("%s became %s and then %s", text, plain, again)
		}
		if before, after := values(t, text), values(t, string(plain)); !reflect.DeepEqual(before, after) {
			t.Fatalf("%s became %s", text, plain)
		}
		if before, after := free(text), free(string(plain)); before != after {
			t.Fatalf("free JSON of %s: %s became %s", text, before, after)
		}
	})
}

// values decodes a text as those do who have floats only.
func values(t *testing.T, text string) (all any) {
	if err := json.Unmarshal([]byte(text), &all); err != nil && !strings.Contains(err.Error(), "cannot unmarshal number") {
		t.Fatalf("%s: %v", text, err)
	}
	return all
}

func free(text string) string {
	var found numbers
	_ = utiljson.Unmarshal([]byte(text), &found) // a number too large for its place is none of ours
	return found.Free.Raw
}
