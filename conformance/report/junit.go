package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/onsi/ginkgo/v2/reporters"
	"github.com/onsi/ginkgo/v2/types"
)

// writeJUnit writes what ginkgo itself would, with a suite for each cell, and a case that says so
// where a cell is not verified.
func (r *Report) writeJUnit(path string) error {
	parts, err := os.MkdirTemp("", "junit-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(parts)
	var sources []string
	for _, criterion := range r.Criteria {
		for i, cell := range criterion.Cells {
			if cell.State == NotApplicable {
				continue
			}
			source := filepath.Join(parts, fmt.Sprintf("%d.xml", len(sources)))
			config := reporters.JunitReportConfig{OmitTimelinesForSpecState: types.SpecStatePassed | types.SpecStateSkipped}
			if err := reporters.GenerateJUnitReportWithConfig(cell.junit(criterion.Name, r.Columns[i].Target), source, config); err != nil {
				return err
			}
			sources = append(sources, source)
		}
	}
	if messages, err := reporters.MergeAndCleanupJUnitReports(sources, path); err != nil || len(messages) > 0 {
		return errors.Join(err, errors.New(strings.Join(messages, "\n")))
	}
	return nil
}

func (c Cell) junit(criterion string, target Target) types.Report {
	var suite types.Report
	if c.suite != nil {
		suite = *c.suite
	}
	suite.SuiteDescription = fmt.Sprintf("%s (%s)", criterion, target)
	if c.State == Passed {
		return suite
	}
	verdict := types.SpecReport{
		LeafNodeType: types.NodeTypeIt,
		LeafNodeText: "is verified",
		State:        types.SpecStateFailed,
		Failure:      types.Failure{Message: fmt.Sprintf("%s: %s", c.State, c.Reason)},
	}
	if c.State == LeftOut {
		verdict.State = types.SpecStateSkipped
	}
	suite.SuiteSucceeded = false
	suite.SpecReports = append(suite.SpecReports[:len(suite.SpecReports):len(suite.SpecReports)], verdict)
	return suite
}
