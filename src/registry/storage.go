package registry

import (
	"context"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/validation"
	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// newStorage returns the REST storage of every kind by version and the path it is served at:
// "agents", "agents/status" and so on. All versions of a kind are of one store. The scheme must
// have gone through AddToScheme.
func (g group) newStorage(scheme *runtime.Scheme, opts generic.RESTOptionsGetter) (map[string]map[string]rest.Storage, error) {
	config := &configuration{}
	storage := map[string]map[string]rest.Storage{}
	for _, v := range g.versions {
		storage[v.Version] = map[string]rest.Storage{}
	}
	for _, r := range g.resources {
		tables, err := r.tables()
		if err != nil {
			return nil, err
		}
		store, statusStore, err := r.newStores(scheme, opts, tables[0])
		if err != nil {
			return nil, err
		}
		if r.kind == configurationKind {
			config.follow(store)
		}
		for i, v := range r.versions {
			main := &mainREST{Store: store, TableConvertor: tables[i], resource: r, gvk: v.WithKind(r.kind), config: config}
			storage[v.Version][r.plural] = main
			storage[v.Version][r.plural+"/status"] = &statusREST{TableConvertor: tables[i], store: statusStore}
		}
	}
	return storage, nil
}

// newStores returns the stores behind the main resource and its status.
func (r resource) newStores(scheme *runtime.Scheme, opts generic.RESTOptionsGetter, table rest.TableConvertor) (main, status *genericregistry.Store, err error) {
	s := strategy{resource: r, Scheme: scheme, NameGenerator: names.SimpleNameGenerator}
	store := &genericregistry.Store{
		NewFunc:                   r.newObject,
		NewListFunc:               r.newList,
		PredicateFunc:             r.predicate,
		DefaultQualifiedResource:  v1alpha1.Resource(r.plural),
		SingularQualifiedResource: v1alpha1.Resource(r.singular),
		CreateStrategy:            s,
		UpdateStrategy:            s,
		DeleteStrategy:            s,
		ResetFieldsStrategy:       s,
		TableConvertor:            table,
	}
	if err := store.CompleteWithOptions(&generic.StoreOptions{
		RESTOptions: opts,
		AttrFunc:    r.attributes,
		TriggerFunc: r.triggers(),
		Indexers:    r.indexers(),
	}); err != nil {
		return nil, nil, err
	}
	// Each version's storage is destroyed.
	store.DestroyFunc = sync.OnceFunc(store.DestroyFunc)

	statusStore := *store
	statusStore.UpdateStrategy = statusStrategy{s}
	statusStore.ResetFieldsStrategy = statusStrategy{s}
	return store, &statusStore, nil
}

// attributes returns what selectors match on.
func (r resource) attributes(obj runtime.Object) (labels.Set, fields.Set, error) {
	metadata, err := meta.Accessor(obj)
	if err != nil {
		return nil, nil, err
	}
	selectable := fields.Set{}
	for name, value := range r.selectable(obj) {
		selectable[name] = value
	}
	selectable["metadata.name"] = metadata.GetName()
	selectable["metadata.namespace"] = metadata.GetNamespace()
	return metadata.GetLabels(), selectable, nil
}

func (r resource) predicate(label labels.Selector, field fields.Selector) apistorage.SelectionPredicate {
	return apistorage.SelectionPredicate{
		Label:       label,
		Field:       field,
		GetAttrs:    r.attributes,
		IndexFields: r.indexed,
	}
}

// triggers lets the watch cache find the watchers an event concerns. It supports one field per
// resource.
func (r resource) triggers() apistorage.IndexerFuncs {
	if len(r.indexed) == 0 {
		return nil
	}
	field := r.indexed[0]
	return apistorage.IndexerFuncs{field: func(obj runtime.Object) string { return r.selectable(obj)[field] }}
}

// indexers lets the watch cache find the objects a list asks for.
func (r resource) indexers() *cache.Indexers {
	if len(r.indexed) == 0 {
		return nil
	}
	indexers := cache.Indexers{}
	for _, field := range r.indexed {
		indexers[apistorage.FieldIndex(field)] = func(obj interface{}) ([]string, error) {
			return []string{r.selectable(obj.(runtime.Object))[field]}, nil
		}
	}
	return &indexers
}

// mainREST serves a resource in a version.
type mainREST struct {
	*genericregistry.Store
	rest.TableConvertor
	resource resource
	gvk      schema.GroupVersionKind
	config   *configuration
}

var (
	_ rest.CategoriesProvider = &mainREST{}
	_ rest.ShortNamesProvider = &mainREST{}
)

// Categories are those of the kind.
func (s *mainREST) Categories() []string { return s.resource.categories() }

func (s *mainREST) ShortNames() []string { return s.resource.shortNames }

func (s *mainREST) ConvertToTable(ctx context.Context, object runtime.Object, options runtime.Object) (*metav1.Table, error) {
	return s.TableConvertor.ConvertToTable(ctx, object, options)
}

// Watch selects as List does.
func (s *mainREST) Watch(ctx context.Context, options *metainternalversion.ListOptions) (watch.Interface, error) {
	options, err := s.resource.compileSelector(ctx, options)
	if err != nil {
		return nil, err
	}
	return s.Store.Watch(ctx, options)
}

// List returns items that carry apiVersion and kind, as the items of custom resource lists do.
// Whether the store's items carry them depends on whether they come from storage or from the watch
// cache.
func (s *mainREST) List(ctx context.Context, options *metainternalversion.ListOptions) (runtime.Object, error) {
	ctx, options, err := s.selecting(ctx, options)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.List(ctx, options)
	if err != nil {
		return nil, err
	}
	return list, s.nameKinds(list)
}

// DeleteCollection returns the deleted items in the same form.
func (s *mainREST) DeleteCollection(ctx context.Context, validate rest.ValidateObjectFunc, options *metav1.DeleteOptions, selection *metainternalversion.ListOptions) (runtime.Object, error) {
	ctx, selection, err := s.selecting(ctx, selection)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.DeleteCollection(ctx, validate, options, selection)
	if err != nil {
		return nil, err
	}
	return list, s.nameKinds(list)
}

// selecting compiles a selector. One that names a namespace has all pages of a list be of that: the
// store would list them from there, but for the first one, and miss what is left of it.
func (s *mainREST) selecting(ctx context.Context, options *metainternalversion.ListOptions) (context.Context, *metainternalversion.ListOptions, error) {
	options, err := s.resource.compileSelector(ctx, options)
	if err != nil || options == nil || options.FieldSelector == nil || genericapirequest.NamespaceValue(ctx) != "" {
		return ctx, options, err
	}
	if namespace, ok := options.FieldSelector.RequiresExactMatch("metadata.namespace"); ok && len(validation.ValidateNamespaceName(namespace, false)) == 0 {
		ctx = genericapirequest.WithNamespace(ctx, namespace)
	}
	return ctx, options, nil
}

func (s *mainREST) nameKinds(list runtime.Object) error {
	return meta.EachListItem(list, func(item runtime.Object) error {
		item.GetObjectKind().SetGroupVersionKind(s.gvk)
		return nil
	})
}

// statusREST serves the status subresource of a resource in a version.
type statusREST struct {
	rest.TableConvertor
	store *genericregistry.Store
}

var (
	_ rest.Patcher             = &statusREST{}
	_ rest.ResetFieldsStrategy = &statusREST{}
	_ rest.TableConvertor      = &statusREST{}
)

func (s *statusREST) New() runtime.Object { return s.store.New() }

// Destroy does nothing: the underlying store belongs to the main resource.
func (*statusREST) Destroy() {}

func (s *statusREST) Get(ctx context.Context, name string, options *metav1.GetOptions) (runtime.Object, error) {
	return s.store.Get(ctx, name, options)
}

func (s *statusREST) Update(ctx context.Context, name string, objInfo rest.UpdatedObjectInfo, createValidation rest.ValidateObjectFunc, updateValidation rest.ValidateObjectUpdateFunc, _ bool, options *metav1.UpdateOptions) (runtime.Object, bool, error) {
	// A subresource never creates its object.
	return s.store.Update(ctx, name, objInfo, createValidation, updateValidation, false, options)
}

func (s *statusREST) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	return s.store.GetResetFields()
}
