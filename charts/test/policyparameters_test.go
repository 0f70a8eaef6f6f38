package chart_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	registrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

// serversReadConfigMapsOnlyIfTold has a policy with a ConfigMap as parameter: it refuses all that
// it matches until the servers may read ConfigMaps, and then decides.
func serversReadConfigMapsOnlyIfTold(t *testing.T, c *cluster) {
	values := c.values(t)
	c.helm(t, install, values)
	c.run(t)
	c.awaitAvailable(t)

	limits := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "limits"}, Data: map[string]string{"prompt": "Be helpful."}}
	policy := &registrationv1.ValidatingAdmissionPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: "prompts"},
		Spec: registrationv1.ValidatingAdmissionPolicySpec{
			ParamKind: &registrationv1.ParamKind{APIVersion: "v1", Kind: "ConfigMap"},
			MatchConstraints: &registrationv1.MatchResources{ResourceRules: []registrationv1.NamedRuleWithOperations{{
				RuleWithOperations: registrationv1.RuleWithOperations{
					Operations: []registrationv1.OperationType{registrationv1.Create},
					Rule:       registrationv1.Rule{APIGroups: []string{v1alpha1.GroupName}, APIVersions: []string{"*"}, Resources: []string{"agents"}},
				},
			}}},
			Validations: []registrationv1.Validation{{Expression: "object.spec.prompt == params.data.prompt", Message: "another prompt"}},
		},
	}
	binding := &registrationv1.ValidatingAdmissionPolicyBinding{
		ObjectMeta: metav1.ObjectMeta{Name: policy.Name},
		Spec: registrationv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName:        policy.Name,
			ParamRef:          &registrationv1.ParamRef{Name: limits.Name, Namespace: namespace, ParameterNotFoundAction: ptr.To(registrationv1.DenyAction)},
			ValidationActions: []registrationv1.ValidationAction{registrationv1.Deny},
		},
	}
	_, limitsErr := c.core.CoreV1().ConfigMaps(namespace).Create(t.Context(), limits, metav1.CreateOptions{})
	_, policyErr := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicies().Create(t.Context(), policy, metav1.CreateOptions{})
	_, bindingErr := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicyBindings().Create(t.Context(), binding, metav1.CreateOptions{})
	if err := errors.Join(limitsErr, policyErr, bindingErr); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, policies := context.Background(), c.core.AdmissionregistrationV1()
		bindingErr := policies.ValidatingAdmissionPolicyBindings().Delete(ctx, binding.Name, metav1.DeleteOptions{})
		policyErr := policies.ValidatingAdmissionPolicies().Delete(ctx, policy.Name, metav1.DeleteOptions{})
		if err := errors.Join(bindingErr, policyErr); err != nil {
			t.Error(err)
		}
	})

	agents := versioned.NewForConfigOrDie(c.admin).ArkV1alpha1().Agents(namespace)
	create := func(ctx context.Context, prompt string) error {
		_, err := agents.Create(ctx, &v1alpha1.Agent{ObjectMeta: metav1.ObjectMeta{Name: "poet"}, Spec: v1alpha1.AgentSpec{Prompt: &prompt}},
			metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		return err
	}
	c.await(t, "the policy refuses what it can't decide", func(ctx context.Context) error {
		err := create(ctx, "Be helpful.")
		if err == nil {
			return errors.New("it is admitted")
		}
		if strings.Contains(err.Error(), "not yet synced to use for admission") {
			return nil
		}
		return err
	})
	c.helm(t, upgrade, values, `rbac: {policyParameters: [{apiGroups: [""], resources: [configmaps]}, {apiGroups: [ark.ai], resources: ["*"]}]}`)
	c.await(t, "the policy admits what the ConfigMap allows", func(ctx context.Context) error { return create(ctx, "Be helpful.") })
	if err := create(t.Context(), "Rhyme."); err == nil || !strings.Contains(err.Error(), "another prompt") {
		t.Errorf("what it does not allow is answered with %v", err)
	}
}
