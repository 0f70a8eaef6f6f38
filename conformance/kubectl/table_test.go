package kubectl_test

import (
	"strings"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// show wants all parts in a text.
func show(parts ...string) types.GomegaMatcher {
	var matchers []types.GomegaMatcher
	for _, part := range parts {
		matchers = append(matchers, ContainSubstring(part))
	}
	return SatisfyAll(matchers...)
}

// rows are the lines of a table, with one space between columns.
func rows(table string) []string {
	var rows []string
	for line := range strings.Lines(table) {
		rows = append(rows, strings.Join(strings.Fields(line), " "))
	}
	return rows
}

// haveRows wants these lines in a table, in this order, and no others.
func haveRows(want ...string) types.GomegaMatcher {
	return WithTransform(rows, Equal(want))
}

// haveAgedRows does not look at the last column, the age.
func haveAgedRows(want ...string) types.GomegaMatcher {
	return WithTransform(agedRows, Equal(want))
}

func agedRows(table string) []string {
	got := rows(table)
	for i, row := range got {
		got[i] = row[:max(0, strings.LastIndex(row, " "))]
	}
	return got
}
