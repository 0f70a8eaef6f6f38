package fieldselector

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// Keys that are no paths.
const (
	filterKey  = "filter"
	orderByKey = "orderBy"
	firstKey   = "first"
	textKey    = "text"
)

// Kind is what selectors may ask about objects of a kind.
type Kind struct {
	fields   map[string]*Field
	sorted   []Field
	declared []string
	filters  *filters
}

// NewKind describes objects of the type that newObject makes. The declared fields are those that
// selectors may always name, whose values are compared as text, as custom resources' are. schema is
// that of the object, without references; expressions are checked against it.
func NewKind(newObject func() runtime.Object, declared []string, schema func() (*spec.Schema, error)) *Kind {
	k := &Kind{fields: map[string]*Field{}, declared: declared, filters: newFilters(schema)}
	k.sorted = fieldsOf(reflect.TypeOf(newObject()).Elem())
	for i := range k.sorted {
		k.fields[k.sorted[i].Path] = &k.sorted[i]
	}
	return k
}

// Fields are the scalar fields of the kind, sorted by path.
func (k *Kind) Fields() []Field { return slices.Clone(k.sorted) }

// Check reports what is wrong with a term: its key as SplitKey takes it, and its value. Expressions
// are left to Compile, which knows how many there are before it spends time on them.
func (k *Kind) Check(key, value string) error {
	if key == filterKey {
		return nil
	}
	_, err := k.add(context.Background(), &Selector{}, fields.Requirement{Field: key, Operator: selection.Equals, Value: value})
	return err
}

// Compile returns a selector that looks at objects: a *Selector. One that asks for declared fields
// only is returned as it is. ctx has the user, who waits for a turn to have expressions compiled.
func (k *Kind) Compile(ctx context.Context, selector fields.Selector) (fields.Selector, error) {
	if selector == nil || selector.Empty() {
		return selector, nil
	}
	compiled := &Selector{origin: selector}
	plain := true
	for _, r := range selector.Requirements() {
		isPlain, err := k.add(ctx, compiled, r)
		if err != nil {
			return nil, err
		}
		plain = plain && isPlain
	}
	compiled.declared = fields.AndSelectors(compiled.declaredTerms...)
	switch {
	case plain:
		return selector, nil
	case compiled.first > 0 && compiled.order == nil:
		return nil, fmt.Errorf("%s needs %s", firstKey, orderByKey)
	}
	return compiled, nil
}

// add adds a requirement to a selector. It is plain if it asks for a declared field only.
func (k *Kind) add(ctx context.Context, s *Selector, r fields.Requirement) (plain bool, err error) {
	path, first := SplitKey(r.Field)
	op := operator(first + "=")
	if r.Operator == selection.NotEquals {
		if first != "" || slices.Contains([]string{filterKey, orderByKey, firstKey, textKey}, path) {
			return false, fmt.Errorf("%s!=%s: operator not supported", r.Field, r.Value)
		}
		op = notEqual
	}
	if slices.Contains([]string{filterKey, orderByKey, firstKey}, path) && op != equal {
		return false, fmt.Errorf("%s%s: must be %s=…", path, op, path)
	}
	switch {
	case path == filterKey:
		return false, s.addFilter(ctx, k, r.Value)
	case path == orderByKey:
		return false, s.setOrder(k, r.Value)
	case path == firstKey:
		return false, s.setFirst(r.Value)
	case path == textKey:
		if op != hasWords {
			return false, fmt.Errorf("%s: must be %s~=…", textKey, textKey)
		}
		list, err := wordsFor(textKey, r.Value)
		if err != nil {
			return false, err
		}
		s.texts = append(s.texts, list)
		s.questions += len(list)
	case slices.Contains(k.declared, path) && (op == equal || op == notEqual):
		s.addDeclared(op, path, r.Value)
		return true, nil
	default:
		field, known := k.fields[path]
		if !known {
			return false, fmt.Errorf("field label not supported: %s: known are %s", r.Field, k.known())
		}
		t, err := newTerm(field, op, r.Value)
		if err != nil {
			return false, err
		}
		s.terms = append(s.terms, t)
		s.questions += 1 + len(t.words)
	}
	if s.questions > maxQuestions {
		return false, fmt.Errorf("%s: at most %d comparisons and words are supported", r.Field, maxQuestions)
	}
	return false, nil
}

// known is what keys of terms can be.
func (k *Kind) known() string {
	names := []string{textKey, filterKey, orderByKey, firstKey}
	for _, field := range k.sorted {
		names = append(names, field.Path)
	}
	return strings.Join(names, ", ")
}
