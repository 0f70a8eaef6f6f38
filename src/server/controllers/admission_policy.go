package controllers

import (
	"context"

	validatingpolicy "k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/cel/openapi/resolver"

	"k8s.io/kubernetes/pkg/controller/validatingadmissionpolicystatus"
)

// admissionPolicyStatus checks the types of policies' expressions and reports in their status.
func admissionPolicyStatus(_ context.Context, t *term) (func(context.Context), error) {
	const workers = 2
	client, err := t.client("validating-admission-policy-status-controller")
	if err != nil {
		return nil, err
	}
	checker := &validatingpolicy.TypeChecker{
		SchemaResolver: &resolver.ClientDiscoveryResolver{Discovery: client.Discovery()},
		RestMapper:     t.restMapper,
	}
	controller, err := validatingadmissionpolicystatus.NewController(
		t.informers.Admissionregistration().V1().ValidatingAdmissionPolicies(),
		client.AdmissionregistrationV1().ValidatingAdmissionPolicies(), checker)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}
