package check

import (
	"cmp"
	"slices"

	"ark.ai/apiserver/conformance/faults/record"
)

// byReturn sorts requests by their answers.
func byReturn(requests []request) []request {
	sorted := slices.Clone(requests)
	slices.SortStableFunc(sorted, func(a, b request) int { return cmp.Compare(a.Return, b.Return) })
	return sorted
}

// until is what a client knew after n answers: what was not answered then may have happened or not.
func until(requests []request, n int) []request {
	sorted := byReturn(requests)
	last := sorted[n-1].Return
	var beginning []request
	for i, r := range sorted {
		switch {
		case i < n:
			beginning = append(beginning, r)
		case r.Call <= last && r.Writes() && r.Outcome != record.Refused:
			r.Outcome = record.Unknown
			beginning = append(beginning, r)
		}
	}
	return beginning
}
