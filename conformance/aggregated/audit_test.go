package aggregated_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("The audit log", func() {
	It("tells who did what, with the annotations of policies", func(ctx context.Context) {
		dir := GinkgoT().TempDir()
		policy, log := filepath.Join(dir, "policy.yaml"), filepath.Join(dir, "audit.log")
		Expect(os.WriteFile(policy, []byte("apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n- level: Request\n  resources: [{group: ark.ai}]\n- level: None\n"), 0o600)).To(Succeed())
		s := start(ctx, "--audit-policy-file", policy, "--audit-log-path", log)
		namespace := framework.Namespace(ctx)
		annotate(ctx, namespace)
		queries := s.administrator().ArkV1alpha1().Queries(namespace)

		// Servers learn of a policy a moment after it was made.
		attempt := 0
		Eventually(func(g Gomega) {
			attempt++
			name := fmt.Sprintf("audited-%d", attempt)
			_, err := queries.Create(ctx, newQuery(name), metav1.CreateOptions{})
			g.Expect(err).NotTo(HaveOccurred())
			entry := entryAbout(g, log, name)
			g.Expect(entry.Verb).To(Equal("create"))
			g.Expect(entry.Level).To(Equal(auditv1.LevelRequest))
			g.Expect(entry.User.Username).To(Equal("admin"))
			g.Expect(entry.ResponseStatus.Code).To(BeEquivalentTo(201))
			g.Expect(entry.ObjectRef.Resource).To(Equal("queries"))
			g.Expect(entry.ObjectRef.Namespace).To(Equal(namespace))
			g.Expect(string(entry.RequestObject.Raw)).To(ContainSubstring("weather in Lisbon"))
			g.Expect(entry.Annotations).To(HaveKeyWithValue(namespace+"/asked", "agent weather"))
		}).WithTimeout(readyTimeout).Should(Succeed())
		_, err := queries.List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(s.read(ctx, "/readyz")).To(Equal("ok"))
		Expect(os.ReadFile(log)).To(And(ContainSubstring(`"verb":"list"`), Not(ContainSubstring("readyz"))))
	})
})

// entryAbout is what an audit log has about the creation of an object.
func entryAbout(g Gomega, log, name string) auditv1.Event {
	text, err := os.ReadFile(log)
	g.Expect(err).NotTo(HaveOccurred())
	for line := range strings.Lines(string(text)) {
		var entry auditv1.Event
		g.Expect(json.Unmarshal([]byte(line), &entry)).To(Succeed())
		if strings.Contains(line, `"name":"`+name+`"`) {
			return entry
		}
	}
	g.Expect(string(text)).To(ContainSubstring(name))
	return auditv1.Event{}
}

// annotate makes a policy for a namespace that has its name, and notes whom queries ask.
func annotate(ctx context.Context, namespace string) {
	GinkgoHelper()
	ignore := registrationv1.Ignore
	policies := framework.Client.AdmissionregistrationV1().ValidatingAdmissionPolicies()
	_, err := policies.Create(ctx, &registrationv1.ValidatingAdmissionPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: namespace},
		Spec: registrationv1.ValidatingAdmissionPolicySpec{
			FailurePolicy: &ignore,
			MatchConstraints: &registrationv1.MatchResources{
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": namespace}},
				ResourceRules: []registrationv1.NamedRuleWithOperations{{RuleWithOperations: registrationv1.RuleWithOperations{
					Operations: []registrationv1.OperationType{registrationv1.Create},
					Rule:       registrationv1.Rule{APIGroups: []string{"ark.ai"}, APIVersions: []string{"*"}, Resources: []string{"queries"}},
				}}},
			},
			AuditAnnotations: []registrationv1.AuditAnnotation{{Key: "asked", ValueExpression: `object.spec.target.type + " " + object.spec.target.name`}},
		},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) {
		Expect(policies.Delete(ctx, namespace, metav1.DeleteOptions{})).To(Succeed())
	})
	bindings := framework.Client.AdmissionregistrationV1().ValidatingAdmissionPolicyBindings()
	_, err = bindings.Create(ctx, &registrationv1.ValidatingAdmissionPolicyBinding{
		ObjectMeta: metav1.ObjectMeta{Name: namespace},
		Spec: registrationv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: namespace, ValidationActions: []registrationv1.ValidationAction{registrationv1.Audit},
		},
	}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) {
		Expect(bindings.Delete(ctx, namespace, metav1.DeleteOptions{})).To(Succeed())
	})
}
