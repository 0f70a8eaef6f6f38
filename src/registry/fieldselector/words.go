package fieldselector

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// words are the words of a text, folded: its runs of letters, marks and digits.
func words(text string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool { return !inWord(r) })
	for i := range list {
		list[i] = fold(list[i])
	}
	return list
}

// fold is the same for words that only differ in case, or in whether letters and accents are
// characters of their own.
func fold(word string) string {
	word = strings.ToLower(word)
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return strings.ReplaceAll(norm.NFC.String(word), "ς", "σ")
		}
	}
	return word
}

// wordsFor are those that a selector looks for under a key.
func wordsFor(key, text string) ([]string, error) {
	list := words(text)
	if len(list) == 0 {
		return nil, fmt.Errorf("%s~=%s: must have a word, of letters and digits", key, text)
	}
	return list, nil
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// search looks for words in texts, one after the other, until all were found.
type search struct {
	missing []string
	longest int
}

func newSearch(wanted []string) *search {
	s := &search{missing: wanted}
	for _, word := range wanted {
		s.longest = max(s.longest, len(word))
	}
	return s
}

// in looks into a text, and reports whether all words were found.
func (s *search) in(text string) bool {
	if !s.mayFindIn(text) {
		return len(s.missing) == 0
	}
	for text != "" && len(s.missing) > 0 {
		start := strings.IndexFunc(text, inWord)
		if start < 0 {
			break
		}
		text = text[start:]
		end := wordLength(text)
		// Folded it may be shorter: to a third by case, and by letters and accents becoming one.
		if end <= 9*s.longest {
			found := fold(text[:end])
			if slices.Contains(s.missing, found) {
				s.missing = slices.DeleteFunc(slices.Clone(s.missing), func(word string) bool { return word == found })
			}
		}
		text = text[end:]
	}
	return len(s.missing) == 0
}

// mayFindIn spares most texts from being taken apart.
func (s *search) mayFindIn(text string) bool {
	for _, word := range s.missing {
		if mayHaveWord(text, word) {
			return true
		}
	}
	return false
}

// mayFindInTimes is mayFindIn for whatever time in RFC 3339.
func (s *search) mayFindInTimes() bool {
	return slices.ContainsFunc(s.missing, func(word string) bool { return strings.Trim(word, "0123456789tz") == "" })
}

func wordLength(text string) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			return i
		}
		i += size
	}
	return len(text)
}
