package storage

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/utils/lru"

	"ark.ai/apiserver/src/turns"
)

// ObjectSelector is a fields.Selector that looks at whole objects. As a fields.Selector it decides
// no more than its requirements on the fields of AttrFunc. Requests with one are answered from the
// database, since the watch cache knows only those fields.
type ObjectSelector interface {
	fields.Selector

	// MatchesObject reports whether an object that meets the requirements matches. An error ends
	// the request.
	MatchesObject(obj runtime.Object) (bool, error)

	// MayMatchStored reports whether what the codec wrote may be an object that matches; if not, it
	// need not be decoded.
	MayMatchStored(stored []byte) bool

	// Ordered reports whether the objects are wanted in the order of Position, and how many of
	// them; 0 means all.
	Ordered() (first int, ordered bool)

	// EachCondition visits paths at which matching objects have a value, as a Describer tells it,
	// in one of some ranges, from the first to the last value; SearchedWords are words that they
	// have. It is what an index is asked.
	EachCondition(visit func(path string, ranges ...[2]string))
	SearchedWords() []string

	// OrderedBy is the path whose values order the objects, and ValueAt the value at a position;
	// what has none comes last.
	OrderedBy() (path string, descending bool)
	ValueAt(position string) (value string, present bool)

	// Position is where a matching object is in the order of bytes. Objects at the same position
	// are in the order of their keys.
	Position(obj runtime.Object) string
}

const (
	// A page of a list with an ObjectSelector ends, maybe without any object, when so many were
	// examined or so much time has passed: the client asks for the next one.
	maxExamined   = 50_000
	maxExamineFor = 2 * time.Second

	// batchBytes is about how much is read at once of what an ObjectSelector may leave nothing of.
	batchBytes = 1 << 20

	// keptDecisions is how many decisions of selectors on changes a store remembers, for the other
	// watches with the same selector.
	keptDecisions = 4096
)

// objectSelector is that of a predicate, or nil.
func objectSelector(predicate storage.SelectionPredicate) ObjectSelector {
	selector, _ := predicate.Field.(ObjectSelector)
	return selector
}

// isOrdered reports whether a selector wants objects in its own order.
func isOrdered(selector ObjectSelector) bool {
	if selector == nil {
		return false
	}
	_, ordered := selector.Ordered()
	return ordered
}

// matches reports whether an object is one that the predicate selects.
func matches(predicate *storage.SelectionPredicate, obj runtime.Object) (bool, error) {
	selector := objectSelector(*predicate)
	if selector != nil && predicate.Label.Empty() && len(selector.Requirements()) == 0 {
		// Attributes are made for each watch, and here nobody asks for them.
		return selector.MatchesObject(obj)
	}
	matched, err := predicate.Matches(obj)
	matched = matched && err == nil // An object without attributes is no answer to anything.
	if matched && selector != nil {
		return selector.MatchesObject(obj)
	}
	return matched, nil
}

// sharedSelector names a predicate with an ObjectSelector, and is empty for others.
func sharedSelector(predicate storage.SelectionPredicate) string {
	selector := objectSelector(predicate)
	if selector == nil {
		return ""
	}
	name := selector.String()
	if predicate.Label != nil {
		name += "\x00" + predicate.Label.String()
	}
	return name
}

// decisions remembers what selectors have decided on changes, so that equal ones decide once.
type decisions struct {
	made *lru.Cache // change → bool
}

// change is an object before or after a revision, that a selector decides on.
type change struct {
	selector string
	revision int64
	before   bool
}

func newDecisions() *decisions { return &decisions{made: lru.New(keptDecisions)} }

func (d *decisions) on(ctx context.Context, c change, decide func() (bool, error)) (bool, error) {
	if made, ok := d.made.Get(c); ok {
		return made.(bool), nil
	}
	turn, err := turns.Process.Take(ctx, turns.Follow, turns.UserOf(ctx))
	if err != nil {
		return false, err
	}
	defer turn.End()
	if made, ok := d.made.Get(c); ok { // while this waited
		return made.(bool), nil
	}
	decision, err := decide()
	if err == nil {
		d.made.Add(c, decision)
	}
	return decision, err
}
