package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// samples by objects, work and subject, in the order of rounds.
type samples struct {
	objects  []int
	subjects []string
	works    []string
	found    map[string][]result
}

func key(objects int, work, subject string) string {
	return fmt.Sprintf("%d\x00%s\x00%s", objects, work, subject)
}

func (s *samples) of(objects int, work, subject string) []result {
	return s.found[key(objects, work, subject)]
}

func readSamples(in io.Reader) (*samples, error) {
	s := &samples{found: make(map[string][]result)}
	for decoder := json.NewDecoder(in); ; {
		var r result
		if err := decoder.Decode(&r); errors.Is(err, io.EOF) {
			return s, nil
		} else if err != nil {
			return nil, err
		}
		s.objects, s.subjects, s.works = with(s.objects, r.Objects), with(s.subjects, r.Subject), with(s.works, r.Work)
		at := key(r.Objects, r.Work, r.Subject)
		s.found[at] = append(s.found[at], r)
	}
}

// with adds a value unless it is there.
func with[T comparable](values []T, value T) []T {
	if slices.Contains(values, value) {
		return values
	}
	return append(values, value)
}

// measure is what a table is about, and the works that have it.
type measure struct {
	title, file string
	value       func(result) float64
	has         func(work string) bool
}

var measures = []measure{
	{"CPU time of the servers' side, ms per request", "cpu", func(r result) float64 { return 1000 * r.ServerCPU / float64(r.Requests) },
		func(work string) bool {
			return oneOf(strings.TrimSuffix(work, withIndex), writes) || oneOf(work, lists) || oneOf(work, watches) || work == "deletecollection"
		}},
	{"p99 in ms, of requests by 16 clients and of events at watchers", "p99", func(r result) float64 { return r.P99 },
		func(work string) bool { return oneOf(work, writes) || oneOf(work, watches) || oneOf(work, steady) }},
	{"A question, CPU time of both sides, ms", "questions-cpu", func(r result) float64 { return 1000 * (r.ServerCPU + r.ClientCPU) / float64(r.Requests) }, isQuestion},
	{"A question, ms until it is answered", "questions", func(r result) float64 { return r.P50 }, isQuestion},
	{"MiB", "size", func(r result) float64 { return r.MiB },
		func(work string) bool {
			return strings.HasPrefix(work, "memory") || work == "disk" || work == makeIndex.name
		}},
	{"Start until it answers: CPU time of the server, s", "start", func(r result) float64 { return r.ServerCPU },
		func(work string) bool { return strings.HasPrefix(work, "start") }},
	{"Making an index: CPU time, s", "index", func(r result) float64 { return r.ServerCPU / float64(r.Requests) },
		func(work string) bool { return work == makeIndex.name }},
	{"Idle: CPU time, ms per s", "idle", func(r result) float64 { return 1000 * r.ServerCPU / r.Seconds },
		func(work string) bool { return strings.HasPrefix(work, "idle") }},
}

func oneOf(name string, works []work) bool {
	return slices.ContainsFunc(works, func(w work) bool { return w.name == name })
}

func isQuestion(name string) bool { return oneOf(strings.TrimSuffix(name, withIndex), questions) }

// reportAll writes a table for each measure and number of objects, and a plot of each where there
// is something to compare.
func reportAll(context.Context) error {
	s, err := readSamples(os.Stdin)
	if err != nil {
		return err
	}
	slices.Sort(s.objects)
	for _, m := range measures {
		for _, objects := range s.objects {
			rows := s.rows(m, objects)
			if len(rows) == 0 {
				continue
			}
			fmt.Printf("\n### %s, with %s queries\n\n", m.title, thousands(objects))
			fmt.Printf("| | %s |\n|---|%s\n", strings.Join(s.subjects, " | "), strings.Repeat("---|", len(s.subjects)))
			for _, row := range rows {
				fmt.Printf("| %s | %s |\n", row.work, strings.Join(row.cells, " | "))
			}
			if *plots == "" || len(rows) < 2 {
				continue
			}
			name := fmt.Sprintf("%s-%d.svg", m.file, objects)
			if err := draw(s.subjects, rows, m.title, name); err != nil {
				return err
			}
			fmt.Printf("\n![%s](drawings/benchmarks/%s)\n", m.title, name)
		}
	}
	return nil
}

// row of a table.
type row struct {
	work  string
	cells []string
	// medians by subject, 0 where there is none.
	medians []float64
}

func (s *samples) rows(m measure, objects int) []row {
	var rows []row
	for _, work := range s.works {
		if !m.has(work) {
			continue
		}
		r := row{work: work}
		base := values(s.of(objects, strings.TrimSuffix(work, withIndex), s.subjects[0]), m.value)
		for i, subject := range s.subjects {
			own := values(s.of(objects, work, subject), m.value)
			r.medians = append(r.medians, median(own))
			r.cells = append(r.cells, cell(own, base, i == 0))
		}
		if slices.ContainsFunc(r.medians, func(v float64) bool { return v > 0 }) {
			rows = append(rows, r)
		}
	}
	return rows
}

func values(results []result, value func(result) float64) []float64 {
	all := make([]float64, len(results))
	for i, r := range results {
		all[i] = value(r)
	}
	return all
}

// cell is a median, and how many times that of the base it is: the median of the rounds, and the
// least and most if there are several.
func cell(own, base []float64, isBase bool) string {
	if median(own) == 0 {
		return "–"
	}
	text := number(median(own))
	if isBase || median(base) == 0 {
		return text
	}
	var ratios []float64
	for i := range min(len(own), len(base)) {
		if base[i] > 0 {
			ratios = append(ratios, own[i]/base[i])
		}
	}
	if len(ratios) == 0 {
		return text
	}
	text += fmt.Sprintf(" (%s ×", number(median(ratios)))
	if len(ratios) > 1 {
		text += fmt.Sprintf("; %s–%s", number(slices.Min(ratios)), number(slices.Max(ratios)))
	}
	return text + ")"
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

func number(value float64) string {
	switch {
	case value >= 100:
		return thousands(int(value + 0.5))
	case value >= 10:
		return fmt.Sprintf("%.1f", value)
	case value >= 0.1:
		return fmt.Sprintf("%.2f", value)
	case value >= 0.001 || value == 0:
		return fmt.Sprintf("%.3f", value)
	default:
		return "< 0.001"
	}
}

// thousands has commas in it.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
