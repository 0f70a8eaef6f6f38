package storage

import (
	"fmt"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apiserver/pkg/storage"

	"ark.ai/apiserver/src/storage/driver"
)

// attributes is what the database is to know of obj for selectors.
func (s *store) attributes(obj runtime.Object, encrypted bool) (driver.Attributes, error) {
	if s.GetAttrs == nil {
		return driver.Attributes{}, nil
	}
	l, f, err := s.GetAttrs(obj)
	if err != nil {
		return driver.Attributes{}, fmt.Errorf("reading labels and selectable fields: %w", err)
	}
	attributes := driver.Attributes{Labels: l, Fields: f}
	if encrypted {
		attributes = s.hider.hide(attributes)
	}
	return attributes, nil
}

// A database decides a few requirements fast, and takes long for thousands, or refuses them.
const (
	maxRequirements = 50
	maxValues       = 1000
)

// filter is what the database is to decide of a predicate. The caller still has to match what it
// returns.
func (s *store) filter(predicate storage.SelectionPredicate) driver.Filter {
	if s.GetAttrs == nil {
		return nil
	}
	var filter driver.Filter
	values := 0
	for _, r := range append(fieldFilter(predicate.Field), labelFilter(predicate.Label)...) {
		r = s.hider.seek(r)
		if len(filter) < maxRequirements && values+len(r.Values) <= maxValues {
			filter = append(filter, r)
			values += len(r.Values)
		}
	}
	return filter
}

func labelFilter(selector labels.Selector) driver.Filter {
	if selector == nil {
		return nil
	}
	requirements, _ := selector.Requirements()
	var filter driver.Filter
	for _, r := range requirements {
		translated := driver.Requirement{Key: r.Key(), Values: r.ValuesUnsorted()}
		switch r.Operator() {
		case selection.Equals, selection.DoubleEquals, selection.In:
			translated.Operator = driver.In
		case selection.NotEquals, selection.NotIn:
			translated.Operator = driver.NotIn
		case selection.Exists, selection.GreaterThan, selection.LessThan:
			// The comparison itself, of text that may be a number, is left to the process.
			translated.Operator, translated.Values = driver.Exists, nil
		case selection.DoesNotExist:
			translated.Operator, translated.Values = driver.NotExists, nil
		default:
			continue
		}
		filter = append(filter, translated)
	}
	return filter
}

func fieldFilter(selector fields.Selector) driver.Filter {
	if selector == nil {
		return nil
	}
	var filter driver.Filter
	for _, r := range selector.Requirements() {
		translated := driver.Requirement{Field: true, Key: r.Field, Values: []string{r.Value}}
		switch r.Operator {
		case selection.Equals, selection.DoubleEquals:
			translated.Operator = driver.In
		case selection.NotEquals:
			translated.Operator = driver.NotIn
		default:
			continue
		}
		filter = append(filter, translated)
	}
	return filter
}
