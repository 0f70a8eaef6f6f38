package chart_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"ark.ai/apiserver/src/server/aggregated"
)

// flagOf is the flag that a value below ark becomes.
var flagOf = map[string]string{
	"apiserver.logging.format":                      "logging-format",
	"apiserver.logging.verbosity":                   "v",
	"apiserver.securePort":                          "secure-port",
	"storage.driver":                                "storage-driver",
	"storage.compactionWindow":                      "compaction-window",
	"storage.compactionMaxBytes":                    "compaction-max-bytes",
	"storage.postgresql.port":                       "postgresql-port",
	"storage.postgresql.sslMode":                    "postgresql-sslmode",
	"storage.postgresql.maxConnections":             "postgresql-max-connections",
	"storage.mysql.port":                            "mysql-port",
	"storage.mysql.tlsMode":                         "mysql-tls-mode",
	"storage.mysql.maxConnections":                  "mysql-max-connections",
	"apiserver.shutdownDelayDuration":               "shutdown-delay-duration",
	"apiserver.shutdownWatchTerminationGracePeriod": "shutdown-watch-termination-grace-period",
}

// freeForTheServerOnly are numbers that a server takes as "choose yourself": a chart has to know.
var freeForTheServerOnly = []string{"postgresql-port=0", "mysql-port=0"}

// ofNoServer is what no server is told: of Kubernetes, and of the command that backs up.
var ofNoServer = []string{"apiserver.replicas", "backup.alertAfterHours", "backup.keep", "backup.s3.addressingStyle"}

// bounds are what the schema says of a number or a choice.
type bounds struct {
	Type             any
	Properties       map[string]bounds
	Enum             []any
	Minimum, Maximum *int
}

func readSchema(t *testing.T) bounds {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(chart, "values.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema bounds
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// at is the schema of a value.
func (b bounds) at(path string) bounds {
	for word := range strings.SplitSeq(path, ".") {
		b = b.Properties[word]
	}
	return b
}

// probes are values on both sides of each bound.
func (b bounds) probes() []any {
	probes := slices.Clone(b.Enum)
	if b.Enum != nil {
		probes = append(probes, "nonsense")
	}
	if b.Minimum != nil {
		probes = append(probes, *b.Minimum-1, *b.Minimum)
	}
	if b.Maximum != nil {
		probes = append(probes, *b.Maximum, *b.Maximum+1)
	}
	return probes
}

// written are probes of values that the schema has a pattern for.
var written = map[string][]any{
	"storage.compactionWindow":                      {"1m", "60s", "90s", "1h30m", "1.5h", "2h", "59s", "0s", "0m", "500ms", "60000ms", "0h59s", "-1h", "1d", "x"},
	"storage.compactionMaxBytes":                    {"0", "16Mi", "17M", "4Gi", "4G", "1Ti", "20000000", "20000k", "17000Ki", "15Mi", "16M", "1Ki", "1k", "1", "1K", "-1Gi", "x"},
	"apiserver.shutdownDelayDuration":               {"0s", "25s", "1m30s", "500ms", "-1s", "1", "x"},
	"apiserver.shutdownWatchTerminationGracePeriod": {"0s", "25s", "1m30s", "500ms", "-1s", "1", "x"},
}

// TestSchemaTakesWhatTheServerTakes: what the schema lets pass would end the server as soon as it
// starts, and what it refuses nobody could set.
func TestSchemaTakesWhatTheServerTakes(t *testing.T) {
	t.Parallel()
	schema := readSchema(t).Properties["ark"]
	args := map[string][]string{}
	for _, driver := range []string{"postgresql", "mysql", "sqlite"} {
		args[driver] = container(t, render(t, ready(t, driver))).Args
	}
	for path, name := range flagOf {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			probes := append(schema.at(path).probes(), written[path]...)
			if len(probes) == 0 {
				t.Error("the schema has no bounds of it")
			}
			for _, probe := range probes {
				// The chart's own default.
				if probe == "" {
					continue
				}
				driver := driverOf(path, probe)
				refused := mistakes(t, ready(t, driver), at(t, path, probe))
				flag := fmt.Sprintf("%s=%v", name, probe)
				_, err := parse(append(slices.Clone(args[driver]), "--"+flag))
				if (refused == "") != (err == nil) && !slices.Contains(freeForTheServerOnly, flag) {
					t.Errorf("%v: the schema says %q, the server %v", probe, refused, err)
				}
			}
		})
	}
	for path := range bounded("", schema) {
		if _, known := flagOf[path]; !known && !slices.Contains(ofNoServer, path) {
			t.Errorf("which flag has the bounds of %s?", path)
		}
	}
}

// driverOf is the database that a value is about.
func driverOf(path string, value any) string {
	switch {
	case path == "storage.driver" && value != "nonsense":
		return value.(string)
	case strings.HasPrefix(path, "storage.mysql."):
		return "mysql"
	}
	return "postgresql"
}

// bounded are the paths below b of numbers and choices that are bounded.
func bounded(path string, b bounds) map[string]bounds {
	found := map[string]bounds{}
	for name, property := range b.Properties {
		if len(property.probes()) > 0 {
			found[path+name] = property
		}
		maps.Copy(found, bounded(path+name+".", property))
	}
	return found
}

// choices is a list of words in the help of a flag.
var choices = regexp.MustCompile(`: ((?:[a-z-]+, )+[a-z-]+)\.`)

func TestSchemaHasTheChoicesOfTheServer(t *testing.T) {
	t.Parallel()
	flags := serverFlags(aggregated.NewOptions())
	schema := readSchema(t).Properties["ark"]
	compared := 0
	for path, name := range flagOf {
		match := choices.FindStringSubmatch(flags.Lookup(name).Usage)
		if match == nil {
			continue
		}
		compared++
		var words []string
		for _, word := range schema.at(path).Enum {
			if word != "" {
				words = append(words, word.(string))
			}
		}
		if got, want := sorted(words), sorted(strings.Split(match[1], ", ")); !slices.Equal(got, want) {
			t.Errorf("the schema takes %q for %s, the server %q", got, path, want)
		}
	}
	if compared != 3 {
		t.Errorf("%d flags have a list of choices in their help, not those of drivers, sslmode and tls-mode", compared)
	}
}

// usageDefault is what the help of a flag says of a default that is not in the flag.
var usageDefault = regexp.MustCompile(`Default: (\S+)\.$`)

// TestDefaultsAreThoseOfTheServer, but for what values.yaml has a reason for.
func TestDefaultsAreThoseOfTheServer(t *testing.T) {
	t.Parallel()
	values := readValues(t)["ark"].(map[string]any)
	flags := serverFlags(aggregated.NewOptions())
	for path, name := range flagOf {
		switch path {
		case "storage.driver", "apiserver.logging.verbosity": // another one on purpose
			continue
		case "storage.postgresql.port": // libpq's
			continue
		}
		value := valueAt(t, values, path)
		if value == "" {
			continue
		}
		flag := flags.Lookup(name)
		want := flag.DefValue
		if match := usageDefault.FindStringSubmatch(flag.Usage); match != nil {
			want = match[1]
		}
		if flag.Value.Type() == "duration" {
			want = strings.TrimSuffix(want, "0m0s")
		}
		if fmt.Sprint(value) != want {
			t.Errorf("%s is %v by default, --%s %s", path, value, name, want)
		}
	}
}

// atLeast is a bound in a sentence.
var atLeast = regexp.MustCompile(`at least (\d+)`)

func TestDocumentedValuesAreThoseOfTheChart(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/helm.md")
	if err != nil {
		t.Fatal(err)
	}
	values, schema := readValues(t), readSchema(t)
	rows := 0
	for _, table := range strings.Split(string(page), "\n| value | default | |\n")[1:] {
		table, _, _ = strings.Cut(table, "\n\n")
		for row := range strings.SplitSeq(table, "\n") {
			cells := strings.Split(strings.ReplaceAll(row, "`", ""), "|")
			path := strings.TrimSpace(cells[1])
			if strings.HasPrefix(path, "-") {
				continue
			}
			rows++
			// A sentence says what the chart, or the cluster, chooses.
			if value, documented := valueAt(t, values, path), strings.TrimSpace(cells[2]); value != "" && fmt.Sprint(value) != documented {
				t.Errorf("docs/helm.md says that %s is %q by default, values.yaml %v", path, documented, value)
			}
			if match := atLeast.FindStringSubmatch(cells[3]); match != nil {
				if minimum := schema.at(path).Minimum; minimum == nil || fmt.Sprint(*minimum) != match[1] {
					t.Errorf("docs/helm.md says that %s is %s, the schema does not", path, match[0])
				}
			}
		}
	}
	if rows < 20 {
		t.Errorf("only %d rows were found", rows)
	}
}

func valueAt(t *testing.T, values map[string]any, path string) any {
	t.Helper()
	var value any = values
	for word := range strings.SplitSeq(path, ".") {
		nested, _ := value.(map[string]any)
		var there bool
		if value, there = nested[word]; !there {
			t.Errorf("values.yaml has no %s", path)
			return nil
		}
	}
	return value
}

func readValues(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(chart, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]any
	if err := yaml.UnmarshalStrict(text, &values); err != nil {
		t.Fatal(err)
	}
	return values
}
