package registry

import (
	"context"
	"reflect"

	apiequality "k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage/names"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// strategy is how objects of any kind are written through their main resource.
type strategy struct {
	resource
	*runtime.Scheme
	names.NameGenerator
}

// statusStrategy is how they are written through the status subresource.
type statusStrategy struct {
	strategy
}

var (
	_ rest.CreateUpdateResetFieldsStrategy = strategy{}
	_ rest.RESTDeleteStrategy              = strategy{}
	_ rest.UpdateResetFieldsStrategy       = statusStrategy{}
)

func (strategy) NamespaceScoped() bool                    { return true }
func (strategy) AllowCreateOnUpdate(context.Context) bool { return false }
func (strategy) Canonicalize(runtime.Object)              {}

// AllowUnconditionalUpdate lets clients replace an object whatever its version is, as most kinds of Kubernetes do
// and clients of the API count on. Custom resources don't.
func (strategy) AllowUnconditionalUpdate(context.Context) bool { return true }

// PrepareForCreate drops the status, which only the status subresource writes, and starts generation.
func (s strategy) PrepareForCreate(_ context.Context, obj runtime.Object) {
	part(obj, "Status").SetZero()
	s.setDefaults(obj)
	obj.(metav1.Object).SetGeneration(1)
}

// PrepareForUpdate keeps the stored status and raises generation if the spec changes.
func (s strategy) PrepareForUpdate(ctx context.Context, obj, old runtime.Object) {
	keepKind(obj, old)
	part(obj, "Status").Set(part(old, "Status"))
	if info, ok := genericapirequest.RequestInfoFrom(ctx); ok && info.Verb == "patch" {
		s.restoreJSON(obj, old)
	}
	s.setDefaults(obj)
	if !apiequality.Semantic.DeepEqual(part(obj, "Spec").Interface(), part(old, "Spec").Interface()) {
		obj.(metav1.Object).SetGeneration(old.(metav1.Object).GetGeneration() + 1)
	}
}

// Validate runs the declarative validation and the rules that span fields, so that one answer names
// all causes. The strategies do not implement rest.DeclarativeValidationStrategy: that exists to move
// hand-written checks over, compares the two and copies every object; here no rule is written twice.
func (s strategy) Validate(ctx context.Context, obj runtime.Object) field.ErrorList {
	errs := validation.ValidateObjectMetaAccessor(obj.(metav1.Object), s.NamespaceScoped(), validation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, s.Scheme.Validate(ctx, nil, obj)...)
	return append(errs, s.validate(obj)...)
}

// ValidateUpdate does what Validate does. Its declarative part skips what the update leaves unchanged.
func (s strategy) ValidateUpdate(ctx context.Context, obj, old runtime.Object) field.ErrorList {
	return append(s.Scheme.ValidateUpdate(ctx, nil, obj, old), s.validate(obj)...)
}

func (s strategy) WarningsOnCreate(_ context.Context, obj runtime.Object) []string {
	return append(warnFinalizers(obj.(metav1.Object), nil), s.warn(obj)...)
}

func (s strategy) WarningsOnUpdate(_ context.Context, obj, old runtime.Object) []string {
	return append(warnFinalizers(obj.(metav1.Object), old.(metav1.Object).GetFinalizers()), s.warn(obj)...)
}

// GetResetFields tells server-side apply that writes to the main resource own nothing in the status.
func (strategy) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	return resetFields("status")
}

// PrepareForUpdate keeps everything stored but the status and managedFields, which record who wrote it.
func (s statusStrategy) PrepareForUpdate(_ context.Context, obj, old runtime.Object) {
	keepKind(obj, old)
	part(obj, "Spec").Set(part(old, "Spec"))
	metadata := obj.(metav1.Object)
	managedFields := metadata.GetManagedFields()
	part(obj, "ObjectMeta").Set(part(old, "ObjectMeta"))
	metadata.SetManagedFields(managedFields)
	s.setStatusDefaults(obj)
}

// ValidateUpdate runs the declarative validation. The rules that span fields of the spec do not apply.
func (s statusStrategy) ValidateUpdate(ctx context.Context, obj, old runtime.Object) field.ErrorList {
	return s.Scheme.ValidateUpdate(ctx, nil, obj, old, "status")
}

func (statusStrategy) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string {
	return nil
}

// GetResetFields tells server-side apply that status writes own nothing but the status.
func (statusStrategy) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	return resetFields("metadata", "spec")
}

func resetFields(names ...string) map[fieldpath.APIVersion]*fieldpath.Set {
	set := fieldpath.NewSet()
	for _, name := range names {
		set.Insert(fieldpath.MakePathOrDie(name))
	}
	return map[fieldpath.APIVersion]*fieldpath.Set{
		fieldpath.APIVersion(v1alpha1.SchemeGroupVersion.String()): set,
	}
}

// keepKind makes an object comparable with the stored one. Whether they bear their kind depends on where they come
// from, such as mutating admission or the watch cache; if one does, an update whose changes admission undoes would be
// stored for the new time in managedFields.
func keepKind(obj, old runtime.Object) {
	part(obj, "TypeMeta").Set(part(old, "TypeMeta"))
}

// part returns a settable top-level field of an object. Every kind has ObjectMeta, Spec and Status;
// a test holds the table to that.
func part(obj runtime.Object, name string) reflect.Value {
	return reflect.ValueOf(obj).Elem().FieldByName(name)
}
