package report

import (
	"fmt"
	"slices"
)

// Counts are the numbers of checks by result, in words.
func (c Cell) Counts() []string {
	return counts([]string{"passed", "failed", "skipped", "pending"}, c.Passed, c.Failed, c.Skipped, c.Pending)
}

// Tally is how many checks of a group did not pass somewhere, in words.
func (g Group) Tally() []string {
	states := []string{"failed", "pending", "skipped"}
	numbers := make([]int, len(states))
	for _, check := range g.Checks {
		if i := slices.IndexFunc(states, check.is); i >= 0 {
			numbers[i]++
		}
	}
	if words := counts(states, numbers...); len(words) > 0 {
		return words
	}
	return []string{"all passed"}
}

// is reports whether the check has the state in some column.
func (c Check) is(state string) bool {
	return slices.ContainsFunc(c.Results, func(r Result) bool { return r.State == state })
}

// Skips are the reasons why the check was skipped somewhere.
func (c Check) Skips() []string {
	var reasons []string
	for _, result := range c.Results {
		if result.State == "skipped" && result.Message != "" && !slices.Contains(reasons, result.Message) {
			reasons = append(reasons, result.Message)
		}
	}
	return reasons
}

func counts(states []string, numbers ...int) []string {
	var words []string
	for i, number := range numbers {
		if number > 0 {
			words = append(words, fmt.Sprintf("%d %s", number, states[i]))
		}
	}
	return words
}

// Nowhere are the checks that were executed in no column, by their full names.
func (c Criterion) Nowhere() []string {
	var names []string
	for _, group := range c.Groups {
		for _, check := range group.Checks {
			if !check.is("passed") && !check.is("failed") {
				names = append(names, group.Name+" "+check.Name)
			}
		}
	}
	return names
}
