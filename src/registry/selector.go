package registry

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metainternalversion "k8s.io/apimachinery/pkg/apis/meta/internalversion"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"
	"k8s.io/kube-openapi/pkg/util"
	"k8s.io/kube-openapi/pkg/validation/spec"

	"ark.ai/apiserver/src/generated/openapi"
)

// compileSelector has the field selector of a request look at objects, if it asks what selectable
// fields don't answer.
func (r resource) compileSelector(ctx context.Context, options *metainternalversion.ListOptions) (*metainternalversion.ListOptions, error) {
	if options == nil || options.FieldSelector == nil {
		return options, nil
	}
	selector, err := r.selectors.Compile(ctx, options.FieldSelector)
	switch {
	case ctx.Err() != nil:
		return nil, apierrors.NewTimeoutError("the request did not complete within its time limit", 1)
	case err != nil:
		return nil, apierrors.NewBadRequest(err.Error())
	}
	compiled := *options
	compiled.FieldSelector = selector
	return &compiled, nil
}

// schemaOf is the schema of an object, with those that it refers to in place.
func schemaOf(obj runtime.Object) (*spec.Schema, error) {
	named, ok := obj.(util.OpenAPIModelNamer)
	if !ok {
		return nil, fmt.Errorf("%T has no schema", obj)
	}
	definitions := openapi.GetOpenAPIDefinitions(spec.MustCreateRef)
	return resolver.PopulateRefs(func(name string) (*spec.Schema, bool) {
		definition, ok := definitions[name]
		return &definition.Schema, ok
	}, named.OpenAPIModelName())
}
