package main

import (
	"path/filepath"
	"slices"
	"testing"

	"ark.ai/apiserver/conformance/environment"
)

// Kubernetes itself does not serve what the other suites ask for.
func TestKubernetes(t *testing.T) {
	for _, requirement := range criteria {
		if applies := requirement.AppliesTo(environment.Kubernetes); applies != (requirement.Suite == "upstream") {
			t.Errorf("%s applies to Kubernetes itself: %v", requirement.Suite, applies)
		}
	}
}

// Every suite in conformance and in e2e is run, and every criterion has a suite unless it is left
// out.
func TestSuites(t *testing.T) {
	var suites []string
	for _, folder := range []string{"conformance", "e2e"} {
		found, err := filepath.Glob("../../" + folder + "/*/suite_test.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			suites = append(suites, folder+"/"+filepath.Base(filepath.Dir(path)))
		}
	}
	var wanted []string
	for _, requirement := range criteria {
		if requirement.LeftOut == "" {
			wanted = append(wanted, requirement.Sources())
		}
	}
	slices.Sort(suites)
	slices.Sort(wanted)
	if !slices.Equal(suites, wanted) {
		t.Errorf("there are the suites %v, of which the criteria name %v", suites, wanted)
	}
}
