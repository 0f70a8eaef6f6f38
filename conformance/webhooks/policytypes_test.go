package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("The expressions of an admission policy", func() {
	// checked writes a policy and returns what the check of its types found.
	checked := func(ctx context.Context, spec validatingSpec) []registrationv1.ExpressionWarning {
		GinkgoHelper()
		namespace := framework.Namespace(ctx)
		name := uniqueName(namespace)
		spec.MatchConstraints.NamespaceSelector = selectorOf(namespace)
		writeValidating(ctx, name, spec)
		var policy *registrationv1.ValidatingAdmissionPolicy
		Eventually(ctx, func(g Gomega) {
			var err error
			policy, err = framework.Client.AdmissionregistrationV1().ValidatingAdmissionPolicies().Get(ctx, name, metav1.GetOptions{})
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(policy.Status.ObservedGeneration).To(Equal(policy.Generation))
			g.Expect(policy.Status.TypeChecking).NotTo(BeNil())
		}).WithTimeout(inForceTimeout).Should(Succeed())
		return policy.Status.TypeChecking.ExpressionWarnings
	}

	It("are checked against the schema of the kind, without complaints if they fit", func(ctx context.Context) {
		Expect(checked(ctx, valid(`!has(object.spec.description) || object.spec.description.size() < 100`, onCreate("agents")))).To(BeEmpty())
	})

	It("are checked against the schema of the kind, with a warning if they don't fit", func(ctx context.Context) {
		warnings := checked(ctx, valid(`object.spec.instrument == "lyre"`, onCreate("agents")))
		Expect(warnings).To(HaveLen(1))
		Expect(warnings[0].FieldRef).To(Equal("spec.validations[0].expression"))
		Expect(warnings[0].Warning).To(And(ContainSubstring("ark.ai/v1alpha1, Kind=Agent"), ContainSubstring("undefined field 'instrument'")))
	})

	It("are refused if they are none", func(ctx context.Context) {
		_, err := framework.Client.AdmissionregistrationV1().ValidatingAdmissionPolicies().Create(ctx, &registrationv1.ValidatingAdmissionPolicy{
			ObjectMeta: metav1.ObjectMeta{Name: "none"}, Spec: valid("object.spec.", onCreate("agents")),
		}, dryRunCreate)
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
	})

	It("are refused if they mutate by none", func(ctx context.Context) {
		sinceMutatingPolicies()
		_, err := framework.Client.AdmissionregistrationV1().MutatingAdmissionPolicies().Create(ctx, &registrationv1.MutatingAdmissionPolicy{
			ObjectMeta: metav1.ObjectMeta{Name: "none"},
			Spec: mutatingSpec{
				MatchConstraints: matching(onCreate("agents")), ReinvocationPolicy: registrationv1.NeverReinvocationPolicy,
				Mutations: []registrationv1.Mutation{applyConfiguration("Object{")},
			},
		}, dryRunCreate)
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
	})
})
