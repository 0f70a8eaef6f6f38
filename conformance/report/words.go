package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// words is what the templates need to speak.
var words = map[string]any{
	"duration": duration,
	"date":     func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
	"mark":     func(state any) string { return marks[fmt.Sprint(state)] },
	"class":    func(state any) string { return strings.ReplaceAll(fmt.Sprint(state), " ", "-") },
	"plural":   plural,
	"line":     markdownLine,
	"indented": markdownBlock,
	"lines":    func(text string) []string { return strings.Split(text, "\n") },
	"after":    func(n int) int { return n + 1 },
	"versions": versions,
	"join":     func(separator string, texts []string) string { return strings.Join(texts, separator) },
}

// marks are shown beside words or with a title, never alone.
var marks = map[string]string{
	string(Passed):        "✓",
	string(Failed):        "✗",
	string(Missing):       "∅",
	string(LeftOut):       "○",
	string(NotApplicable): "–",
	"skipped":             "↷",
	"pending":             "…",
}

// versions that all columns have, by name, with those that differ as "1 or 2".
func versions(r *Report) [][2]string {
	byName := map[string][]string{}
	for _, column := range r.Columns {
		for name, version := range column.Versions {
			if !slices.Contains(byName[name], version) {
				byName[name] = append(byName[name], version)
			}
		}
	}
	var all [][2]string
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, [2]string{name, strings.Join(byName[name], " or ")})
	}
	return all
}

func duration(seconds float64) string {
	switch d := time.Duration(seconds * float64(time.Second)); {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", seconds)
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", seconds)
	default:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
}

var markdownEscapes = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "\n", "<br>")

// markdownLine is text in a heading or in a cell of a table.
func markdownLine(text string) string { return markdownEscapes.Replace(text) }

// markdownBlock is text as an indented block, of a length that can be read.
func markdownBlock(text string) string {
	const most = 30
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > most {
		lines = append(lines[:most], fmt.Sprintf("… and %d lines more: see report.html", len(lines)-most))
	}
	return "    " + strings.Join(lines, "\n    ")
}
