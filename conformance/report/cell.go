package report

import (
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2/types"
)

// Cell is a criterion in a column.
type Cell struct {
	State State `json:"state"`
	// Reason why it is not passed.
	Reason string `json:"reason,omitempty"`
	// The number of checks by result. Only passed and failed ones were executed.
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	Pending int `json:"pending"`
	// Seconds that the suite took.
	Seconds float64 `json:"seconds"`
	// Command that ran it.
	Command string `json:"command,omitempty"`

	suite *types.Report
}

// judge decides on a cell. A file that is not there is nil.
func judge(requirement Requirement, target Target, column *Column, suite *types.Report) Cell {
	switch {
	case !requirement.AppliesTo(target.Mode):
		return Cell{State: NotApplicable}
	case requirement.LeftOut != "":
		return Cell{State: LeftOut, Reason: requirement.LeftOut}
	case column == nil:
		return Cell{State: Missing, Reason: "nothing was run in this column"}
	}
	run := column.Suites[requirement.Suite]
	cell := Cell{Seconds: run.Seconds, Command: run.Command}
	if suite == nil {
		cell.State, cell.Reason = Missing, firstOf(run.Failure, column.Failure, "the suite was not run")
		return cell
	}
	cell.count(suite.SpecReports)
	cell.State, cell.Reason = cell.verdict(requirement, run, suite)
	return cell
}

func (c *Cell) count(specs types.SpecReports) {
	checks := specs.WithLeafNodeType(types.NodeTypeIt)
	c.Passed = checks.CountWithState(types.SpecStatePassed)
	c.Failed = checks.CountWithState(types.SpecStateFailureStates)
	c.Skipped = checks.CountWithState(types.SpecStateSkipped)
	c.Pending = checks.CountWithState(types.SpecStatePending)
}

func (c *Cell) verdict(requirement Requirement, run Suite, suite *types.Report) (State, string) {
	switch {
	case suite.SuiteDescription != requirement.Criterion:
		return Failed, fmt.Sprintf("the suite says that it is about %q", suite.SuiteDescription)
	case c.Failed > 0:
		return Failed, fmt.Sprintf("%d of %s failed", c.Failed, plural(c.Passed+c.Failed, "check"))
	case suite.SpecReports.CountWithState(types.SpecStateFailureStates) > 0:
		return Failed, "the set-up or the clean-up of the suite failed"
	case c.Pending > 0:
		return Failed, plural(c.Pending, "check") + " pending"
	case suite.SuiteHasProgrammaticFocus:
		return Failed, "only checks with focus were run"
	case c.Passed == 0:
		return Missing, "no check was executed"
	case !suite.SuiteSucceeded || run.Failure != "":
		return Failed, firstOf(strings.Join(suite.SpecialSuiteFailureReasons, ", "), run.Failure, "the suite failed")
	}
	return Passed, ""
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func plural(number int, noun string) string {
	if number == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", number, noun)
}
