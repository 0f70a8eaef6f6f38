package storage

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/json"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/storage"
)

// rank is the place of an object in an order: by position, then by key.
type rank struct {
	Position []byte `json:"position"`
	Key      string `json:"key"`
}

func (r rank) compare(other rank) int {
	return cmp.Or(slices.Compare(r.Position, other.Position), cmp.Compare(r.Key, other.Key))
}

// ranked is an object at its place.
type ranked struct {
	rank
	object runtime.Object
}

// ranking collects the objects that come first in an order, behind a place.
type ranking struct {
	selector ObjectSelector
	after    *rank
	limit    int // 0: no limit
	more     bool
	largest  largestFirst
}

func (r *ranking) add(key string, obj runtime.Object) {
	entry := ranked{rank{[]byte(r.selector.Position(obj)), key}, obj}
	if r.after != nil && entry.compare(*r.after) <= 0 {
		return
	}
	if r.limit > 0 && len(r.largest) == r.limit {
		r.more = true
		if entry.compare(r.largest[0].rank) >= 0 {
			return
		}
		heap.Pop(&r.largest)
	}
	heap.Push(&r.largest, entry)
}

// sorted are the objects in their order.
func (r *ranking) sorted() []ranked {
	slices.SortFunc(r.largest, func(a, b ranked) int { return a.compare(b.rank) })
	return r.largest
}

type largestFirst []ranked

func (l largestFirst) Len() int           { return len(l) }
func (l largestFirst) Less(i, j int) bool { return l[i].compare(l[j].rank) > 0 }
func (l largestFirst) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *largestFirst) Push(entry any)    { *l = append(*l, entry.(ranked)) }
func (l *largestFirst) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

// orderedContinue is what the continue token of an ordered list says.
type orderedContinue struct {
	Revision int64 `json:"rv"`
	After    rank  `json:"after"`
	// Taken is how many objects former pages had.
	Taken int `json:"taken"`
}

func (t orderedContinue) encode() (string, error) {
	text, err := json.Marshal(t)
	return string(text), err
}

func decodeOrderedContinue(token string) (*orderedContinue, error) {
	var t orderedContinue
	if err := json.Unmarshal([]byte(token), &t); err != nil {
		return nil, apierrors.NewBadRequest("invalid continue token: " + err.Error())
	}
	return &t, nil
}

// listOrdered fills the list with a page in the selector's order. Its objects are those of one
// revision, of which all that match are looked at.
func (l *lister) listOrdered(ctx context.Context) (token string, err error) {
	first, _ := l.selector.Ordered()
	l.ranking = &ranking{selector: l.selector, limit: int(max(0, l.opts.Predicate.Limit))}
	taken := 0
	if token := l.opts.Predicate.Continue; token == "" {
		l.revision, _, err = storage.ValidateListOptions(l.prefix, l.store.versioner, l.opts)
	} else if version := l.opts.ResourceVersion; version != "" && version != "0" {
		err = apierrors.NewBadRequest("specifying resource version is not allowed when using continue")
	} else {
		var from *orderedContinue
		if from, err = decodeOrderedContinue(token); err == nil {
			l.revision, l.ranking.after, taken = from.Revision, &from.After, from.Taken
		}
	}
	if err != nil {
		return "", err
	}
	remaining := first - taken
	if first > 0 {
		if remaining <= 0 {
			return "", apierrors.NewBadRequest("invalid continue token: nothing is left of the list")
		}
		if l.ranking.limit == 0 || l.ranking.limit > remaining {
			l.ranking.limit = remaining
		}
	}
	if err := l.read(ctx); err != nil {
		return "", err
	}
	entries := l.ranking.sorted()
	for _, entry := range entries {
		l.append(entry.object)
	}
	if taken += len(entries); !l.ranking.more || first > 0 && taken >= first {
		return "", nil
	}
	return orderedContinue{Revision: l.revision, After: entries[len(entries)-1].rank, Taken: taken}.encode()
}
