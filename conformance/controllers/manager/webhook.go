package main

import (
	"context"
	"errors"
	"reflect"

	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// protected is the annotation of queries that must not be deleted.
const protected = v1alpha1.GroupName + "/protected"

// queryWebhook defaults and validates queries.
type queryWebhook struct{}

func addWebhooks(mgr ctrl.Manager, _ client.Client, _ *options) error {
	return ctrl.NewWebhookManagedBy(mgr, &v1alpha1.Query{}).WithDefaulter(queryWebhook{}).WithValidator(queryWebhook{}).Complete()
}

// Default gives queries a session. At this point a query has no UID, and may have no name yet.
func (queryWebhook) Default(_ context.Context, query *v1alpha1.Query) error {
	if ptr.Deref(query.Spec.SessionID, "") == "" {
		query.Spec.SessionID = new("default")
	}
	return nil
}

// ValidateCreate wants a question.
func (queryWebhook) ValidateCreate(_ context.Context, query *v1alpha1.Query) (admission.Warnings, error) {
	if query.Spec.Input == nil || query.Spec.Input.Raw == `""` {
		return nil, errors.New("nothing is asked")
	}
	return nil, nil
}

// ValidateUpdate keeps the target once it is asked.
func (queryWebhook) ValidateUpdate(_ context.Context, old, query *v1alpha1.Query) (admission.Warnings, error) {
	if !begun(old) || reflect.DeepEqual(old.Spec, query.Spec) {
		return nil, nil
	}
	if !reflect.DeepEqual(old.Spec.Target, query.Spec.Target) {
		return nil, errors.New("the target is asked already")
	}
	return admission.Warnings{"the query is asked already"}, nil
}

// ValidateDelete keeps protected queries.
func (queryWebhook) ValidateDelete(_ context.Context, query *v1alpha1.Query) (admission.Warnings, error) {
	if _, ok := query.Annotations[protected]; ok {
		return nil, errors.New("the query is protected")
	}
	return nil, nil
}
