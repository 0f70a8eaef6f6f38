package report

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/reporters"
)

// written is the report of a good, a bad, and an absent column, in all forms.
func written(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	column(t, folder, "green", Column{Target: sqlite, Suites: map[string]Suite{suite: {Seconds: 2}}})
	column(t, folder, "red", Column{Target: postgresql, Suites: map[string]Suite{suite: {Seconds: 2}}})
	report := load(t, folder, requirement, sqlite, postgresql, Target{Mode: "aggregated", Driver: "sqlite"})
	report.Criteria = append(report.Criteria, load(t, folder, Requirement{Criterion: "a chart", LeftOut: "comes later"}, sqlite).Criteria...)
	if err := report.Write(folder); err != nil {
		t.Fatal(err)
	}
	return folder
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestJSON(t *testing.T) {
	report := &Report{}
	if err := json.Unmarshal([]byte(read(t, written(t), "report.json")), report); err != nil {
		t.Fatal(err)
	}
	if report.State != Failed || len(report.Criteria) != 2 || len(report.Columns) != 3 {
		t.Errorf("report is %s with %d criteria and %d columns", report.State, len(report.Criteria), len(report.Columns))
	}
}

// A CI service sees a failed case wherever something is not green.
func TestJUnit(t *testing.T) {
	var suites reporters.JUnitTestSuites
	if err := xml.Unmarshal([]byte(read(t, written(t), "report.xml")), &suites); err != nil {
		t.Fatal(err)
	}
	type counts struct{ tests, failures, errors, skipped int }
	want := map[string]counts{
		"a criterion (standalone, sqlite)":     {5, 0, 0, 1},
		"a criterion (standalone, postgresql)": {5, 2, 1, 0}, // one of them says that the criterion is not verified
		"a criterion (aggregated, sqlite)":     {1, 1, 0, 0},
		"a chart (standalone, sqlite)":         {1, 0, 0, 1},
	}
	for _, s := range suites.TestSuites {
		if got := (counts{s.Tests, s.Failures, s.Errors, s.Skipped}); got != want[s.Name] {
			t.Errorf("%s: %+v, want %+v", s.Name, got, want[s.Name])
		}
		delete(want, s.Name)
	}
	if len(want) > 0 {
		t.Errorf("there is no suite for %v", want)
	}
}

func TestHTML(t *testing.T) {
	page := read(t, written(t), "report.html")
	for _, text := range []string{
		"two &lt;items&gt;",
		"Not verified: 1 of 4 cells are verified, 1 failed, 1 not run, 1 left out.",
		"nothing was run in this column",
		"comes later",
	} {
		if !strings.Contains(page, text) {
			t.Errorf("there is no %q in the page", text)
		}
	}
	for _, text := range []string{"<items>", "http://", "https://", "src=", "<link", "ZgotmplZ"} {
		if strings.Contains(page, text) {
			t.Errorf("there is %q in the page", text)
		}
	}
}

func TestMarkdown(t *testing.T) {
	page := read(t, written(t), "report.md")
	for _, text := range []string{
		"\n| criterion | standalone, sqlite | standalone, postgresql | aggregated, sqlite |\n|---|---|---|---|\n| ✗ a criterion | **✓ passed**<br>4 passed<br>1 skipped<br>2.0 s | **✗ failed**<br>1 passed<br>2 failed<br>1 pending<br>2.0 s | **∅ not run**<br>nothing was run in this column |\n",
		"\n| with a limit has pages \\| and \\*names\\* | ✓ ",
		"\n| oracle: Database | &lt;any> |",
		"\n        <string>: two <items>\n",
	} {
		if !strings.Contains(page, text) {
			t.Errorf("there is no %q in\n%s", text, page)
		}
	}
}

// TestMatrix has a row for each column of the report, and nothing of what was not to be run.
func TestMatrix(t *testing.T) {
	folder := t.TempDir()
	earlier := Target{Mode: "standalone", Driver: "sqlite", Kubernetes: "v1.34.4"}
	column(t, folder, "green", Column{Target: earlier, Suites: map[string]Suite{suite: {Seconds: 2}}})
	column(t, folder, "red", Column{Target: postgresql, Suites: map[string]Suite{suite: {Seconds: 2}}})
	plan := Plan{Columns: []Target{earlier, postgresql, sqlite}, Criteria: []Requirement{
		requirement, {Criterion: "a chart", Suite: "charts", LeftOut: "comes later"}, {Criterion: "another", Suite: "pods"},
	}}
	report, err := Load(folder, plan)
	if err != nil {
		t.Fatal(err)
	}
	report.Criteria[2].Cells[0] = Cell{State: NotApplicable}
	want := `|  | lists | pods |
| --- | --- | --- |
| standalone, sqlite, v1.34.4 | ✓ 4 passed, 1 skipped | – |
| standalone, postgresql | ✗ 1 passed, 2 failed, 1 pending | ∅ not run |
| standalone, sqlite | ∅ not run | ∅ not run |
`
	if got := report.Matrix(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestVerdictWithoutFailures: what was not verified is counted, whether it was left out or has no
// column here.
func TestVerdictWithoutFailures(t *testing.T) {
	report := Report{State: LeftOut, Criteria: []Criterion{
		{Cells: []Cell{{State: Passed}, {State: Passed}}},
		{Cells: []Cell{{State: LeftOut}, {State: NotApplicable}}},
		{Cells: []Cell{{State: NotApplicable}, {State: NotApplicable}}},
	}}
	want := "Everything that was run passed. Not all is verified: 2 of 3 cells are verified, 1 left out; 1 of 3 criteria apply to none of these columns."
	if got := report.Verdict(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
