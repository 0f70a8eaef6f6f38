package fieldselector

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// operator is how a field is compared with a value.
type operator string

const (
	equal      operator = "="
	notEqual   operator = "!="
	atLeast    operator = ">="
	atMost     operator = "<="
	startsWith operator = "^="
	hasWords   operator = "~="
)

// operatorsOf are those that fields of a type can be compared with.
func operatorsOf(t Type) []operator {
	switch t {
	case String:
		return []operator{equal, notEqual, atLeast, atMost, startsWith, hasWords}
	case Boolean:
		return []operator{equal, notEqual}
	default:
		return []operator{equal, notEqual, atLeast, atMost}
	}
}

// SplitKey takes the beginning of an operator off the key of a term.
func SplitKey(key string) (path, operator string) {
	for _, first := range []string{">", "<", "^", "~"} {
		if path, found := strings.CutSuffix(key, first); found {
			return path, first
		}
	}
	return key, ""
}

// term is a comparison of a field with a value.
type term struct {
	field    *Field
	operator operator
	value    scalar
	text     string
	words    []string
}

// newTerm checks that a field can be compared with a value in this way.
func newTerm(field *Field, op operator, text string) (term, error) {
	if allowed := operatorsOf(field.Type); !slices.Contains(allowed, op) {
		return term{}, fmt.Errorf("the %s %s can't be compared with %s: supported are %s", field.Type, field.Path, op, listed(allowed))
	}
	t := term{field: field, operator: op, text: text}
	switch {
	case op == hasWords:
		var err error
		if t.words, err = wordsFor(field.Path, text); err != nil {
			return term{}, err
		}
	case text == "" && (op == equal || op == notEqual):
		// Asks whether the field is absent.
	default:
		var err error
		if t.value, err = field.Type.parse(text); err != nil {
			return term{}, fmt.Errorf("%s%s%s: %w", field.Path, op, text, err)
		}
	}
	return t, nil
}

func listed[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}

// matches reports whether the term holds for an object.
func (t *term) matches(obj runtime.Object) bool {
	return t.matchesValue(t.field.of(obj))
}

func (t *term) matchesValue(value scalar, text string, present bool) bool {
	switch t.operator {
	case equal, notEqual:
		same := present && value == t.value
		if t.text == "" {
			same = !present
		}
		return same == (t.operator == equal)
	case atLeast:
		return present && value >= t.value
	case atMost:
		return present && value <= t.value
	case startsWith:
		return present && strings.HasPrefix(text, t.text)
	default:
		return present && newSearch(t.words).in(text)
	}
}
