package integers

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
)

// plainJSON rewrites the JSON text of a value of a type: integers that are written as floats become
// plain. All else, free JSON above all, stays byte for byte. It returns nil if there is nothing to
// rewrite, or if the text is no JSON.
func plainJSON(text []byte, t reflect.Type) []byte {
	r := rewriter{Decoder: json.NewDecoder(bytes.NewReader(text)), text: text}
	r.UseNumber()
	if err := r.value(t); err != nil || r.copied == 0 {
		return nil
	}
	return append(r.rewritten, text[r.copied:]...)
}

type rewriter struct {
	*json.Decoder
	text []byte
	// rewritten is what the text has become, as far as it was copied.
	rewritten []byte
	copied    int
}

// value passes over a value. What it does not skip has been decoded before, which bounds how deep
// it nests.
func (r *rewriter) value(t reflect.Type) error {
	t = shape(t)
	if t == nil {
		var skipped json.RawMessage
		return r.Decode(&skipped)
	}
	token, err := r.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		for r.More() {
			name, err := r.Token()
			if err != nil {
				return err
			}
			if err := r.value(property(t, name.(string))); err != nil {
				return err
			}
		}
	case json.Delim('['):
		for r.More() {
			if err := r.value(item(t)); err != nil {
				return err
			}
		}
	default:
		if number, ok := token.(json.Number); ok && isInteger(t) {
			r.number(number.String(), t)
		}
		return nil
	}
	_, err = r.Token() // the end of the object or list
	return err
}

// number rewrites the number that was just read.
func (r *rewriter) number(literal string, t reflect.Type) {
	if _, err := strconv.ParseInt(literal, 10, 64); err == nil && literal != "-0" {
		return
	}
	float, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		return
	}
	if plain, ok := integer(float, t); ok {
		end := int(r.InputOffset())
		r.rewritten = append(r.rewritten, r.text[r.copied:end-len(literal)]...)
		r.rewritten = strconv.AppendInt(r.rewritten, plain, 10)
		r.copied = end
	}
}
