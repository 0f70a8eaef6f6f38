package chart_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type alert struct {
	Alert, Expr string
	Annotations map[string]string
}

// alerts are those of the PrometheusRule.
func alerts(t *testing.T, all objects) []alert {
	t.Helper()
	text, err := all.named()["PrometheusRule/"+fullname].(*unstructured.Unstructured).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var rule struct {
		Spec struct {
			Groups []struct{ Rules []alert }
		}
	}
	if err := json.Unmarshal(text, &rule); err != nil {
		t.Fatal(err)
	}
	var found []alert
	for _, group := range rule.Spec.Groups {
		found = append(found, group.Rules...)
	}
	return found
}

var heading = regexp.MustCompile(`(?m)^## (.+)$`)

// TestAlertsHaveRunbooks: who is woken finds the section about the alert.
func TestAlertsHaveRunbooks(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	var sections []string
	for _, match := range heading.FindAllStringSubmatch(string(page), -1) {
		sections = append(sections, match[1])
	}
	var names []string
	// SQLite with backups has all alerts that there are.
	for _, alert := range alerts(t, render(t, sqlite, monitored, `ark: {backup: {enabled: true}}`, `metrics: {prometheusRule: {runbookURL: "https://example.com/ark"}}`)) {
		names = append(names, alert.Alert)
		if got, want := alert.Annotations["runbook_url"], "https://example.com/ark#"+strings.ToLower(alert.Alert); got != want {
			t.Errorf("the runbook of %s is at %q, not %s", alert.Alert, got, want)
		}
	}
	if !slices.Equal(names, sections) {
		t.Errorf("the alerts are\n%q, and docs/alerts.md is about\n%q", names, sections)
	}
}
