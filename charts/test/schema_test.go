package chart_test

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

// valuesSchema is that of the chart's values, for the validator that Helm has.
var valuesSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile(filepath.Join(chart, "values.schema.json"))
})

// mistakes are what the schema says about values in YAML, each document over those before and all
// over the chart's own; "" if it takes them. A process of helm for each would take a hundred times
// as long.
func mistakes(t *testing.T, values ...string) string {
	t.Helper()
	schema, err := valuesSchema()
	if err != nil {
		t.Fatal(err)
	}
	all := readValues(t)
	for _, text := range values {
		var over map[string]any
		if err := yaml.UnmarshalStrict([]byte(text), &over); err != nil {
			t.Fatal(err)
		}
		lay(over, all)
	}
	if err := schema.Validate(all); err != nil {
		_, sentences, _ := strings.Cut(err.Error(), "\n")
		return sentences
	}
	return ""
}

// lay writes values over others.
func lay(values, over map[string]any) {
	for name, value := range values {
		upper, nested := value.(map[string]any)
		lower, there := over[name].(map[string]any)
		if nested && there {
			lay(upper, lower)
		} else {
			over[name] = value
		}
	}
}

// TestHelmAsksTheSchema: what the schema says here, Helm says, and what it takes, Helm renders.
func TestHelmAsksTheSchema(t *testing.T) {
	t.Parallel()
	for _, values := range []string{
		`{}`,
		`ark: {apiserver: {replicas: 0}, storage: {postgres: {host: db}, postgresql: {host: db, maxConnections: 3}}}`,
		`ark: {apiserver: {replicas: 1}, storage: {driver: sqlite, compactionWindow: 30s, compactionMaxBytes: 1Mi}}`,
		`ark: {storage: {driver: oracle}}`,
		sqlite + "\nimage: {digest: sha256:abc}",
	} {
		sentences := mistakes(t, values)
		if sentences == "" {
			t.Errorf("the schema takes %s", values)
		}
		said := refusal(t, values)
		for sentence := range strings.Lines(sentences) {
			if !strings.Contains(said, strings.TrimSpace(sentence)) {
				t.Errorf("of values\n%s\nhelm says\n%s\nand the schema\n%s", values, said, sentences)
			}
		}
	}
	const taken = `
ark:
  apiserver: {securePort: 65535, logging: {format: json, verbosity: 0}, shutdownDelayDuration: 500ms, shutdownWatchTerminationGracePeriod: 1m30s}
  storage: {compactionWindow: 1.5h, compactionMaxBytes: 20000k, postgresql: {port: 65535, sslMode: verify-ca, maxConnections: 4}}
`
	if sentences := mistakes(t, postgresql, taken); sentences != "" {
		t.Errorf("the schema says %s", sentences)
	}
	render(t, postgresql, taken)
}

// at returns values in YAML, of which one below ark is set.
func at(t *testing.T, path string, value any) string {
	t.Helper()
	for _, word := range slices.Backward(strings.Split(path, ".")) {
		value = map[string]any{word: value}
	}
	text, err := yaml.Marshal(map[string]any{"ark": value})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
