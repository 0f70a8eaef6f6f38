package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"

	apiequality "k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage/names"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
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

func (s strategy) NamespaceScoped() bool                  { return !s.clusterScoped }
func (strategy) AllowCreateOnUpdate(context.Context) bool { return false }
func (strategy) Canonicalize(runtime.Object)              {}

// AllowUnconditionalUpdate lets clients replace an object whatever its version is, as most kinds of
// Kubernetes do and clients of the API count on. Custom resources don't.
func (strategy) AllowUnconditionalUpdate(context.Context) bool { return true }

// PrepareForCreate drops the status, which only the status subresource writes, and starts
// generation.
func (s strategy) PrepareForCreate(_ context.Context, obj runtime.Object) {
	part(obj, "Status").SetZero()
	s.setDefaults(obj)
	obj.(metav1.Object).SetGeneration(1)
}

// PrepareForUpdate keeps the stored status and raises generation if the spec changes.
func (s strategy) PrepareForUpdate(ctx context.Context, obj, old runtime.Object) {
	keepKind(obj, old)
	part(obj, "Status").Set(part(old, "Status"))
	s.restorePatched(ctx, obj, old)
	s.setDefaults(obj)
	if !isStoredAlike(part(obj, "Spec").Interface(), part(old, "Spec").Interface()) {
		obj.(metav1.Object).SetGeneration(old.(metav1.Object).GetGeneration() + 1)
	}
	keepManagers(obj, old)
}

// Validate runs the declarative validation and the rules that span fields, so that one answer names
// all causes. The strategies do not implement rest.DeclarativeValidationStrategy: that exists to
// move hand-written checks over, compares the two and copies every object; here no rule is written
// twice.
func (s strategy) Validate(ctx context.Context, obj runtime.Object) field.ErrorList {
	errs := validation.ValidateObjectMetaAccessor(obj.(metav1.Object), s.NamespaceScoped(), validation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, s.Scheme.Validate(ctx, nil, obj)...)
	return append(errs, s.validate(obj)...)
}

// ValidateUpdate does what Validate does. Its declarative part skips what the update leaves
// unchanged.
func (s strategy) ValidateUpdate(ctx context.Context, obj, old runtime.Object) field.ErrorList {
	return append(s.Scheme.ValidateUpdate(ctx, nil, obj, old), s.validate(obj)...)
}

func (s strategy) WarningsOnCreate(_ context.Context, obj runtime.Object) []string {
	return append(warnFinalizers(obj.(metav1.Object), nil), s.warn(obj)...)
}

func (s strategy) WarningsOnUpdate(_ context.Context, obj, old runtime.Object) []string {
	return append(warnFinalizers(obj.(metav1.Object), old.(metav1.Object).GetFinalizers()), s.warn(obj)...)
}

// GetResetFields tells server-side apply that writes to the main resource own nothing in the
// status.
func (s strategy) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	return s.resetFields("status")
}

// PrepareForUpdate keeps everything stored but the status and managedFields, which record who wrote
// it.
func (s statusStrategy) PrepareForUpdate(ctx context.Context, obj, old runtime.Object) {
	keepKind(obj, old)
	part(obj, "Spec").Set(part(old, "Spec"))
	metadata := obj.(metav1.Object)
	managedFields := metadata.GetManagedFields()
	part(obj, "ObjectMeta").Set(part(old, "ObjectMeta"))
	metadata.SetManagedFields(managedFields)
	s.restorePatched(ctx, obj, old)
	s.setStatusDefaults(obj)
	keepManagers(obj, old)
}

// ValidateUpdate runs the declarative validation. The rules that span fields of the spec do not
// apply.
func (s statusStrategy) ValidateUpdate(ctx context.Context, obj, old runtime.Object) field.ErrorList {
	return append(s.Scheme.ValidateUpdate(ctx, nil, obj, old, "status"), s.validateStatus(obj)...)
}

func (statusStrategy) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string {
	return nil
}

// GetResetFields tells server-side apply that status writes own nothing but the status.
func (s statusStrategy) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	return s.resetFields("metadata", "spec")
}

// resetFields are top-level fields, which have the same names in all versions.
func (r resource) resetFields(names ...string) map[fieldpath.APIVersion]*fieldpath.Set {
	set := fieldpath.NewSet()
	for _, name := range names {
		set.Insert(fieldpath.MakePathOrDie(name))
	}
	sets := make(map[fieldpath.APIVersion]*fieldpath.Set, len(r.versions))
	for _, v := range r.versions {
		sets[fieldpath.APIVersion(v.String())] = set
	}
	return sets
}

// keepKind makes an object comparable with the stored one. Whether they bear their kind depends on
// where they come from, such as mutating admission or the watch cache; if one does, an update whose
// changes admission undoes would be stored for the new time in managedFields.
func keepKind(obj, old runtime.Object) {
	part(obj, "TypeMeta").Set(part(old, "TypeMeta"))
}

// restorePatched gives free JSON that a patch left alone its text back.
func (s strategy) restorePatched(ctx context.Context, obj, old runtime.Object) {
	if info, ok := genericapirequest.RequestInfoFrom(ctx); ok && info.Verb == "patch" {
		s.restoreJSON(obj, old)
	}
}

// keepManagers keeps who applied what, and when, if an update changes nothing but the version
// through which the same fields were applied. Two versions of a manifest that are applied in turn
// would otherwise never come to rest.
func keepManagers(obj, old runtime.Object) {
	metadata, stored := obj.(metav1.Object), old.(metav1.Object)
	managers := metadata.GetManagedFields()
	if !slices.EqualFunc(managers, stored.GetManagedFields(), sameManager) {
		return
	}
	metadata.SetManagedFields(stored.GetManagedFields())
	if !isStoredAlike(obj, old) {
		metadata.SetManagedFields(managers)
	}
}

// sameManager compares all but version and time.
func sameManager(a, b metav1.ManagedFieldsEntry) bool {
	a.APIVersion, a.Time = b.APIVersion, b.Time
	return apiequality.Semantic.DeepEqual(a, b)
}

// isStoredAlike reports whether two values are equal when they are encoded. Semantic equality takes
// an empty list or map for none, as do the encoded fields of Kubernetes' own types; ours keep the
// two apart.
func isStoredAlike(a, b any) bool {
	if !apiequality.Semantic.DeepEqual(a, b) {
		return false
	}
	textOfA, errA := json.Marshal(a)
	textOfB, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(textOfA, textOfB)
}

// part returns a settable top-level field of an object. Every kind has ObjectMeta, Spec and Status;
// a test holds the table to that.
func part(obj runtime.Object, name string) reflect.Value {
	return reflect.ValueOf(obj).Elem().FieldByName(name)
}
