package v1alpha1

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/runtime/serializer/cbor/direct"
	"k8s.io/kube-openapi/pkg/common"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// JSON is any JSON value: object, array, string, number or boolean. It is stored and returned as it
// was written, including the order of object keys, numbers of any size and escapes such as \u0000.
// Only what a JSON encoder is free to choose is normalised, once, when the value is decoded: white
// space goes, and <, >, &, U+2028 and U+2029 are written as escapes.
type JSON struct {
	// Raw is the normalised text. Empty stands for null. It is a string so that copies share it:
	// the watch cache holds a copy of each object for each watch that has not read it yet.
	Raw string `json:"-"`
}

// JSONObject is a JSON value that must be an object. Every key is kept.
//
// +k8s:customValidation
type JSONObject struct {
	JSON `json:",inline"`
}

// UnmarshalJSON implements json.Unmarshaler. It normalises data the way the server's encoder would
// write it, so that a value equals itself after a round trip and a rewrite of it is no change.
func (j *JSON) UnmarshalJSON(data []byte) error {
	if j == nil {
		return errors.New("v1alpha1.JSON: UnmarshalJSON on nil pointer")
	}
	if isNormal(data) {
		j.Raw = string(data)
		return nil
	}
	if !utf8.Valid(data) {
		// The same replacement that decoding into a Go string makes.
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	var compact, escaped bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return err
	}
	if compact.String() == "null" {
		j.Raw = ""
		return nil
	}
	json.HTMLEscape(&escaped, compact.Bytes())
	j.Raw = escaped.String()
	return nil
}

// isNormal reports whether a JSON text is surely as the server's encoder writes it, as all that are
// read from the database are.
func isNormal(text []byte) bool {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '<', c == '>', c == '&', c == 0xe2: // escaped, or the beginning of what may be
			return false
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && c <= ' ':
			return false
		}
	}
	return utf8.Valid(text) && string(text) != "null"
}

// MarshalJSON implements json.Marshaler.
func (j JSON) MarshalJSON() ([]byte, error) {
	if len(j.Raw) == 0 {
		return []byte("null"), nil
	}
	return []byte(j.Raw), nil
}

// MarshalCBOR implements the CBOR encoder's marshaler. CBOR has no place for key order or for
// numbers beyond float64, so clients that ask for it get the value as ToUnstructured has it.
func (j JSON) MarshalCBOR() ([]byte, error) { return direct.Marshal(j.ToUnstructured()) }

// ToUnstructured returns the value as maps, slices, strings, bools, int64 and float64, the form
// that server-side apply, strategic merge patches and printer columns work on. It never fails: a
// number beyond float64 becomes the nearest finite one, because one such number in one object must
// not make a whole list unprintable.
func (j JSON) ToUnstructured() interface{} {
	if len(j.Raw) == 0 {
		return nil
	}
	if j.Raw[0] == '"' && !strings.Contains(j.Raw, `\`) {
		return j.Raw[1 : len(j.Raw)-1] // as most inputs of queries are
	}
	decoder := json.NewDecoder(strings.NewReader(j.Raw))
	decoder.UseNumber()
	var value interface{}
	if err := decoder.Decode(&value); err != nil {
		return nil
	}
	return plainNumbers(value)
}

// ToUnstructured returns what fits the published definition: nil if the value is no object.
func (o JSONObject) ToUnstructured() interface{} { return o.fitting(o.OpenAPIDefinition()) }

// IsObject reports whether the value is a JSON object.
func (j JSON) IsObject() bool { return len(j.Raw) > 0 && j.Raw[0] == '{' }

func plainNumbers(value interface{}) interface{} {
	switch v := value.(type) {
	case map[string]interface{}:
		for key := range v {
			v[key] = plainNumbers(v[key])
		}
	case []interface{}:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case json.Number:
		return plainNumber(v.String())
	}
	return value
}

func plainNumber(text string) interface{} {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil { // out of range: f is an infinity, which JSON cannot express
		f = math.MaxFloat64
		if strings.HasPrefix(text, "-") {
			f = -math.MaxFloat64
		}
	}
	return f
}

// RestorePatched gives j the exact text of old if j is nothing but old after a passage through
// ToUnstructured. Server-side apply and strategic merge patches send the whole object that way,
// which sorts keys and rounds numbers of values the patch never mentioned.
func (j *JSON) RestorePatched(old *JSON) {
	if j == nil || old == nil || j.Raw == old.Raw {
		return
	}
	text, err := json.Marshal(old.ToUnstructured())
	if err != nil {
		return
	}
	var passed JSON
	if err := passed.UnmarshalJSON(text); err == nil && j.Raw == passed.Raw {
		j.Raw = old.Raw
	}
}

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (JSON) OpenAPIDefinition() common.OpenAPIDefinition {
	return freeSchema("JSON is any JSON value. It is kept as written.", nil)
}

// OpenAPIDefinition implements common.OpenAPIDefinitionGetter.
func (JSONObject) OpenAPIDefinition() common.OpenAPIDefinition {
	return freeSchema("JSONObject is a JSON object with any keys. It is kept as written.", []string{"object"})
}

func freeSchema(description string, types []string) common.OpenAPIDefinition {
	return common.OpenAPIDefinition{Schema: spec.Schema{
		SchemaProps: spec.SchemaProps{Description: description, Type: types},
		VendorExtensible: spec.VendorExtensible{
			Extensions: spec.Extensions{"x-kubernetes-preserve-unknown-fields": true},
		},
	}}
}

// RestorePatched does for the object what JSON.RestorePatched does for any value.
func (o *JSONObject) RestorePatched(old *JSONObject) {
	if o != nil && old != nil {
		o.JSON.RestorePatched(&old.JSON)
	}
}

// Free returns the object, also of a type that embeds it.
func (o *JSONObject) Free() *JSONObject { return o }
