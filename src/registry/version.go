package registry

import (
	"fmt"
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/apis/ark/v1prealpha1"
	"ark.ai/apiserver/src/registry/fieldselector"
)

// groupVersion is a version of the group: the Go types that clients and OpenAPI know.
type groupVersion struct {
	schema.GroupVersion
	addToScheme func(*runtime.Scheme) error
}

// versions of the group, the preferred one first.
var versions = []groupVersion{
	{v1alpha1.SchemeGroupVersion, v1alpha1.AddToScheme},
	{v1prealpha1.SchemeGroupVersion, v1prealpha1.AddToScheme},
}

// GroupVersions returns the versions of the group, the preferred one first.
func GroupVersions() []schema.GroupVersion { return ark.groupVersions() }

// version serves a kind. Whatever the version of a request is, strategy, storage and watch cache
// work on the Go types of the version that is stored; the scheme converts.
type version struct {
	schema.GroupVersion

	// columns are those of the kind unless the version has its own. Their paths are those of the
	// stored version.
	columns []apiextensionsv1.CustomResourceColumnDefinition

	// renamed are the selectable fields that have other names in this version: theirs by ours.
	renamed map[string]string
}

// addSelectors lets field selectors of this version ask what can be asked of the stored one, by
// the names that fields have here. One that asks anything else is answered with 400.
func (v version) addSelectors(scheme *runtime.Scheme, r resource) error {
	stored := map[string]string{}
	for field, name := range v.renamed {
		stored[name] = field
	}
	return scheme.AddFieldLabelConversionFunc(v.WithKind(r.kind), func(label, value string) (string, string, error) {
		path, operator := fieldselector.SplitKey(label)
		if _, renamed := v.renamed[path]; renamed {
			return "", "", fmt.Errorf("field label not supported: %s", label)
		}
		if field, ok := stored[path]; ok {
			label = field + operator
		}
		return label, value, r.selectors.Check(label, value)
	})
}

// fieldName is the name that a selectable field has in this version.
func (v version) fieldName(field string) string {
	if name, ok := v.renamed[field]; ok {
		return name
	}
	return field
}

// columnsOf returns what kubectl get prints after the name in a version.
func (r resource) columnsOf(v version) []apiextensionsv1.CustomResourceColumnDefinition {
	if v.columns != nil {
		return v.columns
	}
	return r.columns
}

// selectableFields returns the names of the selectable fields in a version, sorted: those that the
// watch cache knows.
func (r resource) selectableFields(v version) []string {
	var names []string
	for field := range r.selectable(r.newObject()) {
		names = append(names, v.fieldName(field))
	}
	slices.Sort(names)
	return names
}
