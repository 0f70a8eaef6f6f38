package index

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"strings"
)

// maxValue is how many bytes of a value or word are kept.
const maxValue = 64

// LastValue is no smaller than any value as it is kept.
var LastValue = strings.Repeat("\xff", maxValue)

// Document is what is kept of an object.
type Document struct {
	// Values of an object by name, in the byte order in which they are compared.
	Values map[string]string
	// Words of the object, each once or more often.
	Words []string
}

// cut returns the part of a value that is kept. It keeps the order of values, but what differs may
// become equal.
func cut(value string) string { return value[:min(len(value), maxValue)] }

// text is what the full-text index is given for words: letters and digits of ASCII, so that it does
// not have to know what else is a letter.
func text(words []string) string {
	var b strings.Builder
	for _, word := range words {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(token(word))
	}
	return b.String()
}

// token stands for a word.
func token(word string) string {
	const digits = "0123456789abcdef"
	word = cut(word)
	isPlain := func(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
	var b strings.Builder
	for i := range len(word) {
		if c := word[i]; isPlain(c) {
			b.WriteByte(c)
		} else {
			// No plain letter is a capital.
			b.WriteByte('X')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

// hashOf tells the words of an object from others.
func (x *Index) hashOf(words string) int64 { return int64(maphash.String(x.seed, words)) }

// term is a value with the number of its name.
type term struct {
	name  int64
	value string
}

// terms are those of a document, sorted by name.
func (x *Index) terms(d *Document) []term {
	terms := make([]term, 0, len(d.Values))
	for name, value := range d.Values {
		terms = append(terms, term{x.number(name, true), cut(value)})
	}
	slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(a.name, b.name) })
	return terms
}

// absent is the number of names without any value.
const absent = -1

// number is the one that stands for a name: small ones for the first names, to save space, and for
// others, of which there may be any number, one that no other has in all likelihood.
func (x *Index) number(name string, learn bool) int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	number, known := x.numbers[name]
	switch {
	case known:
		return number
	case len(x.numbers) >= maxNames:
		return int64(maphash.String(x.seed, name)>>2 | 1<<62)
	case !learn:
		return absent
	}
	number = int64(len(x.numbers)) + 1
	x.numbers[name] = number
	return number
}

func encodeTerms(terms []term) []byte {
	encoded := []byte{} // not NULL
	for _, t := range terms {
		encoded = binary.AppendUvarint(encoded, uint64(t.name))
		encoded = binary.AppendUvarint(encoded, uint64(len(t.value)))
		encoded = append(encoded, t.value...)
	}
	return encoded
}

// eachTerm visits what encodeTerms wrote, in its order, until visit returns false.
func eachTerm(encoded []byte, visit func(name int64, value []byte) bool) {
	for len(encoded) > 0 {
		name, n := binary.Uvarint(encoded)
		length, m := binary.Uvarint(encoded[n:])
		end := n + m + int(length)
		if !visit(int64(name), encoded[n+m:end]) {
			return
		}
		encoded = encoded[end:]
	}
}
