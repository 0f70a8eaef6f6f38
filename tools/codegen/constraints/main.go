// Program constraints has what the tags of API types say of values published and, where
// validation-gen cannot do it, enforced. Each constraint is written once, beside its field or type:
//
//	+k8s:minimum=1                       and the others that validation-gen enforces: added to the OpenAPI definitions
//	+k8s:validation:pattern>^[a-z]+$     published by openapi-gen, if it is a field's; with +k8s:customValidation, the
//	                                     function that enforces it is generated
//
// Tags of a named type hold for all its values: fields, items of lists, values of maps. A tag that
// it cannot publish is an error, so that nothing is enforced in secret.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/spf13/pflag"
	"k8s.io/gengo/v2"
	"k8s.io/gengo/v2/parser"
	"k8s.io/gengo/v2/types"
)

func main() {
	log.SetFlags(0)
	definitions := pflag.String("definitions", "", "file with the OpenAPI definitions that openapi-gen has written, to be completed")
	patterns := pflag.String("patterns-file", "", "name of the file for functions that enforce patterns, beside the types")
	header := pflag.String("go-header-file", "", "file with what generated files begin with")
	pflag.Parse()
	if err := run(*definitions, *patterns, *header, pflag.Args()); err != nil {
		log.Fatalf("constraints: %v", err)
	}
}

// run works on packages of types, which it finds by their import paths.
func run(definitions, patterns, header string, packages []string) error {
	boilerplate, err := os.ReadFile(header)
	if err != nil {
		return err
	}
	universe, err := load(packages)
	if err != nil {
		return err
	}
	published, err := openDefinitions(definitions)
	if err != nil {
		return err
	}
	for _, path := range packages {
		pkg := universe[path]
		if err := writePatterns(pkg, patterns, boilerplate); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := published.constrain(pkg); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return published.save()
}

// load parses packages, without what generators have written into them.
func load(packages []string) (types.Universe, error) {
	p := parser.NewWithOptions(parser.Options{BuildTags: []string{gengo.StdBuildTag}})
	if err := p.LoadPackages(packages...); err != nil {
		return nil, err
	}
	return p.NewUniverse()
}
