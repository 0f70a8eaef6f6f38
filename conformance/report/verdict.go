package report

import "fmt"

// Verdict is the report in a sentence.
func (r *Report) Verdict() string {
	cells := map[State]int{}
	elsewhere := 0 // criteria that apply to no column
	for _, criterion := range r.Criteria {
		before := cells[NotApplicable]
		for _, cell := range criterion.Cells {
			cells[cell.State]++
		}
		if cells[NotApplicable]-before == len(criterion.Cells) {
			elsewhere++
		}
	}
	verified := fmt.Sprintf("%d of %d cells are verified", cells[Passed], cells[Passed]+cells[Failed]+cells[Missing]+cells[LeftOut])
	switch r.State {
	case Passed:
		return "Verified: every criterion passed in every column where it applies."
	case LeftOut:
		return fmt.Sprintf("Everything that was run passed. Not all is verified: %s, %d left out; %d of %d criteria apply to none of these columns.",
			verified, cells[LeftOut], elsewhere, len(r.Criteria))
	}
	return fmt.Sprintf("Not verified: %s, %d failed, %d not run, %d left out.", verified, cells[Failed], cells[Missing], cells[LeftOut])
}
