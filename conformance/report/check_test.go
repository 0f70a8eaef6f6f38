package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
)

func TestGroups(t *testing.T) {
	results := t.TempDir()
	column(t, results, "green", Column{Target: sqlite})
	column(t, results, "red", Column{Target: postgresql})
	var got []string
	for _, group := range load(t, results, requirement, sqlite, postgresql).Criteria[0].Groups {
		for _, check := range group.Checks {
			got = append(got, group.Name+": "+check.Name+": "+check.Results[0].State+"/"+check.Results[1].State)
		}
	}
	want := []string{
		"a list: is complete: passed/failed",
		"a list: with a limit has pages | and *names*: passed/",
		"a list: is empty elsewhere: skipped/",
		"a list: is stable: /failed",
		"a list: is short: /passed",
		"a list: is for later: /pending",
		"a number: is one: passed/",
		"a number: is two: passed/",
	}
	if !slices.Equal(got, want) {
		t.Errorf("checks are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFailures(t *testing.T) {
	results := t.TempDir()
	column(t, results, "red", Column{Target: sqlite})
	report := load(t, results, requirement, sqlite)
	failures := report.Failures(report.Criteria[0])
	if len(failures) != 2 {
		t.Fatalf("%d failures, want 2", len(failures))
	}
	first := failures[0]
	if !strings.Contains(first.Result.Message, "two <items>") || !strings.HasPrefix(first.Result.Location, "testdata/red/red_test.go:") {
		t.Errorf("the first failure is %q at %s", first.Result.Message, first.Result.Location)
	}
	if entries := first.Result.Entries; len(entries) != 1 || entries[0].Text != "the last words" {
		t.Errorf("a failed check has the entries %+v", entries)
	}
	if second := failures[1]; !strings.Contains(second.Result.Message, "out of order") {
		t.Errorf("the second failure is %q, want its panic", second.Result.Message)
	}
}

// Checks may be somebody else's.
func TestLocation(t *testing.T) {
	for file, want := range map[string]string{
		"/src/conformance/lists/list_test.go":           "conformance/lists/list_test.go:7",
		"/go/pkg/mod/example.com/lists@v1.2.3/lists.go": "example.com/lists@v1.2.3/lists.go:7",
		"/elsewhere/lists.go":                           "/elsewhere/lists.go:7",
	} {
		if got := locationIn("/src", types.CodeLocation{FileName: file, LineNumber: 7}); got != want {
			t.Errorf("%s is at %s, not %s", file, got, want)
		}
	}
}

// Objects are taken apart, so that columns can be compared.
func TestFigures(t *testing.T) {
	results := t.TempDir()
	column(t, results, "green", Column{Target: sqlite})
	column(t, results, "green", Column{Target: postgresql})
	var got []string
	for _, figures := range load(t, results, requirement, sqlite, postgresql).Criteria[0].Figures() {
		for _, row := range figures.Rows {
			got = append(got, figures.Check+"/"+row.Name+"="+strings.Join(row.Values, ","))
		}
	}
	want := []string{
		"a list is complete/oracle: Requests=300,300",
		"a list is complete/oracle: Database=<any>,<any>",
		"a list is complete/oracle: Seconds=1.23,1.23",
	}
	if !slices.Equal(got, want) {
		t.Errorf("figures are %q, want %q", got, want)
	}
}

// A check that is skipped wherever the report looks is pointed out.
func TestNowhere(t *testing.T) {
	results := t.TempDir()
	column(t, results, "green", Column{Target: sqlite})
	column(t, results, "red", Column{Target: postgresql})
	got := load(t, results, requirement, sqlite, postgresql).Criteria[0].Nowhere()
	if want := []string{"a list is empty elsewhere", "a list is for later"}; !slices.Equal(got, want) {
		t.Errorf("executed nowhere: %q, want %q", got, want)
	}
}
