// Package docs compares pages with the source.
package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	sourceLink = regexp.MustCompile(`\[([^\]]+)\]\((\.\./[^)]+\.go)\)`)
	testName   = regexp.MustCompile(`\bTest[A-Z]\w*`)
)

// TestArchitectureNamesTestsThatExist: a guard that was renamed or removed guards nothing. The page
// links each test, by the name that go test -run takes or the title of its suite, to the file it is
// in.
func TestArchitectureNamesTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	linked := make(map[string]bool)
	for _, link := range sourceLink.FindAllStringSubmatch(string(page), -1) {
		text, path := link[1], link[2]
		tests := testsOf(t, path)
		for name := range tests {
			linked[name] = true
		}
		name, isName := strings.CutPrefix(text, "`")
		name = strings.TrimSuffix(name, "`")
		if _, scenario, nested := strings.Cut(name, "/"); nested {
			name = scenario
		}
		if isName && !tests[name] {
			t.Errorf("%s has no test %s", path, text)
		}
	}
	names := testName.FindAllString(string(page), -1)
	if len(names) == 0 {
		t.Error("no test is named")
	}
	for _, name := range names {
		if !linked[name] {
			t.Errorf("no file that is linked to has the test %s", name)
		}
	}
}

// testsOf are the functions of a file, and the texts in it that may name a scenario or suite.
func testsOf(t *testing.T, path string) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]bool)
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			names[node.Name.Name] = true
		case *ast.BasicLit:
			if text, err := strconv.Unquote(node.Value); err == nil {
				names[text] = true
			}
		}
		return true
	})
	return names
}
