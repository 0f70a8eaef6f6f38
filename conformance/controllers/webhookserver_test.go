package controllers_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	certutil "k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// startServing runs a manager with webhooks, which nothing calls yet. The arguments run another in
// its place.
func (s *scene) startServing(args ...string) (*manager, func(path string) admissionv1.WebhookClientConfig, []string) {
	GinkgoHelper()
	host := framework.Env.Host
	cert, key, err := certutil.GenerateSelfSignedCertKey(host, nil, nil)
	Expect(err).NotTo(HaveOccurred())
	dir, port := GinkgoT().TempDir(), freePort(host)
	Expect(os.WriteFile(filepath.Join(dir, "tls.crt"), cert, 0o600)).To(Succeed())
	Expect(os.WriteFile(filepath.Join(dir, "tls.key"), key, 0o600)).To(Succeed())
	args = append(args, "--webhook-cert-dir", dir, "--webhook-host", host, "--webhook-port", fmt.Sprint(port))
	return s.start(args...).works(), func(path string) admissionv1.WebhookClientConfig {
		url := fmt.Sprintf("https://%s%s", net.JoinHostPort(host, fmt.Sprint(port)), path)
		return admissionv1.WebhookClientConfig{URL: &url, CABundle: cert}
	}, args
}

// startWithWebhooks runs a manager that is asked about every query in the scene. The arguments run
// another in its place.
func (s *scene) startWithWebhooks(ctx context.Context) (*manager, []string) {
	GinkgoHelper()
	m, endpoint, args := s.startServing()
	mutating, validating := s.mutatingWebhook(endpoint("/mutate-ark-ai-v1alpha1-query")), s.validatingWebhook(endpoint("/validate-ark-ai-v1alpha1-query"))
	for _, configuration := range []client.Object{mutating, validating} {
		s.create(ctx, configuration)
		DeferCleanup(func(ctx context.Context) { Expect(s.Delete(ctx, configuration)).To(Succeed()) })
	}
	By("waiting until the webhooks are called")
	Eventually(func() *string {
		query := s.query(s.namespaces[0], "probe")
		Expect(s.Create(ctx, query, client.DryRunAll)).To(Succeed())
		return query.Spec.SessionID
	}).ShouldNot(BeNil())
	Eventually(func() error {
		query := s.query(s.namespaces[0], "probe")
		query.Spec.Input.Raw = `""`
		return s.Create(ctx, query, client.DryRunAll)
	}).Should(MatchError(ContainSubstring("nothing is asked")))
	return m, args
}

func (s *scene) mutatingWebhook(endpoint admissionv1.WebhookClientConfig) *admissionv1.MutatingWebhookConfiguration {
	return &admissionv1.MutatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: s.namespaces[0]},
		Webhooks: []admissionv1.MutatingWebhook{{
			Name: "default.query.ark.ai", ClientConfig: endpoint, NamespaceSelector: s.itself(), Rules: rules(admissionv1.Create, admissionv1.Update),
			SideEffects: sideEffects(), AdmissionReviewVersions: []string{"v1"},
		}},
	}
}

func (s *scene) validatingWebhook(endpoint admissionv1.WebhookClientConfig) *admissionv1.ValidatingWebhookConfiguration {
	return &admissionv1.ValidatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: s.namespaces[0]},
		Webhooks: []admissionv1.ValidatingWebhook{{
			Name: "validate.query.ark.ai", ClientConfig: endpoint, NamespaceSelector: s.itself(), Rules: rules(admissionv1.OperationAll),
			SideEffects: sideEffects(), AdmissionReviewVersions: []string{"v1"},
		}},
	}
}

// itself selects the namespaces of the scene.
func (s *scene) itself() *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
		{Key: corev1.LabelMetadataName, Operator: metav1.LabelSelectorOpIn, Values: s.namespaces},
	}}
}

func rules(operations ...admissionv1.OperationType) []admissionv1.RuleWithOperations {
	return []admissionv1.RuleWithOperations{{Operations: operations, Rule: admissionv1.Rule{
		APIGroups: []string{v1alpha1.GroupName}, APIVersions: []string{"v1alpha1"}, Resources: []string{"queries"},
	}}}
}

func sideEffects() *admissionv1.SideEffectClass {
	none := admissionv1.SideEffectClassNone
	return &none
}
