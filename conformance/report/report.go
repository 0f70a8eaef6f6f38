package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/onsi/ginkgo/v2/types"
)

// Report is the content of report.json.
type Report struct {
	// State is that of the worst criterion.
	State   State     `json:"state"`
	Written time.Time `json:"written"`
	// Problems concern the results as a whole. With problems the state is Failed.
	Problems []string    `json:"problems,omitempty"`
	Columns  []Column    `json:"columns"`
	Criteria []Criterion `json:"criteria"`
}

// Criterion is a row of the report.
type Criterion struct {
	Name string `json:"name"`
	// Suite is the name of the folder with the checks.
	Suite string `json:"suite,omitempty"`
	// State is that of the worst cell. It is LeftOut if the criterion applies to no column.
	State State `json:"state"`
	// Cells are in the order of the columns.
	Cells []Cell `json:"cells"`
	// Groups of checks, in the order of the sources.
	Groups []Group `json:"groups,omitempty"`
}

// Load judges the results in a folder.
func Load(results string, plan Plan) (*Report, error) {
	report := &Report{Written: time.Now().UTC().Truncate(time.Second)}
	columns := make([]*Column, len(plan.Columns))
	for i, target := range plan.Columns {
		column, err := loadColumn(results, target)
		if err != nil {
			return nil, err
		}
		columns[i] = column
		if column == nil {
			column = &Column{Target: target}
		}
		report.Columns = append(report.Columns, *column)
		if column.Failure != "" {
			report.Problems = append(report.Problems, fmt.Sprintf("%s: %s", target, column.Failure))
		}
	}
	if commits := report.commits(); len(commits) > 1 {
		report.Problems = append(report.Problems, fmt.Sprintf("the columns are of different commits: %v", commits))
	}
	var states []State
	for _, requirement := range plan.Criteria {
		criterion, err := loadCriterion(results, requirement, plan.Columns, columns)
		if err != nil {
			return nil, err
		}
		report.Criteria = append(report.Criteria, criterion)
		states = append(states, criterion.State)
	}
	report.State = worst(states)
	if len(report.Problems) > 0 {
		report.State = Failed
	}
	return report, nil
}

func loadCriterion(results string, requirement Requirement, targets []Target, columns []*Column) (Criterion, error) {
	criterion := Criterion{Name: requirement.Criterion, Suite: requirement.Suite}
	all := newChecks(len(targets))
	var states []State
	for i, target := range targets {
		suite, err := loadSuite(filepath.Join(results, target.Folder(), requirement.Suite+".json"))
		if err != nil {
			return Criterion{}, err
		}
		cell := judge(requirement, target, columns[i], suite)
		if suite != nil && cell.State != NotApplicable && cell.State != LeftOut {
			cell.suite = suite
			all.add(i, suite)
		}
		criterion.Cells = append(criterion.Cells, cell)
		states = append(states, cell.State)
	}
	criterion.State = worst(states)
	criterion.Groups = all.groups()
	return criterion, nil
}

// loadSuite reads what ginkgo reported. It is nil if there is no such report: a suite that was
// killed leaves no file, or one without anything in it.
func loadSuite(path string) (*types.Report, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var suites []types.Report
	if err := json.Unmarshal(data, &suites); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	switch len(suites) {
	case 0:
		return nil, nil
	case 1:
		suite := &suites[0]
		suite.SpecReports = slices.DeleteFunc(suite.SpecReports, isNotChosen)
		return suite, nil
	}
	return nil, fmt.Errorf("%s: it is about %d suites, not one", path, len(suites))
}

// isNotChosen reports whether a check is none of those that the suite is to run. One that is
// skipped says why.
func isNotChosen(spec types.SpecReport) bool {
	return spec.State == types.SpecStateSkipped && spec.Failure.Message == ""
}

// commits that the columns are of.
func (r *Report) commits() []string {
	var commits []string
	seen := map[string]bool{}
	for _, column := range r.Columns {
		if column.Commit != "" && !seen[column.Commit] {
			seen[column.Commit] = true
			commits = append(commits, column.Commit)
		}
	}
	return commits
}

// Reason why the criterion is not verified, from the first cell that has one.
func (c Criterion) Reason() string {
	for _, cell := range c.Cells {
		if cell.Reason != "" {
			return cell.Reason
		}
	}
	return ""
}

// Command that ran the checks in the first column where it did.
func (c Criterion) Command() string {
	for _, cell := range c.Cells {
		if cell.Command != "" {
			return cell.Command
		}
	}
	return ""
}
