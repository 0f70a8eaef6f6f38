// Package samples has the documented manifests, of which there is one of every kind, for tests.
package samples

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

//go:embed *.yaml cluster/*.yaml
var files embed.FS

// All returns the objects of all files. The files are those of kinds in namespaces; kinds of the
// whole cluster are in the folder cluster.
func All() ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		for manifest := range strings.SplitSeq(string(text), "\n---\n") {
			object := &unstructured.Unstructured{}
			if err := yaml.Unmarshal([]byte(manifest), &object.Object); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			objects = append(objects, object)
		}
		return nil
	})
	return objects, err
}

// Of returns the first object of a kind. It panics if there is none.
func Of(kind string) *unstructured.Unstructured {
	objects, err := All()
	if err != nil {
		panic(err)
	}
	for _, object := range objects {
		if object.GetKind() == kind {
			return object
		}
	}
	panic("there is no sample of " + kind)
}
