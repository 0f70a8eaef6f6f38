package main

import (
	"slices"
	"testing"

	"ark.ai/apiserver/conformance/report"
)

func TestColumns(t *testing.T) {
	for _, test := range []struct {
		args []string
		want []string
	}{
		{nil, []string{
			"standalone-sqlite", "standalone-postgresql", "standalone-mysql", "aggregated-sqlite", "aggregated-postgresql", "aggregated-mysql",
		}},
		{[]string{"--mode=aggregated", "--driver=postgresql"}, []string{"aggregated-postgresql"}},
		{[]string{"--mode=kind", "--driver=mysql"}, []string{"kind-mysql"}},
		{[]string{"--mode=crd,standalone", "--driver=sqlite"}, []string{"crd", "standalone-sqlite"}},
		{[]string{"--mode=standalone", "--driver=sqlite", "--kubernetes=v1.34.4,v1.35.4"}, []string{"standalone-sqlite-v1.34.4", "standalone-sqlite-v1.35.4"}},
		{[]string{"--mode=kubernetes"}, []string{"kubernetes-sqlite", "kubernetes-postgresql", "kubernetes-mysql", "kubernetes-etcd"}},
	} {
		options, err := parse(test.args)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, target := range options.plan().Columns {
			got = append(got, target.Folder())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v: columns are %v, want %v", test.args, got, test.want)
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	for _, args := range [][]string{
		{"--mode=elsewhere"}, {"--driver=sqlite,oracle"}, {"--suite="}, {"--suite=kubectl,kubctl"}, {"kubectl"}, {"--procs=many"}, {"--kubernetes="},
	} {
		if _, err := parse(args); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}

// What nobody asked for is in the plan nevertheless, and left out.
func TestLeftOut(t *testing.T) {
	options, err := parse([]string{"--suite=webhooks"})
	if err != nil {
		t.Fatal(err)
	}
	plan := options.plan()
	if len(plan.Criteria) != len(criteria) {
		t.Errorf("the plan has %d criteria, want all %d", len(plan.Criteria), len(criteria))
	}
	for _, requirement := range plan.Criteria {
		if wanted := requirement.Suite == "webhooks"; wanted != (requirement.LeftOut == "") {
			t.Errorf("%s is left out: %q", requirement.Criterion, requirement.LeftOut)
		}
	}
	if slices.ContainsFunc(criteria, func(requirement report.Requirement) bool { return requirement.LeftOut == "not asked for" }) {
		t.Error("the criteria themselves were changed")
	}
}

// No criterion may be left out for another reason than that nobody has asked for it.
func TestNothingIsLeftOut(t *testing.T) {
	options, err := parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, requirement := range options.plan().Criteria {
		if requirement.LeftOut != "" {
			t.Errorf("%s is left out: %s", requirement.Suite, requirement.LeftOut)
		}
	}
}

// What a suite leaves behind may not be what another one finds.
func TestLastOne(t *testing.T) {
	ordered := inOrder(criteria)
	if last := ordered[len(ordered)-1]; len(ordered) != len(criteria) || !last.Last || ordered[0].Suite != criteria[0].Suite {
		t.Errorf("the order is %v", ordered)
	}
}
