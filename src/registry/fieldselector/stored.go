package fieldselector

import (
	"slices"
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

// mayHaveWord reports whether a word, in lower case, may be in a text, or in one of a JSON value.
// It is only sure of ASCII, which is not escaped; other letters may have other forms.
func mayHaveWord[T string | []byte](text T, word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return true
		}
	}
	var mayBegin [256]bool // spares most bytes from a closer look
	for _, c := range []byte{word[0], upper(word[0]), '\\', 0xe2, 0xc4} {
		mayBegin[c] = true
	}
	for i := range len(text) {
		if !mayBegin[text[i]] {
			continue
		}
		if lower(text[i]) == word[0] && len(text)-i >= len(word) && hasPrefix(text[i:], word) || hasOtherForm(text, i) {
			return true
		}
	}
	return false
}

func hasPrefix[T string | []byte](text T, word string) bool {
	for i := range len(word) {
		if lower(text[i]) != word[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}

// hasOtherForm reports whether something begins here that stands for an ASCII letter: an escape,
// the Kelvin sign (U+212A) or İ (U+0130).
func hasOtherForm[T string | []byte](text T, i int) bool {
	switch text[i] {
	case '\\':
		return i+1 < len(text) && text[i+1] == 'u'
	case 0xe2:
		return i+2 < len(text) && text[i+1] == 0x84 && text[i+2] == 0xaa
	case 0xc4:
		return i+1 < len(text) && text[i+1] == 0xb0
	}
	return false
}
