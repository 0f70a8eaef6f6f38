package registry

import (
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Description is what a client can see of a row of the table.
type Description struct {
	Kind, Plural, Singular string
	// Columns are printed after the name.
	Columns []apiextensionsv1.CustomResourceColumnDefinition
	// Selectable are the fields that field selectors may name besides metadata.name and
	// metadata.namespace, sorted.
	Selectable []string
	// Categories are names for several kinds at once.
	Categories []string
	// New returns an empty object.
	New func() runtime.Object
}

// Describe returns the kinds in the order of the table.
func Describe() []Description {
	descriptions := make([]Description, len(resources))
	for i, r := range resources {
		descriptions[i] = Description{
			Kind:       r.kind,
			Plural:     r.plural,
			Singular:   r.singular,
			Columns:    slices.Clone(r.columns),
			Selectable: slices.Sorted(slices.Values(r.selectableFields())),
			Categories: (*mainREST)(nil).Categories(),
			New:        r.newObject,
		}
	}
	return descriptions
}
