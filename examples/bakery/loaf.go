package main

import (
	"context"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/apiserver/pkg/storage/names"
)

// Loaf is the type that the server has.
type Loaf struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Flour string `json:"flour,omitempty"`
}

// LoafList is what a list of them is.
type LoafList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	Items []Loaf `json:"items"`
}

func (l *Loaf) DeepCopyObject() runtime.Object {
	out := *l
	l.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	return &out
}

func (l *LoafList) DeepCopyObject() runtime.Object {
	out := *l
	l.ListMeta.DeepCopyInto(&out.ListMeta)
	out.Items = slices.Clone(l.Items)
	for i := range l.Items {
		l.Items[i].ObjectMeta.DeepCopyInto(&out.Items[i].ObjectMeta)
	}
	return &out
}

var (
	bakeryV1 = schema.GroupVersion{Group: "bakery.example.com", Version: "v1"}
	scheme   = newScheme()
	codecs   = serializer.NewCodecFactory(scheme)
)

func newScheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	// The type is the same in memory and outside.
	for _, version := range []schema.GroupVersion{bakeryV1, {Group: bakeryV1.Group, Version: runtime.APIVersionInternal}} {
		scheme.AddKnownTypes(version, &Loaf{}, &LoafList{})
	}
	metav1.AddToGroupVersion(scheme, bakeryV1)
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	utilruntime.Must(scheme.SetVersionPriority(bakeryV1))
	return scheme
}

func newBakeryGroup(options generic.RESTOptionsGetter) (*genericapiserver.APIGroupInfo, error) {
	loaves := bakeryV1.WithResource("loaves").GroupResource()
	strategy := loafStrategy{scheme, names.SimpleNameGenerator}
	store := &genericregistry.Store{
		NewFunc:                   func() runtime.Object { return &Loaf{} },
		NewListFunc:               func() runtime.Object { return &LoafList{} },
		DefaultQualifiedResource:  loaves,
		SingularQualifiedResource: bakeryV1.WithResource("loaf").GroupResource(),
		CreateStrategy:            strategy,
		UpdateStrategy:            strategy,
		DeleteStrategy:            strategy,
		TableConvertor:            rest.NewDefaultTableConvertor(loaves),
	}
	if err := store.CompleteWithOptions(&generic.StoreOptions{RESTOptions: options}); err != nil {
		return nil, err
	}
	group := genericapiserver.NewDefaultAPIGroupInfo(bakeryV1.Group, scheme, metav1.ParameterCodec, codecs)
	group.VersionedResourcesStorageMap[bakeryV1.Version] = map[string]rest.Storage{"loaves": store}
	return &group, nil
}

// loafStrategy accepts whatever has a flour.
type loafStrategy struct {
	runtime.ObjectTyper
	names.NameGenerator
}

func (loafStrategy) NamespaceScoped() bool                                            { return true }
func (loafStrategy) PrepareForCreate(context.Context, runtime.Object)                 {}
func (loafStrategy) PrepareForUpdate(_ context.Context, _, _ runtime.Object)          {}
func (loafStrategy) Canonicalize(runtime.Object)                                      {}
func (loafStrategy) AllowCreateOnUpdate(context.Context) bool                         { return false }
func (loafStrategy) AllowUnconditionalUpdate(context.Context) bool                    { return true }
func (loafStrategy) WarningsOnCreate(context.Context, runtime.Object) []string        { return nil }
func (loafStrategy) WarningsOnUpdate(_ context.Context, _, _ runtime.Object) []string { return nil }
func (loafStrategy) ValidateUpdate(_ context.Context, loaf, _ runtime.Object) field.ErrorList {
	return validate(loaf)
}

func (loafStrategy) Validate(_ context.Context, loaf runtime.Object) field.ErrorList {
	return validate(loaf)
}

func validate(loaf runtime.Object) field.ErrorList {
	if loaf.(*Loaf).Flour == "" {
		return field.ErrorList{field.Required(field.NewPath("flour"), "")}
	}
	return nil
}
