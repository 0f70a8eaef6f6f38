package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/crds"
	"ark.ai/apiserver/src/registry"
	"ark.ai/apiserver/src/schemas"
)

func newSchemasCommand() *cobra.Command {
	return newExportCommand("schemas", "Print JSON Schemas of all kinds, for editors and validators",
		`Prints a JSON Schema of all kinds, which goes by the apiVersion and kind of an object, for editors
such as those with yaml-language-server. With --output-dir it writes that, as
`+schemas.All+`, and one for each kind and version, as
`+schemas.File(registry.GroupVersions()[0].WithKind("Agent"))+`, where validators such as kubeconform look for it.`,
		schemaFiles, func(files map[string][]byte) []byte { return files[schemas.All] })
}

func schemaFiles() (map[string][]byte, error) {
	scheme := runtime.NewScheme()
	if err := registry.AddVersionsToScheme(scheme); err != nil {
		return nil, err
	}
	var kinds []schema.GroupVersionKind
	for _, kind := range registry.Describe() {
		for _, version := range kind.Versions {
			kinds = append(kinds, version.WithKind(kind.Kind))
		}
	}
	return schemas.Files(scheme, kinds)
}

func newCRDsCommand() *cobra.Command {
	return newExportCommand("crds", "Print CustomResourceDefinitions of all kinds",
		`Prints the kinds as CustomResourceDefinitions, in YAML, for tools that know only those. Do not apply
them to a cluster that is to have this server behind it: its kinds need none.`,
		func() (map[string][]byte, error) { return crds.Files(registry.GroupVersions()[0].Group) },
		func(files map[string][]byte) []byte {
			var all [][]byte
			for _, name := range slices.Sorted(maps.Keys(files)) {
				all = append(all, files[name])
			}
			return bytes.Join(all, nil)
		})
}

// newExportCommand is a command that writes files into a folder, or prints what is worth printing
// of them.
func newExportCommand(name, short, long string, files func() (map[string][]byte, error), printed func(map[string][]byte) []byte) *cobra.Command {
	var folder string
	command := &cobra.Command{
		Use:   name,
		Short: short,
		Long:  long,
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			made, err := files()
			if err != nil {
				return err
			}
			if folder == "" {
				_, err := command.OutOrStdout().Write(printed(made))
				return err
			}
			return writeFiles(folder, made)
		},
	}
	command.Flags().StringVar(&folder, "output-dir", "", "Folder to write files to, one for each kind. Default: none, but standard output.")
	plainHelp(command)
	return command
}

func writeFiles(folder string, files map[string][]byte) error {
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
