// Command report turns the output of the benchmarks beside it, on standard input, into Markdown
// tables: what etcd does, and how many times as much the others do.
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// databases are columns; the first is the measure.
var databases = []string{"etcd3", "sqlite", "postgresql", "mysql", "kine-sqlite", "kine-postgresql", "kine-mysql"}

// units are what is reported of each benchmark, and whether more is better.
var units = []struct {
	name  string
	title string
	more  bool
}{
	{"writes/s", "writes/s", true},
	{"watch-events/s", "watch events/s", true},
	{"watch-latency-p99-s", "watch latency p99, ms", false},
	{"list-objs/s", "listed objects/s", true},
	{"sec/op", "µs per call", false},
}

// row is what a line of a table is about.
type row struct{ benchmark, mode, scenario string }

type results map[row]map[string]map[string][]float64 // by unit and database

func main() {
	found := make(results)
	var order []row
	reader := benchfmt.NewReader(os.Stdin, "standard input")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		at, database := parse(string(result.Name.Full()))
		if found[at] == nil {
			found[at] = make(map[string]map[string][]float64)
			order = append(order, at)
		}
		for _, value := range result.Values {
			if found[at][value.Unit] == nil {
				found[at][value.Unit] = make(map[string][]float64)
			}
			found[at][value.Unit][database] = append(found[at][value.Unit][database], value.Value)
		}
	}
	if err := reader.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	write(os.Stdout, found, order)
}

// parse takes "Write/mode=raw/db=sqlite/Traffic=Patch/…-2" apart.
func parse(name string) (at row, database string) {
	var scenario []string
	for i, part := range strings.Split(name, "/") {
		key, value, _ := strings.Cut(part, "=")
		switch {
		case i == 0:
			at.benchmark = strings.TrimSuffix(part, procs(part))
		case key == "mode":
			at.mode = value
		case key == "db":
			database = strings.TrimSuffix(value, procs(value))
		case key == "Parallelism":
		default:
			scenario = append(scenario, strings.TrimSuffix(part, procs(part)))
		}
	}
	at.scenario = strings.Join(scenario, " ")
	return at, database
}

// procs is the suffix that go test adds for GOMAXPROCS.
func procs(s string) string {
	if i := strings.LastIndex(s, "-"); i >= 0 && strings.Trim(s[i+1:], "0123456789") == "" {
		return s[i:]
	}
	return ""
}

func write(out io.Writer, found results, order []row) {
	for _, unit := range units {
		var lines []string
		for _, at := range order {
			values := found[at][unit.name]
			if len(values) == 0 || unit.name == "sec/op" && at.benchmark != "Stats" {
				continue
			}
			measure := median(values[databases[0]]) * scale(unit.name)
			line := fmt.Sprintf("| %s %s | %s | %s |", at.benchmark, at.scenario, at.mode, number(measure))
			for _, database := range databases[1:] {
				value := median(values[database]) * scale(unit.name)
				if value == 0 || measure == 0 {
					line += fmt.Sprintf(" %s |", number(value))
					continue
				}
				line += fmt.Sprintf(" %s (%.2f ×) |", number(value), value/measure)
			}
			lines = append(lines, line)
		}
		if len(lines) == 0 {
			continue
		}
		better := "less is better"
		if unit.more {
			better = "more is better"
		}
		fmt.Fprintf(out, "\n### %s (%s)\n\n", unit.title, better)
		fmt.Fprintf(out, "| benchmark | store | %s |\n|---|---|%s\n", strings.Join(databases, " | "), strings.Repeat("---|", len(databases)))
		for _, line := range lines {
			fmt.Fprintln(out, line)
		}
	}
}

func scale(unit string) float64 {
	switch unit {
	case "watch-latency-p99-s":
		return 1e3
	case "sec/op":
		return 1e6
	default:
		return 1
	}
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.SortFunc(values, cmp.Compare[float64])
	return values[len(values)/2]
}

func number(value float64) string {
	if value == 0 {
		return "–" // too few events to tell
	}
	if value < 100 {
		return fmt.Sprintf("%.3g", value)
	}
	return fmt.Sprintf("%.0f", value)
}
