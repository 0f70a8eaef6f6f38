package report

import (
	"path"
	"slices"
	"strings"
)

// Plan is what has to be verified, and where. It is made before anything runs, so that what is
// missing in the results can be seen.
type Plan struct {
	Criteria []Requirement
	Columns  []Target
}

// Requirement is a criterion that is to be verified.
type Requirement struct {
	// Criterion is its name: the description of its suite.
	Criterion string
	// Suite is its name.
	Suite string
	// Folder with the checks, if it is not that of the suite's name in conformance.
	Folder string
	// Last is for a suite that does not leave the environment as it was: it runs after the others.
	Last bool
	// Modes in which the criterion has a meaning. None is all.
	Modes []string
	// LeftOut says why it is not expected to be verified this time. It is shown as not verified.
	LeftOut string
}

// Sources is the folder with the checks.
func (r Requirement) Sources() string {
	if r.Folder != "" {
		return r.Folder
	}
	return path.Join("conformance", r.Suite)
}

// AppliesTo reports whether the criterion has a meaning in a mode.
func (r Requirement) AppliesTo(mode string) bool {
	return len(r.Modes) == 0 || slices.Contains(r.Modes, mode)
}

// Target is a way to run the server.
type Target struct {
	// Mode and Driver are those of the environment. There may be no driver.
	Mode   string `json:"mode"`
	Driver string `json:"driver,omitempty"`
	// Kubernetes is the version of its programs, such as v1.34.4, where it is not the usual one.
	Kubernetes string `json:"kubernetes,omitempty"`
}

// Folder is the name of the folder with the results of a target.
func (t Target) Folder() string { return strings.Join(t.words(), "-") }

// String is the target as people read it.
func (t Target) String() string { return strings.Join(t.words(), ", ") }

// words are what is said of a target.
func (t Target) words() []string {
	return slices.DeleteFunc([]string{t.Mode, t.Driver, t.Kubernetes}, func(word string) bool { return word == "" })
}
