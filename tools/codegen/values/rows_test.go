package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func table(t *testing.T, values, described string) ([]row, error) {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(values), &document); err != nil {
		t.Fatal(err)
	}
	var takes schema
	if err := json.Unmarshal([]byte(described), &takes); err != nil {
		t.Fatal(err)
	}
	return describe("", document.Content[0], takes)
}

func TestRowsAreOfValuesThatTheSchemaDoesNotTakeApart(t *testing.T) {
	rows, err := table(t, `
# Who serves.
server:
  # One, or
  # more.
  replicas: 2
  mode: ""
  labels: {a: "b|c"}
resources:
  requests: {cpu: 100m}
`, `{"properties": {
		"server": {"properties": {"replicas": {"minimum": 1}, "mode": {"enum": ["", "fast"]}, "labels": {}}},
		"resources": {}
	}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []row{
		{"`server`", "", "", "Who serves."},
		{"`server.replicas`", "`2`", "at least 1", "One, or more."},
		{"`server.mode`", "`\"\"`", "`\"\"`, `fast`", ""},
		{"`server.labels`", "`{\"a\":\"b\\|c\"}`", "", ""},
		{"`resources`", "`{\"requests\":{\"cpu\":\"100m\"}}`", "", ""},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%+v\nnot\n%+v", rows, want)
	}
}

func TestValueThatTheSchemaDoesNotKnowIsRefused(t *testing.T) {
	if _, err := table(t, `server: {replica: 1}`, `{"properties": {"server": {"properties": {"replicas": {}}}}}`); err == nil || !strings.Contains(err.Error(), "server.replica") {
		t.Errorf("error %v", err)
	}
}
