package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLinesOfProseAreShort: code blocks and tables are as wide as they have to be.
func TestLinesOfProseAreShort(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("pages %v, error %v", pages, err)
	}
	for _, page := range append(pages, "../README.md", "../CHANGELOG.md", "../CONTRIBUTING.md", "../SECURITY.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		inCode := false
		for i, line := range strings.Split(string(text), "\n") {
			trimmed := strings.TrimSpace(line)
			if strings.HasPrefix(trimmed, "```") {
				inCode = !inCode
			}
			wide := inCode || strings.HasPrefix(trimmed, "|") || strings.HasPrefix(trimmed, "![") || strings.HasPrefix(line, "    ")
			if len([]rune(line)) > 100 && !wide {
				t.Errorf("%s:%d has %d characters, more than 100", page, i+1, len([]rune(line)))
			}
		}
	}
}
