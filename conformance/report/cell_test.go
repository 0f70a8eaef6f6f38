package report

import (
	"strings"
	"testing"
)

// Nothing is green but a suite that was executed and passed.
func TestState(t *testing.T) {
	ran := Column{Target: sqlite, Suites: map[string]Suite{suite: {Seconds: 1}}}
	for name, test := range map[string]struct {
		requirement Requirement
		column      *Column
		fixture     string
		want        State
		reason      string
	}{
		"a suite that passes":                 {requirement, &ran, "green", Passed, ""},
		"a suite that fails":                  {requirement, &ran, "red", Failed, "2 of 3 checks failed"},
		"a suite that skips everything":       {requirement, &ran, "empty", Missing, "no check was executed"},
		"a suite that was killed":             {requirement, &Column{Target: sqlite, Suites: map[string]Suite{suite: {Failure: "killed"}}}, "killed", Missing, "killed"},
		"a suite without a report":            {requirement, &ran, "", Missing, "the suite was not run"},
		"a column that does not exist":        {requirement, nil, "", Missing, "nothing was run in this column"},
		"a suite of another criterion":        {Requirement{Criterion: "another", Suite: suite}, &ran, "green", Failed, `the suite says that it is about "a criterion"`},
		"a criterion that is left out":        {Requirement{Criterion: criterion, Suite: suite, LeftOut: "comes later"}, &ran, "green", LeftOut, "comes later"},
		"a criterion without a suite":         {Requirement{Criterion: criterion}, &ran, "", Missing, "the suite was not run"},
		"a criterion of another mode":         {Requirement{Criterion: criterion, Suite: suite, Modes: []string{"aggregated"}}, &ran, "green", NotApplicable, ""},
		"a suite that ended badly all passed": {requirement, &Column{Target: sqlite, Suites: map[string]Suite{suite: {Failure: "killed"}}}, "green", Failed, "killed"},
		"a suite that could not be compiled":  {requirement, &Column{Target: sqlite, Suites: map[string]Suite{suite: {Failure: "it does not compile"}}}, "", Missing, "it does not compile"},
		"an environment that did not start":   {requirement, &Column{Target: sqlite, Failure: "no port is free"}, "", Missing, "no port is free"},
	} {
		t.Run(name, func(t *testing.T) {
			results := t.TempDir()
			if test.column != nil {
				column(t, results, test.fixture, *test.column)
			}
			cell := load(t, results, test.requirement, sqlite).Criteria[0].Cells[0]
			if cell.State != test.want || cell.Reason != test.reason {
				t.Errorf("%s (%s), want %s (%s)", cell.State, cell.Reason, test.want, test.reason)
			}
		})
	}
}

func TestCounts(t *testing.T) {
	results := t.TempDir()
	column(t, results, "green", Column{Target: sqlite})
	column(t, results, "red", Column{Target: postgresql})
	cells := load(t, results, requirement, sqlite, postgresql).Criteria[0].Cells
	if c := cells[0]; c.Passed != 4 || c.Failed != 0 || c.Skipped != 1 || c.Pending != 0 {
		t.Errorf("green: %+v", c)
	}
	if c := cells[1]; c.Passed != 1 || c.Failed != 2 || c.Skipped != 0 || c.Pending != 1 {
		t.Errorf("red: %+v", c)
	}
}

// What a suite has chosen not to run is none of its checks.
func TestChosen(t *testing.T) {
	results := t.TempDir()
	column(t, results, "chosen", Column{Target: sqlite})
	c := load(t, results, requirement, sqlite).Criteria[0]
	if cell := c.Cells[0]; cell.Passed != 1 || cell.Skipped != 0 {
		t.Errorf("%+v", cell)
	}
	if len(c.Groups) != 1 || len(c.Groups[0].Checks) != 1 {
		t.Errorf("checks are %+v", c.Groups)
	}
}

// The report is as bad as its worst cell.
func TestWorst(t *testing.T) {
	for _, test := range []struct {
		states []State
		want   State
	}{
		{[]State{Passed, NotApplicable}, Passed},
		{[]State{Passed, LeftOut}, LeftOut},
		{[]State{LeftOut, Missing, Passed}, Missing},
		{[]State{Missing, Failed}, Failed},
		{[]State{NotApplicable, NotApplicable}, LeftOut},
		{nil, LeftOut},
	} {
		if got := worst(test.states); got != test.want {
			t.Errorf("worst of %q is %q, want %q", test.states, got, test.want)
		}
	}
}

// What concerns the results as a whole makes them red, whatever passed.
func TestProblems(t *testing.T) {
	for name, test := range map[string]struct {
		first, second Column
		want          string
	}{
		"an environment that did not stop": {Column{Target: sqlite, Failure: "it hangs"}, Column{Target: postgresql}, "standalone, sqlite: it hangs"},
		"two commits":                      {Column{Target: sqlite, Commit: "a"}, Column{Target: postgresql, Commit: "b"}, "different commits: [a b]"},
	} {
		t.Run(name, func(t *testing.T) {
			results := t.TempDir()
			column(t, results, "green", test.first)
			column(t, results, "green", test.second)
			report := load(t, results, requirement, sqlite, postgresql)
			if report.State != Failed || !strings.Contains(strings.Join(report.Problems, "\n"), test.want) {
				t.Errorf("%s: %q, want problem %q", report.State, report.Problems, test.want)
			}
		})
	}
}
