package webhooks_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

type (
	validatingSpec    = registrationv1.ValidatingAdmissionPolicySpec
	validatingBinding = registrationv1.ValidatingAdmissionPolicyBindingSpec
	mutatingSpec      = registrationv1.MutatingAdmissionPolicySpec
	mutatingBinding   = registrationv1.MutatingAdmissionPolicyBindingSpec
)

// enforceValidating puts a policy into force for the objects of a namespace and returns its name,
// which is its binding's too if there is one. No binding stands for one that denies.
func enforceValidating(ctx context.Context, namespace string, spec validatingSpec, bindings ...validatingBinding) string {
	GinkgoHelper()
	name := uniqueName(namespace)
	constraints := spec.MatchConstraints.DeepCopy()
	constraints.NamespaceSelector = selectorOf(namespace)
	spec.MatchConstraints = constraints
	writeValidating(ctx, name, spec, bindings...)

	// What was written before the sentinel is in force when the sentinel is.
	sentinel := uniqueName(namespace)
	writeValidating(ctx, sentinel, validatingSpec{
		MatchConstraints: probed(sentinel),
		Validations:      []registrationv1.Validation{{Expression: "false", Message: "in force"}},
	})
	everywhere(ctx, func(g Gomega, server versioned.Interface) {
		_, err := server.ArkV1alpha1().Memories(namespace).Create(ctx, probeOf(sentinel), dryRunCreate)
		g.Expect(err).To(MatchError(ContainSubstring("in force")))
	})
	return name
}

func writeValidating(ctx context.Context, name string, spec validatingSpec, bindings ...validatingBinding) {
	GinkgoHelper()
	registration := framework.Client.AdmissionregistrationV1()
	create(ctx, registration.ValidatingAdmissionPolicies(), &registrationv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec})
	if len(bindings) == 0 {
		bindings = []validatingBinding{{}}
	}
	for i, binding := range bindings {
		binding.PolicyName = name
		if binding.ValidationActions == nil {
			binding.ValidationActions = []registrationv1.ValidationAction{registrationv1.Deny}
		}
		create(ctx, registration.ValidatingAdmissionPolicyBindings(), &registrationv1.ValidatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: bindingName(name, i)}, Spec: binding})
	}
}

// sinceMutatingPolicies is for specs about them.
func sinceMutatingPolicies() {
	GinkgoHelper()
	framework.SinceKubernetes("1.36", "MutatingAdmissionPolicies in admissionregistration.k8s.io/v1")
}

// enforceMutating puts a policy into force for the objects of a namespace and returns its name.
func enforceMutating(ctx context.Context, namespace string, spec mutatingSpec, bindings ...mutatingBinding) string {
	GinkgoHelper()
	sinceMutatingPolicies()
	name := uniqueName(namespace)
	constraints := spec.MatchConstraints.DeepCopy()
	constraints.NamespaceSelector = selectorOf(namespace)
	spec.MatchConstraints = constraints
	writeMutating(ctx, name, spec, bindings...)

	sentinel := uniqueName(namespace)
	writeMutating(ctx, sentinel, mutatingSpec{
		MatchConstraints: probed(sentinel),
		Mutations:        []registrationv1.Mutation{jsonPatch(`[JSONPatch{op: "add", path: "/metadata/labels/in-force", value: "yes"}]`)},
	})
	everywhere(ctx, func(g Gomega, server versioned.Interface) {
		probe, err := server.ArkV1alpha1().Memories(namespace).Create(ctx, probeOf(sentinel), dryRunCreate)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(probe.Labels).To(HaveKey("in-force"))
	})
	return name
}

func writeMutating(ctx context.Context, name string, spec mutatingSpec, bindings ...mutatingBinding) {
	GinkgoHelper()
	if spec.ReinvocationPolicy == "" {
		spec.ReinvocationPolicy = registrationv1.NeverReinvocationPolicy
	}
	registration := framework.Client.AdmissionregistrationV1()
	create(ctx, registration.MutatingAdmissionPolicies(), &registrationv1.MutatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: spec})
	if len(bindings) == 0 {
		bindings = []mutatingBinding{{}}
	}
	for i, binding := range bindings {
		binding.PolicyName = name
		create(ctx, registration.MutatingAdmissionPolicyBindings(), &registrationv1.MutatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: bindingName(name, i)}, Spec: binding})
	}
}

func bindingName(policy string, i int) string {
	if i == 0 {
		return policy
	}
	return fmt.Sprintf("%s-%d", policy, i)
}

// matching are the constraints of a policy with some rules.
func matching(rules ...registrationv1.RuleWithOperations) *registrationv1.MatchResources {
	constraints := &registrationv1.MatchResources{}
	for _, rule := range rules {
		constraints.ResourceRules = append(constraints.ResourceRules, registrationv1.NamedRuleWithOperations{RuleWithOperations: rule})
	}
	return constraints
}

func probed(by string) *registrationv1.MatchResources {
	constraints := matching(onCreate("memories"))
	constraints.ObjectSelector = &metav1.LabelSelector{MatchLabels: map[string]string{probeLabel: by}}
	return constraints
}

// valid wants an expression to be true of what the rules match.
func valid(expression string, rules ...registrationv1.RuleWithOperations) validatingSpec {
	return validatingSpec{MatchConstraints: matching(rules...), Validations: []registrationv1.Validation{{Expression: expression, Message: "refused"}}}
}

func jsonPatch(expression string) registrationv1.Mutation {
	return registrationv1.Mutation{PatchType: registrationv1.PatchTypeJSONPatch, JSONPatch: &registrationv1.JSONPatch{Expression: expression}}
}

func applyConfiguration(expression string) registrationv1.Mutation {
	return registrationv1.Mutation{PatchType: registrationv1.PatchTypeApplyConfiguration, ApplyConfiguration: &registrationv1.ApplyConfiguration{Expression: expression}}
}
