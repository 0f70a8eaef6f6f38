package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"
)

// Group is the checks of one outermost container of a suite.
type Group struct {
	Name   string  `json:"name"`
	Checks []Check `json:"checks"`
}

// Check is one spec of a suite.
type Check struct {
	// Name is a sentence; the group's name goes before it.
	Name string `json:"name"`
	// Location in the sources, such as "conformance/kubectl/get_test.go:12".
	Location string   `json:"location"`
	Labels   []string `json:"labels,omitempty"`
	// Results are in the order of the report's columns.
	Results []Result `json:"results"`
}

// Result of a check in one column.
type Result struct {
	// State is "passed", "failed", "skipped", "pending", or "" where there is no such check.
	State   string  `json:"state,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
	// Message is why it failed or was skipped.
	Message string `json:"message,omitempty"`
	// Location of the failure.
	Location string `json:"location,omitempty"`
	// Entries that the check added to its report.
	Entries []Entry `json:"entries,omitempty"`
}

// Entry is a figure or a text that a check adds to its report.
type Entry struct {
	Name  string          `json:"name"`
	Text  string          `json:"text"`
	Value json.RawMessage `json:"value,omitempty"`
}

// outside is the group of what is no check, but failed or has something to say: set-up, clean-up.
const outside = "Around the checks"

// checks are those of a suite, each with its results in all columns.
type checks struct {
	columns int
	byKey   map[string]*placedCheck
}

// placedCheck is a check and its place in the sources.
type placedCheck struct {
	Check
	group string
	path  []types.CodeLocation
}

func newChecks(columns int) *checks {
	return &checks{columns: columns, byKey: map[string]*placedCheck{}}
}

// add takes the results of a column.
func (c *checks) add(column int, suite *types.Report) {
	root := filepath.Dir(filepath.Dir(suite.SuitePath))
	times := map[string]int{}
	for _, spec := range suite.SpecReports {
		if spec.LeafNodeType != types.NodeTypeIt && !spec.Failed() && len(spec.ReportEntries) == 0 {
			continue
		}
		check := place(spec, root)
		key := check.group + "\x00" + check.Name
		// Several checks may have the same name.
		times[key]++
		key = fmt.Sprintf("%s\x00%d", key, times[key])
		if c.byKey[key] == nil {
			check.Results = make([]Result, c.columns)
			c.byKey[key] = check
		}
		c.byKey[key].Results[column] = resultOf(spec, root)
	}
}

// groups are all checks, in the order of the sources.
func (c *checks) groups() []Group {
	all := make([]*placedCheck, 0, len(c.byKey))
	for _, check := range c.byKey {
		all = append(all, check)
	}
	slices.SortFunc(all, func(a, b *placedCheck) int {
		return cmp.Or(slices.CompareFunc(a.path, b.path, compareLocations), cmp.Compare(a.Name, b.Name))
	})
	var groups []Group
	index := map[string]int{}
	for _, check := range all {
		at, known := index[check.group]
		if !known {
			at = len(groups)
			index[check.group] = at
			groups = append(groups, Group{Name: check.group})
		}
		groups[at].Checks = append(groups[at].Checks, check.Check)
	}
	return groups
}

func compareLocations(a, b types.CodeLocation) int {
	return cmp.Or(cmp.Compare(a.FileName, b.FileName), cmp.Compare(a.LineNumber, b.LineNumber))
}

func place(spec types.SpecReport, root string) *placedCheck {
	check := &placedCheck{
		Check: Check{Location: locationIn(root, spec.LeafNodeLocation), Labels: spec.Labels()},
		path:  append(slices.Clone(spec.ContainerHierarchyLocations), spec.LeafNodeLocation),
	}
	if spec.LeafNodeType != types.NodeTypeIt {
		check.group, check.Name = outside, spec.LeafNodeType.String()
		return check
	}
	texts := append(slices.Clone(spec.ContainerHierarchyTexts), spec.LeafNodeText)
	check.group = texts[0]
	if len(texts) > 1 {
		texts = texts[1:]
	}
	check.Name = strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), " ")
	return check
}

func resultOf(spec types.SpecReport, root string) Result {
	result := Result{Seconds: spec.RunTime.Seconds(), State: spec.State.String(), Message: spec.Failure.Message}
	shown := []types.ReportEntryVisibility{types.ReportEntryVisibilityAlways}
	if spec.Failed() {
		result.State = "failed"
		result.Message = messageOf(spec)
		result.Location = locationIn(root, spec.Failure.Location)
		shown = append(shown, types.ReportEntryVisibilityFailureOrVerbose)
	}
	for _, entry := range spec.ReportEntries.WithVisibility(shown...) {
		result.Entries = append(result.Entries, entryOf(entry))
	}
	return result
}

// messageOf is all that is known of a failure.
func messageOf(spec types.SpecReport) string {
	var parts []string
	if !spec.State.Is(types.SpecStateFailed) {
		parts = append(parts, spec.State.String())
	}
	parts = append(parts, spec.Failure.Message)
	if spec.Failure.ForwardedPanic != "" {
		parts = append(parts, spec.Failure.ForwardedPanic)
	}
	if spec.Failure.AdditionalFailure != nil {
		parts = append(parts, spec.Failure.AdditionalFailure.Failure.Message)
	}
	for _, more := range spec.AdditionalFailures {
		parts = append(parts, "then: "+more.Failure.Message)
	}
	return strings.Join(parts, "\n")
}

func entryOf(entry types.ReportEntry) Entry {
	e := Entry{Name: entry.Name, Text: entry.StringRepresentation()}
	if json.Valid([]byte(entry.Value.AsJSON)) && entry.GetRawValue() != nil {
		e.Value = json.RawMessage(entry.Value.AsJSON)
	}
	return e
}

func locationIn(root string, location types.CodeLocation) string {
	if location.FileName == "" {
		return location.CustomMessage
	}
	path, err := filepath.Rel(root, location.FileName)
	if err != nil || strings.HasPrefix(path, "..") {
		path = location.FileName
	}
	if _, inModule, found := strings.Cut(path, "/pkg/mod/"); found {
		path = inModule
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(path), location.LineNumber)
}
