package registry

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	apistorage "k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/names"
)

// Stored is a kind's objects as they are stored, below the REST layer: on the way there nothing is
// filled in, validated or counted.
type Stored struct {
	Description
	// Storage has the objects.
	Storage apistorage.Interface
	// Codec encodes them.
	Codec runtime.Codec
	// Root is the key that those of all objects begin with.
	Root string
	// NewList returns an empty list.
	NewList func() runtime.Object

	key      func(ctx context.Context, name string) (string, error)
	strategy strategy
}

// OpenStored returns all kinds, and what ends their use.
func OpenStored(scheme *runtime.Scheme, opts generic.RESTOptionsGetter) (kinds []Stored, end func(), err error) {
	var ends []func()
	end = func() {
		for _, destroy := range ends {
			destroy()
		}
	}
	for i, description := range Describe() {
		r := ark.resources[i]
		store, err := r.openStore(scheme, opts)
		if err != nil {
			end()
			return nil, nil, fmt.Errorf("storage of %s: %w", r.plural, err)
		}
		ends = append(ends, store.DestroyFunc)
		kinds = append(kinds, Stored{
			Description: description,
			Storage:     store.Storage.Storage,
			Codec:       store.Storage.Codec,
			Root:        store.KeyRootFunc(context.Background()),
			NewList:     r.newList,
			key:         store.KeyFunc,
			strategy:    strategy{resource: r, Scheme: scheme, NameGenerator: names.SimpleNameGenerator},
		})
	}
	return kinds, end, nil
}

func (r resource) openStore(scheme *runtime.Scheme, opts generic.RESTOptionsGetter) (*genericregistry.Store, error) {
	tables, err := r.tables()
	if err != nil {
		return nil, err
	}
	store, _, err := r.newStores(scheme, opts, tables[0])
	return store, err
}

// Key is where an object is stored.
func (s *Stored) Key(object metav1.Object) (string, error) {
	return s.key(genericapirequest.WithNamespace(context.Background(), object.GetNamespace()), object.GetName())
}

// Validate says what the server has against an object and its status.
func (s *Stored) Validate(ctx context.Context, object runtime.Object) field.ErrorList {
	return append(s.strategy.Validate(ctx, object), s.strategy.validateStatus(object)...)
}
