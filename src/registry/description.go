package registry

import (
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry/fieldselector"
)

// Description is what a client can see of a row of the table.
type Description struct {
	Kind, Plural, Singular string
	// ShortNames are what kubectl takes for the plural, too.
	ShortNames []string
	// Namespaced says that objects are in namespaces.
	Namespaced bool
	// Categories are names for several kinds at once.
	Categories []string
	// Versions are those that serve the kind. Objects are stored in the first.
	Versions []VersionDescription
	// Fields are the scalar fields that field selectors may compare, sorted by path.
	Fields []fieldselector.Field
	// New returns an empty object of the stored version.
	New func() runtime.Object
}

// VersionDescription is what a client can see of a kind in a version.
type VersionDescription struct {
	schema.GroupVersion
	// Columns are printed after the name.
	Columns []apiextensionsv1.CustomResourceColumnDefinition
	// Selectable are the fields that field selectors may name besides metadata.name and
	// metadata.namespace, sorted.
	Selectable []string
}

// Resource is the kind's resource in the version that is stored.
func (d Description) Resource() schema.GroupVersionResource {
	return d.Versions[0].WithResource(d.Plural)
}

// Describe returns the kinds in the order of the table.
func Describe() []Description {
	descriptions := make([]Description, len(resources))
	for i, r := range resources {
		descriptions[i] = Description{
			Kind:       r.kind,
			Plural:     r.plural,
			Singular:   r.singular,
			ShortNames: slices.Clone(r.shortNames),
			Namespaced: !r.clusterScoped,
			Categories: r.categories(),
			Fields:     r.selectors.Fields(),
			New:        r.newObject,
		}
		for _, v := range r.versions {
			descriptions[i].Versions = append(descriptions[i].Versions, VersionDescription{
				GroupVersion: v.GroupVersion,
				Columns:      slices.Clone(r.columnsOf(v)),
				Selectable:   r.selectableFields(v),
			})
		}
	}
	return descriptions
}

// Selectors returns what field selectors may ask about the objects of a resource of the group.
func Selectors(resource schema.GroupResource) (selectors *fieldselector.Kind, known bool) {
	for _, r := range resources {
		if v1alpha1.Resource(r.plural) == resource {
			return r.selectors, true
		}
	}
	return nil, false
}
