package registry

import (
	"reflect"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/registry/fieldselector"
)

// kind is a row of the table: what the registry knows about a kind T whose list type is L.
// Everything but plural is optional. T has the fields ObjectMeta, Spec and Status.
type kind[T, L any] struct {
	// plural is the name of the resource in URLs. The singular is the lower-cased Go type.
	plural string

	// shortNames are what kubectl takes for plural, too.
	shortNames []string

	// clusterScoped says that objects are in no namespace.
	clusterScoped bool

	// stored is the version whose types T and L are; objects are stored in it. Empty means
	// v1alpha1.
	stored schema.GroupVersion

	// served are further versions.
	served []version

	// columns are what kubectl get prints after the name, as in a CRD's additionalPrinterColumns.
	// A priority above 0 shows a column with -o wide only.
	columns []apiextensionsv1.CustomResourceColumnDefinition

	// selectable returns the values of the fields that field selectors may name besides
	// metadata.name and metadata.namespace. It returns the same keys for every object.
	selectable func(*T) fields.Set

	// indexed names selectable fields for which the watch cache keeps an index. Watches that ask
	// for one value of the first of them are woken for that value only.
	indexed []string

	// ttl returns the field that says how long an object is kept, and what the ArkConfig says it
	// should be. If it is empty it is filled in on writes to the main resource, after mutating
	// admission.
	ttl func(*T, v1alpha1.ArkConfigSpec) (field *v1alpha1.Duration, configured v1alpha1.Duration)

	// setDefaults rewrites an object on writes to the main resource, before validation.
	setDefaults func(*T)

	// setStatusDefaults rewrites an object on writes to the status subresource, before validation.
	setStatusDefaults func(*T)

	// validate checks what spans several fields, on writes to the main resource.
	validate func(*T) field.ErrorList

	// validateStatus checks what the declarative validation does not, on writes to the status
	// subresource.
	validateStatus func(*T) field.ErrorList

	// warn returns warnings for the client that writes the main resource.
	warn func(*T) []string

	// restoreJSON undoes what patching did to free JSON that the patch left alone.
	// See v1alpha1.JSON.RestorePatched.
	restoreJSON func(obj, old *T)
}

// resource is a row without its type parameters. Its functions are never nil, but for ttl.
type resource struct {
	kind, plural, singular string
	shortNames             []string
	clusterScoped          bool

	// versions are those that serve the kind. The first is stored.
	versions []version

	columns []apiextensionsv1.CustomResourceColumnDefinition
	indexed []string

	newObject, newList func() runtime.Object

	// selectors is what field selectors may ask.
	selectors *fieldselector.Kind

	selectable        func(runtime.Object) fields.Set
	ttl               func(runtime.Object, v1alpha1.ArkConfigSpec) (field *v1alpha1.Duration, configured v1alpha1.Duration)
	setDefaults       func(runtime.Object)
	setStatusDefaults func(runtime.Object)
	validate          func(runtime.Object) field.ErrorList
	validateStatus    func(runtime.Object) field.ErrorList
	warn              func(runtime.Object) []string
	restoreJSON       func(obj, old runtime.Object)
}

// row erases the types of a kind.
func row[T, L any](k kind[T, L]) resource {
	name := reflect.TypeFor[T]().Name()
	stored := k.stored
	if stored.Empty() {
		stored = v1alpha1.SchemeGroupVersion
	}
	r := resource{
		kind:              name,
		plural:            k.plural,
		singular:          strings.ToLower(name),
		shortNames:        k.shortNames,
		clusterScoped:     k.clusterScoped,
		versions:          append([]version{{GroupVersion: stored}}, k.served...),
		columns:           append(k.columns, age),
		indexed:           k.indexed,
		newObject:         func() runtime.Object { return any(new(T)).(runtime.Object) },
		newList:           func() runtime.Object { return any(new(L)).(runtime.Object) },
		selectable:        function(k.selectable),
		setDefaults:       procedure(k.setDefaults),
		setStatusDefaults: procedure(k.setStatusDefaults),
		validate:          function(k.validate),
		validateStatus:    function(k.validateStatus),
		warn:              function(k.warn),
		restoreJSON: func(obj, old runtime.Object) {
			if k.restoreJSON != nil {
				k.restoreJSON(any(obj).(*T), any(old).(*T))
			}
		},
	}
	declared := append(r.selectableFields(r.versions[0]), "metadata.name", "metadata.namespace")
	r.selectors = fieldselector.NewKind(r.newObject, declared, func() (*spec.Schema, error) { return schemaOf(r.newObject()) })
	if k.ttl != nil {
		r.ttl = func(obj runtime.Object, config v1alpha1.ArkConfigSpec) (field *v1alpha1.Duration, configured v1alpha1.Duration) {
			return k.ttl(any(obj).(*T), config)
		}
	}
	return r
}

// categories let "kubectl get ark" name all kinds at once. Kinds of the whole cluster are left out:
// who has rights in a namespace need not have any to them, and would be told so each time.
func (r resource) categories() []string {
	if r.clusterScoped {
		return nil
	}
	return []string{"ark"}
}

func function[T, R any](f func(*T) R) func(runtime.Object) R {
	return func(obj runtime.Object) (result R) {
		if f == nil {
			return result
		}
		return f(any(obj).(*T))
	}
}

func procedure[T any](f func(*T)) func(runtime.Object) {
	return func(obj runtime.Object) {
		if f != nil {
			f(any(obj).(*T))
		}
	}
}
