package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"ark.ai/apiserver/conformance/faults/record"
)

// knowledge is the newest revision that any client knew of, by time.
type knowledge []moment

type moment struct {
	at       time.Duration
	revision int64
}

// newKnowledge is of what these show, and of what was known before.
func newKnowledge(operations []record.Operation, watches []record.Watch, before ...moment) knowledge {
	moments := slices.Clone(knowledge(before))
	for _, o := range operations {
		if o.Outcome == record.Done && o.Revision > 0 {
			moments = append(moments, moment{o.Return, o.Revision})
		}
	}
	for _, w := range watches {
		for _, e := range w.Events {
			moments = append(moments, moment{e.At, e.Revision})
		}
	}
	slices.SortFunc(moments, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	var newest int64
	for i := range moments {
		newest = max(newest, moments[i].revision)
		moments[i].revision = newest
	}
	return moments
}

// before is what was known at a moment.
func (k knowledge) before(at time.Duration) int64 {
	i, _ := slices.BinarySearchFunc(k, at, func(m moment, at time.Duration) int { return cmp.Compare(m.at, at) })
	if i == 0 {
		return 0
	}
	return k[i-1].revision
}

// checkOrder wants the revision of a write to be above all that was known when it was asked for.
func (l *log) checkOrder(operations []record.Operation, known knowledge) []Violation {
	var violations []Violation
	for _, o := range operations {
		took := l.took(o)
		if newest := known.before(o.Call); took > 0 && took <= newest {
			violations = append(violations, Violation{Order, o.Return, o.Key, took,
				fmt.Sprintf("it has revision %d, though revision %d was known before it was asked for: %s", took, newest, o)})
		}
	}
	return violations
}
