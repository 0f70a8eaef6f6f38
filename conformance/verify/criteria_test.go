package main

import (
	"path/filepath"
	"slices"
	"testing"
)

// Every suite in conformance is run, and every criterion has a suite unless it is left out.
func TestSuites(t *testing.T) {
	found, err := filepath.Glob("../*/suite_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var suites []string
	for _, path := range found {
		suites = append(suites, filepath.Base(filepath.Dir(path)))
	}
	var wanted []string
	for _, goal := range criteria {
		if goal.LeftOut == "" {
			wanted = append(wanted, goal.Suite)
		}
	}
	slices.Sort(wanted)
	if !slices.Equal(suites, wanted) {
		t.Errorf("there are the suites %v, of which the criteria name %v", suites, wanted)
	}
}
