package postgresql

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"ark.ai/apiserver/src/storage/driver"
)

// isDocument tells a JSON object, which SQL users can query, from an encrypted or binary value. It
// need not be exact for what PostgreSQL refuses to store as JSON: that is stored as bytes by
// another attempt. But it must find what PostgreSQL stores and then fails to read, because one such
// object would make every query of the view fail.
func isDocument(value []byte) bool {
	return len(value) > 0 && value[0] == '{' && utf8.Valid(value) && hasReadableEscapes(value) && !driver.IsDeep(value)
}

// hasReadableEscapes reports whether every escape in the strings of a JSON text stands for what
// PostgreSQL's text can hold: not zero, nor half of a surrogate pair.
func hasReadableEscapes(text []byte) bool {
	for {
		at := bytes.IndexByte(text, '\\')
		if at < 0 || at+1 == len(text) {
			return true
		}
		text = text[at:]
		unit, escaped := escapedUnit(text)
		switch {
		case !escaped:
			text = text[2:]
		case unit == 0:
			return false
		case utf16.IsSurrogate(unit):
			low, _ := escapedUnit(text[6:])
			if utf16.DecodeRune(unit, low) == utf8.RuneError {
				return false
			}
			text = text[12:]
		default:
			text = text[6:]
		}
	}
}

// escapedUnit is the UTF-16 unit of the escape \uXXXX at the beginning of text.
func escapedUnit(text []byte) (unit rune, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	number, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(number), err == nil
}
