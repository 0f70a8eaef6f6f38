package webhooks_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

var _ = Describe("What comes of a validating admission policy", func() {
	var namespace string
	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	It("is a warning if its binding says Warn", func(ctx context.Context) {
		policy := enforceValidating(ctx, namespace, valid("false", onCreate("agents")), validatingBinding{ValidationActions: []registrationv1.ValidationAction{registrationv1.Warn}})
		client, warnings := warned()
		_, err := client.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(warnings.list()).To(ConsistOf(fmt.Sprintf("Validation failed for ValidatingAdmissionPolicy '%[1]s' with binding '%[1]s': refused", policy)))
		stored(ctx, namespace, "poet")
	})

	It("is nothing that the client sees if its binding says Audit", func(ctx context.Context) {
		spec := valid("false", onCreate("agents"))
		spec.AuditAnnotations = []registrationv1.AuditAnnotation{{Key: "prompt", ValueExpression: `string(object.spec.prompt)`}}
		enforceValidating(ctx, namespace, spec, validatingBinding{ValidationActions: []registrationv1.ValidationAction{registrationv1.Audit}})
		client, warnings := warned()
		_, err := client.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(warnings.list()).To(BeEmpty())
	})

	It("is a denial if one of its bindings denies", func(ctx context.Context) {
		policy := enforceValidating(ctx, namespace, valid("false", onCreate("agents")),
			validatingBinding{ValidationActions: []registrationv1.ValidationAction{registrationv1.Audit}},
			validatingBinding{ValidationActions: []registrationv1.ValidationAction{registrationv1.Deny, registrationv1.Audit}})
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("with binding '%s' denied request: refused", bindingName(policy, 1))))
	})

	It("is what its bindings match", func(ctx context.Context) {
		selected := &registrationv1.MatchResources{ObjectSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"team": "red"}}}
		excluded := &registrationv1.MatchResources{ExcludeResourceRules: []registrationv1.NamedRuleWithOperations{
			{ResourceNames: []string{"poet"}, RuleWithOperations: onCreate("agents")},
		}}
		spec := valid("false", onCreate("agents", "queries"))
		enforceValidating(ctx, namespace, spec, validatingBinding{MatchResources: selected}, validatingBinding{MatchResources: excluded})
		created(ctx, namespace, agent("poet"))
		_, err := agents(namespace).Create(ctx, agent("critic"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
		red := agent("poet")
		red.Name, red.Labels = "reader", map[string]string{"team": "red"}
		_, err = agents(namespace).Create(ctx, red, metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
	})

	It("depends on its match conditions", func(ctx context.Context) {
		spec := valid("false", onCreate("agents"))
		spec.MatchConditions = []registrationv1.MatchCondition{{Name: "poets", Expression: `object.metadata.name.startsWith("poet")`}}
		enforceValidating(ctx, namespace, spec)
		created(ctx, namespace, agent("critic"))
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
	})

	DescribeTable("depends on its failurePolicy", func(ctx context.Context, spec validatingSpec, fails bool) {
		if !fails {
			spec.FailurePolicy = ptr.To(registrationv1.Ignore)
		}
		enforceValidating(ctx, namespace, spec)
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		if fails {
			Expect(err).To(MatchError(ContainSubstring("no such key")))
		} else {
			Expect(err).NotTo(HaveOccurred())
		}
	},
		Entry("when the expression errs and it is Fail", valid(`object.metadata.labels["team"] == "red"`, onCreate("agents")), true),
		Entry("when the expression errs and it is Ignore", valid(`object.metadata.labels["team"] == "red"`, onCreate("agents")), false),
		Entry("when a match condition errs and it is Fail", conditionally(valid("false", onCreate("agents"))), true),
		Entry("when a match condition errs and it is Ignore", conditionally(valid("false", onCreate("agents"))), false),
	)

	DescribeTable("has the message", func(ctx context.Context, validation registrationv1.Validation, want string) {
		spec := valid("", onCreate("agents"))
		spec.Validations = []registrationv1.Validation{validation}
		enforceValidating(ctx, namespace, spec)
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(HaveSuffix("denied request: " + want)))
	},
		Entry("of its expression", registrationv1.Validation{Expression: "false", Message: "no", MessageExpression: `"no " + object.metadata.name`}, "no poet"),
		Entry("that it always has, if the expression errs", registrationv1.Validation{Expression: "false", Message: "no", MessageExpression: `"no " + object.metadata.labels["team"]`}, "no"),
		Entry("that it always has, if the expression says nothing", registrationv1.Validation{Expression: "false", Message: "no", MessageExpression: `""`}, "no"),
		Entry("that names what failed, if there is no other", registrationv1.Validation{Expression: `object.metadata.name == "critic"`}, `failed expression: object.metadata.name == "critic"`),
	)

	It("changes with it, and ends with its binding", func(ctx context.Context) {
		policy := enforceValidating(ctx, namespace, valid(`object.metadata.name != "poet"`, onCreate("agents")))
		registration := framework.Client.AdmissionregistrationV1()
		stored, err := registration.ValidatingAdmissionPolicies().Get(ctx, policy, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		stored.Spec.Validations[0].Expression = `object.metadata.name != "critic"`
		_, err = registration.ValidatingAdmissionPolicies().Update(ctx, stored, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		everywhere(ctx, func(g Gomega, server versioned.Interface) {
			_, err := server.ArkV1alpha1().Agents(namespace).Create(ctx, agent("critic"), dryRunCreate)
			g.Expect(err).To(MatchError(ContainSubstring("refused")))
			_, err = server.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), dryRunCreate)
			g.Expect(err).NotTo(HaveOccurred())
		})

		binding, err := registration.ValidatingAdmissionPolicyBindings().Get(ctx, policy, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		binding.Spec.MatchResources = &registrationv1.MatchResources{NamespaceSelector: selectorOf("elsewhere")}
		_, err = registration.ValidatingAdmissionPolicyBindings().Update(ctx, binding, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		everywhere(ctx, func(g Gomega, server versioned.Interface) {
			_, err := server.ArkV1alpha1().Agents(namespace).Create(ctx, agent("critic"), dryRunCreate)
			g.Expect(err).NotTo(HaveOccurred())
		})
	})
})

// conditionally adds a match condition that errs.
func conditionally(spec validatingSpec) validatingSpec {
	spec.MatchConditions = []registrationv1.MatchCondition{{Name: "team", Expression: `object.metadata.labels["team"] == "red"`}}
	return spec
}
