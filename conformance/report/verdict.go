package report

import "fmt"

// Verdict is the report in a sentence.
func (r *Report) Verdict() string {
	cells := map[State]int{}
	for _, criterion := range r.Criteria {
		for _, cell := range criterion.Cells {
			cells[cell.State]++
		}
	}
	verified := fmt.Sprintf("%d of %d cells are verified", cells[Passed], cells[Passed]+cells[Failed]+cells[Missing]+cells[LeftOut])
	switch r.State {
	case Passed:
		return "Verified: every criterion passed in every column where it applies."
	case LeftOut:
		return fmt.Sprintf("Everything that was run passed. Not all is verified: %s, %d left out.", verified, cells[LeftOut])
	}
	return fmt.Sprintf("Not verified: %s, %d failed, %d not run, %d left out.", verified, cells[Failed], cells[Missing], cells[LeftOut])
}
