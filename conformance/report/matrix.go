package report

import (
	"fmt"
	"slices"
	"strings"
)

// Matrix is a table in Markdown, with a row for each way to run the server, and a column for each
// suite that was to be run.
func (r *Report) Matrix() string {
	asked := slices.DeleteFunc(slices.Clone(r.Criteria), func(c Criterion) bool { return c.State == LeftOut })
	var table strings.Builder
	row := func(head string, cell func(Criterion) string) {
		fmt.Fprintf(&table, "| %s |", head)
		for _, criterion := range asked {
			fmt.Fprintf(&table, " %s |", cell(criterion))
		}
		table.WriteByte('\n')
	}
	row("", func(c Criterion) string { return c.Suite })
	row("---", func(Criterion) string { return "---" })
	for i, column := range r.Columns {
		row(column.Target.String(), func(c Criterion) string { return c.Cells[i].summary() })
	}
	return table.String()
}

// summary is the state and the numbers of a cell, or why there are none.
func (c Cell) summary() string {
	said := c.Counts()
	if len(said) == 0 && c.State != NotApplicable {
		said = []string{string(c.State)}
	}
	return strings.TrimSpace(marks[string(c.State)] + " " + strings.Join(said, ", "))
}
