package fieldselector

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// MayMatchStored implements storage.ObjectSelector: to find a few fields in JSON takes a fraction
// of the time that decoding all of it does.
func (s *Selector) MayMatchStored(stored []byte) bool {
	for i := range s.terms {
		if !s.terms[i].mayMatchStored(stored) {
			return false
		}
	}
	for _, alternatives := range s.implied {
		if !slices.ContainsFunc(alternatives, func(t term) bool { return t.mayMatchStored(stored) }) {
			return false
		}
	}
	for _, words := range s.texts {
		for _, word := range words {
			if !mayHaveWord(stored, word) {
				return false
			}
		}
	}
	return true
}

func (t *term) mayMatchStored(stored []byte) bool {
	if len(t.field.keys) > 0 {
		return true // Of a key that is twice in free JSON, the last one counts.
	}
	found := gjson.GetBytes(stored, t.field.Path)
	if found.Type == gjson.Null {
		// What is absent here may be a zero there.
		return t.field.zero || t.matchesValue("", "", false)
	}
	text := found.String()
	if found.Type == gjson.Number {
		text = found.Raw
	}
	return t.matchesValue(t.field.ofText(text))
}

// mayHaveWord reports whether a word, in lower case, may be in a text of a JSON value. It is only
// sure of ASCII, which is not escaped; other letters may have other forms.
func mayHaveWord(stored []byte, word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return true
		}
	}
	first := word[:1] + strings.ToUpper(word[:1])
	for rest := stored; len(rest) >= len(word); rest = rest[1:] {
		next := bytes.IndexAny(rest, first)
		if next < 0 || len(rest)-next < len(word) {
			break
		}
		if rest = rest[next:]; bytes.EqualFold(rest[:len(word)], []byte(word)) {
			return true
		}
	}
	return hasOtherForms(stored)
}

// otherForms of ASCII letters in JSON: escapes, K (the Kelvin sign) and İ.
var otherForms = [][]byte{[]byte(`\u`), []byte("\u212a"), []byte("\u0130")}

func hasOtherForms(stored []byte) bool {
	return slices.ContainsFunc(otherForms, func(form []byte) bool { return bytes.Contains(stored, form) })
}
