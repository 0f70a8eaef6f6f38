// Program prune drops from generated OpenAPI definitions what is of no use to the types they are
// generated for: of packages that these refer to, all but what they reach.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

func main() {
	log.SetFlags(0)
	definitions := pflag.String("definitions", "", "file with the OpenAPI definitions that openapi-gen has written, to be pruned")
	pflag.Parse()
	if err := run(*definitions, pflag.Args()); err != nil {
		log.Fatalf("prune: %v", err)
	}
}

// run prunes the definitions of the types of packages, which it finds by their import paths.
func run(path string, packages []string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	pruned, err := prune(source, packages)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, pruned, 0o644)
}

func prune(source []byte, packages []string) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	// Packages go by the names that the file imports them by.
	var prunable []string
	for _, spec := range file.Imports {
		if slices.Contains(packages, strings.Trim(spec.Path.Value, `"`)) {
			prunable = append(prunable, spec.Name.Name+".")
		}
	}
	if len(prunable) != len(packages) {
		return nil, fmt.Errorf("it does not import all of %s", strings.Join(packages, ", "))
	}

	functions := make(map[string]*ast.FuncDecl)
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			functions[function.Name.Name] = function
		}
	}
	entries := entriesOf(functions["GetOpenAPIDefinitions"])
	reached := make(map[string]bool)
	var reach func(model string)
	reach = func(model string) {
		if reached[model] {
			return
		}
		reached[model] = true
		// Some types define themselves: they refer to no others.
		if function, ok := functions[entries[model].function]; ok {
			for _, other := range modelsIn(function) {
				reach(other)
			}
		}
	}
	for model := range entries {
		if !slices.ContainsFunc(prunable, func(name string) bool { return strings.HasPrefix(model, name) }) {
			reach(model)
		}
	}

	var dropped []span
	for model, entry := range entries {
		if reached[model] {
			continue
		}
		dropped = append(dropped, lines(set, source, entry.node))
		if function, ok := functions[entry.function]; ok {
			dropped = append(dropped, lines(set, source, function))
		}
	}
	slices.SortFunc(dropped, func(a, b span) int { return b.from - a.from })
	for _, s := range dropped {
		source = slices.Delete(source, s.from, s.to)
	}
	return source, nil
}

// entry is one of the map of definitions: the function that makes it.
type entry struct {
	node     ast.Node
	function string
}

// entriesOf has the entries of the map that a function returns, by the expression of the model's
// name.
func entriesOf(function *ast.FuncDecl) map[string]entry {
	entries := make(map[string]entry)
	ast.Inspect(function, func(node ast.Node) bool {
		pair, ok := node.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		if call, ok := pair.Value.(*ast.CallExpr); ok {
			entries[types.ExprString(pair.Key)] = entry{pair, types.ExprString(call.Fun)}
		}
		return false
	})
	return entries
}

// modelsIn has the expressions of models' names in a function.
func modelsIn(function *ast.FuncDecl) []string {
	var models []string
	ast.Inspect(function, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok {
			if selector, ok := call.Fun.(*ast.SelectorExpr); ok && selector.Sel.Name == "OpenAPIModelName" {
				models = append(models, types.ExprString(call))
			}
		}
		return true
	})
	return models
}

// span is a part of a source text.
type span struct{ from, to int }

// lines are those that a node takes, with its comment and the empty line after it.
func lines(set *token.FileSet, source []byte, node ast.Node) span {
	from, to := node.Pos(), node.End()
	if function, ok := node.(*ast.FuncDecl); ok && function.Doc != nil {
		from = function.Doc.Pos()
	}
	s := span{set.Position(from).Offset, set.Position(to).Offset}
	for s.from > 0 && source[s.from-1] != '\n' {
		s.from--
	}
	for s.to < len(source) && source[s.to] != '\n' {
		s.to++
	}
	s.to = min(s.to+1, len(source))
	if _, ok := node.(*ast.FuncDecl); ok && s.to < len(source) && source[s.to] == '\n' {
		s.to++
	}
	return s
}
