package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"k8s.io/gengo/v2/types"
)

// definitions is a file that openapi-gen has written. It is changed as text, in places that its
// syntax tree tells.
type definitions struct {
	name   string
	text   []byte
	files  *token.FileSet
	syntax *ast.File
	// functions by Go type, such as "example.com/apis/v1.Thing".
	functions map[string]*ast.FuncDecl
	edits     []edit
}

// edit puts a text in the place of another one.
type edit struct {
	start, end token.Pos
	text       string
}

// openDefinitions finds the functions that return definitions by the map of them.
func openDefinitions(name string) (*definitions, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	d := &definitions{name: name, text: text, files: token.NewFileSet(), functions: map[string]*ast.FuncDecl{}}
	if d.syntax, err = parser.ParseFile(d.files, name, text, parser.SkipObjectResolution); err != nil {
		return nil, err
	}
	imports := map[string]string{}
	for _, spec := range d.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = imported
	}
	functions := map[string]*ast.FuncDecl{}
	for _, declaration := range d.syntax.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			functions[function.Name.Name] = function
		}
	}
	ast.Inspect(functions["GetOpenAPIDefinitions"], func(node ast.Node) bool {
		// pkg.Type{}.OpenAPIModelName(): schema_pkg_Type(ref)
		entry, ok := node.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		model, function := nameOf(entry.Key), nameOf(entry.Value)
		if name, typeName, ok := strings.Cut(strings.TrimSuffix(model, ".OpenAPIModelName"), "."); ok {
			d.functions[imports[name]+"."+typeName] = functions[function]
		}
		return false
	})
	return d, nil
}

// nameOf is what an expression calls or constructs: "a.B.C" of a.B{}.C(x).
func nameOf(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.CallExpr:
		return nameOf(e.Fun)
	case *ast.CompositeLit:
		return nameOf(e.Type)
	case *ast.SelectorExpr:
		return nameOf(e.X) + "." + e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// constrain adds the keywords of the types of a package.
func (d *definitions) constrain(pkg *types.Package) error {
	for _, name := range slices.Sorted(maps.Keys(pkg.Types)) {
		t := pkg.Types[name]
		if t.Kind != types.Struct {
			continue
		}
		function := d.functions[t.Name.String()]
		if err := d.constrainStruct(function, t); err != nil {
			return fmt.Errorf("%s.%w", name, err)
		}
	}
	return nil
}

// constrainStruct adds the keywords of the fields of a struct to what a function returns. There is
// none if the definition is written by hand.
func (d *definitions) constrainStruct(function *ast.FuncDecl, t *types.Type) error {
	for _, member := range t.Members {
		name, _, _ := strings.Cut(reflect.StructTag(member.Tags).Get("json"), ",")
		if member.Embedded && name == "" {
			if err := d.constrainStruct(function, member.Type); err != nil {
				return fmt.Errorf("%s.%w", member.Name, err)
			}
			continue
		}
		c, err := constraintOf(member)
		if err != nil {
			return fmt.Errorf("%s: %w", member.Name, err)
		}
		if len(c.field)+len(c.value) == 0 && !c.required {
			continue
		}
		if function == nil {
			return fmt.Errorf("%s: its tags cannot be published in a definition that is written by hand", member.Name)
		}
		if err := d.constrainProperty(function, name, c); err != nil {
			return fmt.Errorf("%s: %w", member.Name, err)
		}
	}
	return nil
}

func (d *definitions) constrainProperty(function *ast.FuncDecl, name string, c constraint) error {
	result := function.Body.List[0].(*ast.ReturnStmt).Results[0]
	property, err := follow(result, "Schema", "SchemaProps", "Properties", strconv.Quote(name), "SchemaProps")
	if err != nil {
		return err
	}
	if zero := valueOf(property, "Default"); c.required && zero != nil && isEmptyText(zero.Value) {
		d.edits = append(d.edits, edit{start: zero.Pos(), end: zero.End() + token.Pos(len(",\n"))})
	}
	d.insert(property, c.field)
	if len(c.value) == 0 {
		return nil
	}
	within := "Items"
	if valueOf(property, within) == nil {
		within = "AdditionalProperties"
	}
	values, err := follow(property, within, "Schema", "SchemaProps")
	if err != nil {
		return err
	}
	d.insert(values, c.value)
	return nil
}

// isEmptyText tells the zero value of a string, which openapi-gen takes for the default of a
// required field. What is required has none.
func isEmptyText(expression ast.Expr) bool {
	literal, ok := expression.(*ast.BasicLit)
	return ok && literal.Value == `""`
}

// insert adds keywords that are not there yet, at the end of a literal.
func (d *definitions) insert(literal *ast.CompositeLit, k keywords) {
	for _, keyword := range slices.Sorted(maps.Keys(k)) {
		if valueOf(literal, keyword) == nil {
			d.edits = append(d.edits, edit{start: literal.Rbrace, end: literal.Rbrace, text: keyword + ": " + k[keyword] + ",\n"})
		}
	}
}

// follow returns the literal at a path of keys.
func follow(expression ast.Expr, keys ...string) (*ast.CompositeLit, error) {
	for i := 0; ; i++ {
		if pointer, ok := expression.(*ast.UnaryExpr); ok {
			expression = pointer.X
		}
		literal, ok := expression.(*ast.CompositeLit)
		if !ok {
			return nil, fmt.Errorf("the definition has no literal %s", strings.Join(keys[:i], "."))
		}
		if i == len(keys) {
			return literal, nil
		}
		entry := valueOf(literal, keys[i])
		if entry == nil {
			return nil, fmt.Errorf("the definition has no %s", strings.Join(keys[:i+1], "."))
		}
		expression = entry.Value
	}
}

// valueOf returns the entry of a literal with a key.
func valueOf(literal *ast.CompositeLit, key string) *ast.KeyValueExpr {
	for _, element := range literal.Elts {
		entry, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch k := entry.Key.(type) {
		case *ast.Ident:
			ok = k.Name == key
		case *ast.BasicLit:
			ok = k.Value == key
		default:
			ok = false
		}
		if ok {
			return entry
		}
	}
	return nil
}

// save writes the file with all edits.
func (d *definitions) save() error {
	if !bytes.Contains(d.text, []byte(`"k8s.io/utils/ptr"`)) {
		end := d.syntax.Imports[len(d.syntax.Imports)-1].End()
		d.edits = append(d.edits, edit{start: end, end: end, text: "\nptr \"k8s.io/utils/ptr\""})
	}
	slices.SortStableFunc(d.edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var text bytes.Buffer
	position := 0
	for _, e := range d.edits {
		start, end := d.files.Position(e.start).Offset, d.files.Position(e.end).Offset
		text.Write(d.text[position:start])
		text.WriteString(e.text)
		position = end
	}
	text.Write(d.text[position:])
	formatted, err := format.Source(text.Bytes())
	if err != nil {
		return err
	}
	return os.WriteFile(d.name, formatted, 0o644)
}
