package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ark.ai/apiserver/conformance/faults/record"
)

const (
	// around is how many requests for a key are told before a violation, and after it.
	around = 8
	// maxLines is how many violations get a line.
	maxLines = 40
)

// Account tells the story of the first violation of each kind, and has a line for others.
func Account(h *record.History, violations []Violation) string {
	var lines []string
	told := map[Kind]bool{}
	for _, v := range violations {
		if !told[v.Kind] {
			told[v.Kind] = true
			lines = append(lines, v.account(h))
		}
	}
	for i, v := range violations {
		if i == maxLines {
			lines = append(lines, fmt.Sprintf("and %d more", len(violations)-maxLines))
			break
		}
		lines = append(lines, v.String())
	}
	return strings.Join(lines, "\n")
}

// account is the story of one: what was asked and answered about its key around then, and what was
// broken.
func (v Violation) account(h *record.History) string {
	type entry struct {
		at   time.Duration
		text string
	}
	var entries []entry
	for _, f := range h.Faults {
		if f.Injected <= v.At && v.At <= f.Healed {
			entries = append(entries, entry{f.Injected, fmt.Sprintf("%.4fs fault %s %s", f.Injected.Seconds(), f.Name, f.Detail)})
		}
	}
	if v.Key != "" {
		var own []entry
		for _, o := range h.Operations {
			if o.Key == v.Key {
				own = append(own, entry{o.Call, o.String()})
			}
		}
		for _, w := range h.Watches {
			for _, e := range w.Events {
				if e.Key == v.Key && e.Revision == v.Revision {
					own = append(own, entry{e.At, e.String() + ", " + w.String()})
				}
			}
		}
		slices.SortStableFunc(own, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
		at, _ := slices.BinarySearchFunc(own, v.At, func(e entry, at time.Duration) int { return cmp.Compare(e.at, at) })
		entries = append(entries, own[max(0, at-around):min(len(own), at+around)]...)
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	lines := []string{v.String()}
	for _, e := range entries {
		lines = append(lines, "    "+e.text)
	}
	return strings.Join(lines, "\n")
}
