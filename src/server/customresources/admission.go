package customresources

import (
	"context"
	"fmt"
	"slices"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/admission"

	"ark.ai/apiserver/src/registry"
)

// Protect adds to admission what keeps definitions from claiming names that are built in.
func Protect(others admission.Interface) admission.Interface {
	return admission.NewChainHandler(others, protection{})
}

type protection struct{}

var _ admission.ValidationInterface = protection{}

// Handles implements admission.Interface.
func (protection) Handles(admission.Operation) bool { return true }

// Validate implements admission.ValidationInterface.
func (protection) Validate(_ context.Context, a admission.Attributes, _ admission.ObjectInterfaces) error {
	if a.GetResource().GroupResource() != apiextensions.Resource("customresourcedefinitions") || a.GetSubresource() != "" {
		return nil
	}
	definition, _ := a.GetObject().(*apiextensions.CustomResourceDefinition)
	former, _ := a.GetOldObject().(*apiextensions.CustomResourceDefinition)
	if a.GetOperation() == admission.Delete {
		return mayDelete(a, former)
	}
	if definition == nil || definition.Spec.Group != group {
		return nil
	}
	// One that was there before the kind was built in can be changed in other respects.
	if former != nil && equality.Semantic.DeepEqual(former.Spec.Names, definition.Spec.Names) {
		return nil
	}
	if taken := claimed(definition.Spec.Names); len(taken) > 0 {
		return apierrors.NewInvalid(apiextensions.Kind("CustomResourceDefinition"), definition.Name, taken)
	}
	return nil
}

// mayDelete refuses to delete the definition of a kind that has been built in since: the custom
// resources would be deleted with it, and these are the objects that the server has now.
func mayDelete(a admission.Attributes, definition *apiextensions.CustomResourceDefinition) error {
	if definition == nil || definition.Spec.Group != group || !isBuiltIn(definition.Spec.Names.Plural) {
		return nil
	}
	return admission.NewForbidden(a, fmt.Errorf("this server has %s built in, and serves the objects that were custom resources: "+
		"they would be deleted with their definition", definition.Spec.Names.Plural))
}

// claimed are the names that are built in.
func claimed(names apiextensions.CustomResourceDefinitionNames) field.ErrorList {
	var resources, kinds []string
	for _, kind := range registry.Describe() {
		resources = append(append(resources, kind.Plural, kind.Singular), kind.ShortNames...)
		kinds = append(kinds, kind.Kind, kind.Kind+"List")
	}
	var errs field.ErrorList
	check := func(taken []string, path *field.Path, name string) {
		if slices.Contains(taken, name) {
			errs = append(errs, field.Invalid(path, name, "belongs to a kind that this server has built in: the custom resource could never be served"))
		}
	}
	path := field.NewPath("spec", "names")
	check(resources, path.Child("plural"), names.Plural)
	check(resources, path.Child("singular"), names.Singular)
	for i, name := range names.ShortNames {
		check(resources, path.Child("shortNames").Index(i), name)
	}
	check(kinds, path.Child("kind"), names.Kind)
	check(kinds, path.Child("listKind"), names.ListKind)
	return errs
}
