package aggregated

import (
	"context"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

// validSelectors is an authorizer that is not told of requirements of field selectors that name no
// field, such as "=value". kube-apiserver refuses a SubjectAccessReview with one, and the request
// would be answered with 500 in place of what is wrong with it. Without a requirement it is more
// that has to be permitted, never less.
type validSelectors struct {
	authorizer.Authorizer
}

// Authorize is that of the authorizer.
func (s validSelectors) Authorize(ctx context.Context, attributes authorizer.Attributes) (authorizer.Decision, string, error) {
	return s.Authorizer.Authorize(ctx, validAttributes{attributes})
}

// ConditionsAwareAuthorize is that of the authorizer.
func (s validSelectors) ConditionsAwareAuthorize(ctx context.Context, attributes authorizer.Attributes) authorizer.ConditionsAwareDecision {
	return s.Authorizer.ConditionsAwareAuthorize(ctx, validAttributes{attributes})
}

type validAttributes struct {
	authorizer.Attributes
}

// GetFieldSelector returns the requirements that name a field.
func (a validAttributes) GetFieldSelector() (fields.Requirements, error) {
	all, err := a.Attributes.GetFieldSelector()
	var valid fields.Requirements
	for _, requirement := range all {
		if requirement.Field != "" {
			valid = append(valid, requirement)
		}
	}
	return valid, err
}
