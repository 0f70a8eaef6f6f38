package check

import (
	"cmp"
	"fmt"
	"slices"

	"ark.ai/apiserver/conformance/faults/record"
)

// History is all that is wrong with a history, in order of time.
func History(h *record.History) []Violation {
	var violations []Violation
	for _, e := range eras(h) {
		violations = append(violations, e.judge()...)
	}
	for _, f := range h.Faults {
		if !f.Loses {
			for _, o := range lacking(h, f) {
				violations = append(violations, Violation{Lost, o.Return, o.Key, o.Revision, fmt.Sprintf("%s left only revision %d: %s", f.Name, f.Safe, o)})
			}
		}
		if f.Failure != "" {
			violations = append(violations, Violation{Kind: Healing, At: f.Healed, Text: f.Name + ": " + f.Failure})
		}
	}
	slices.SortStableFunc(violations, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Revision, b.Revision))
	})
	return violations
}
