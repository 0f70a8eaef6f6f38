// Command constant prints a string constant of a Go source file. The names of images and the
// manifests that kind expects in a node image are constants that it does not export.
//
//	constant FILE NAME
package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: constant FILE NAME")
		os.Exit(2)
	}
	text, err := find(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "constant:", err)
		os.Exit(1)
	}
	fmt.Print(text)
}

func find(path, name string) (string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		return "", err
	}
	// Constants may be made of others.
	pkg, err := (&types.Config{}).Check(file.Name.Name, files, []*ast.File{file}, nil)
	if err != nil {
		return "", err
	}
	found, ok := pkg.Scope().Lookup(name).(*types.Const)
	if !ok || found.Val().Kind() != constant.String {
		return "", fmt.Errorf("%s has no string constant %s", path, name)
	}
	return constant.StringVal(found.Val()), nil
}
