package fieldselector

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// lastValue is no smaller than any value as an index keeps it.
var lastValue = strings.Repeat("\xff", 64)

// EachValue implements storage.Describer: a value is a scalar.
func (k *Kind) EachValue(obj runtime.Object, visit func(path, value string)) {
	for i := range k.sorted {
		if value, _, present := k.sorted[i].of(obj); present {
			visit(k.sorted[i].Path, string(value))
		}
	}
}

// Words implements storage.Describer: they are those that text~= finds.
func (k *Kind) Words(obj runtime.Object) []string {
	all := make(map[string]struct{})
	eachText(obj, textVisitor{
		visit: func(text string) bool {
			for _, word := range words(text) {
				all[word] = struct{}{}
			}
			return true
		},
		skip: func(string) bool { return false },
	})
	return slices.Sorted(maps.Keys(all))
}

// EachCondition implements storage.ObjectSelector.
func (s *Selector) EachCondition(visit func(path string, ranges ...[2]string)) {
	for i := range s.terms {
		if r, ok := s.terms[i].within(); ok {
			visit(s.terms[i].field.Path, r)
		}
	}
	for _, alternatives := range s.implied {
		var ranges [][2]string
		for i := range alternatives {
			if r, ok := alternatives[i].within(); ok {
				ranges = append(ranges, r)
			}
		}
		if len(ranges) == len(alternatives) {
			visit(alternatives[0].field.Path, ranges...)
		}
	}
}

// within is the range of values that the term holds for, if there is one.
func (t *term) within() (r [2]string, ok bool) {
	switch {
	case t.operator == equal && t.text != "":
		return [2]string{string(t.value), string(t.value)}, true
	case t.operator == atLeast:
		return [2]string{string(t.value), lastValue}, true
	case t.operator == atMost:
		return [2]string{"", string(t.value)}, true
	case t.operator == startsWith:
		return [2]string{t.text, t.text + lastValue}, true
	}
	return r, false
}

// SearchedWords implements storage.ObjectSelector.
func (s *Selector) SearchedWords() []string {
	wanted := slices.Concat(s.texts...)
	for i := range s.terms {
		// Of metadata, only the name is text; in an open part, texts may be numbers.
		if t := &s.terms[i]; t.operator == hasWords && len(t.field.keys) == 0 && (t.field.Path == "metadata.name" || !strings.HasPrefix(t.field.Path, "metadata.")) {
			wanted = append(wanted, t.words...)
		}
	}
	return wanted
}

// OrderedBy implements storage.ObjectSelector.
func (s *Selector) OrderedBy() (path string, descending bool) {
	return s.order.field.Path, s.order.descending
}

// ValueAt implements storage.ObjectSelector.
func (s *Selector) ValueAt(position string) (value string, present bool) {
	value, present = strings.CutPrefix(position, "\x00")
	switch {
	case !present:
		return "", false
	case s.order.descending:
		return scalar(value).ascending(), true
	}
	return value, true
}
