package fieldselector

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
)

// maxFirst is how many objects of an order can be asked for: as many are held for each watch.
const maxFirst = 500

// maxQuestions is how many comparisons and words are decided for each object.
const maxQuestions = 1000

// Selector is a fields.Selector that looks at objects: a storage.ObjectSelector, of a package that
// this one need not import.
type Selector struct {
	origin fields.Selector
	// declared are the terms that the selectable fields decide.
	declared      fields.Selector
	declaredTerms []fields.Selector
	terms         []term
	texts         [][]string
	filters       []*filter
	// implied are terms of which, in each list, one is true if the filters are.
	implied [][]term
	order   *order
	first   int

	expressions int // bytes of all of them
	questions   int // comparisons and words
}

func (s *Selector) addDeclared(op operator, path, value string) {
	term := fields.OneTermEqualSelector(path, value)
	if op == notEqual {
		term = fields.OneTermNotEqualSelector(path, value)
	}
	s.declaredTerms = append(s.declaredTerms, term)
}

func (s *Selector) addFilter(ctx context.Context, k *Kind, expression string) error {
	if strings.TrimSpace(expression) == "" {
		return fmt.Errorf("%s: line 1, column 1: Syntax error: must be an expression such as has(%s.status)", filterKey, variable)
	}
	if s.expressions += len(expression); s.expressions > maxExpression {
		return fmt.Errorf("%s: must have at most %d bytes", filterKey, maxExpression)
	}
	f, err := k.filters.compile(ctx, expression)
	if err != nil {
		return fmt.Errorf("%s: %w", filterKey, err)
	}
	s.filters = append(s.filters, f)
	s.implied = append(s.implied, k.implied(f)...)
	return nil
}

func (s *Selector) setFirst(value string) error {
	if s.first > 0 {
		return fmt.Errorf("%s: must be given once", firstKey)
	}
	first, err := strconv.Atoi(value)
	if err != nil || value != strconv.Itoa(first) || first < 1 || first > maxFirst {
		return fmt.Errorf("%s=%s: must be a number from 1 to %d", firstKey, value, maxFirst)
	}
	s.first = first
	return nil
}

// MatchesObject implements storage.ObjectSelector, cheap questions first.
func (s *Selector) MatchesObject(obj runtime.Object) (bool, error) {
	for i := range s.terms {
		if !s.terms[i].matches(obj) {
			return false, nil
		}
	}
	for _, wanted := range s.texts {
		if !hasText(obj, wanted) {
			return false, nil
		}
	}
	// Expressions take microseconds, what they imply a fraction of one.
	for _, alternatives := range s.implied {
		if !slices.ContainsFunc(alternatives, func(t term) bool { return t.matches(obj) }) {
			return false, nil
		}
	}
	for _, f := range s.filters {
		if matched, err := f.matches(obj); err != nil || !matched {
			return false, err
		}
	}
	return true, nil
}

// Ordered implements storage.ObjectSelector.
func (s *Selector) Ordered() (first int, ordered bool) { return s.first, s.order != nil }

// Position implements storage.ObjectSelector.
func (s *Selector) Position(obj runtime.Object) string { return s.order.position(obj) }

// Matches implements fields.Selector. It decides the terms of declared fields only.
func (s *Selector) Matches(f fields.Fields) bool { return s.declared.Matches(f) }

// Empty implements fields.Selector.
func (s *Selector) Empty() bool { return false }

// RequiresExactMatch implements fields.Selector.
func (s *Selector) RequiresExactMatch(field string) (value string, found bool) {
	return s.declared.RequiresExactMatch(field)
}

// Transform implements fields.Selector. Who has compiled a selector has transformed it before.
func (s *Selector) Transform(fields.TransformFunc) (fields.Selector, error) {
	return nil, fmt.Errorf("%s can't be transformed", s)
}

// Requirements implements fields.Selector. They are those of declared fields, which the database
// may decide.
func (s *Selector) Requirements() fields.Requirements { return s.declared.Requirements() }

// String implements fields.Selector.
func (s *Selector) String() string { return s.origin.String() }

// DeepCopySelector implements fields.Selector. Nothing of it ever changes.
func (s *Selector) DeepCopySelector() fields.Selector { return s }
