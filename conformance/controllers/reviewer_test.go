package controllers_test

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/registry"
)

// startWithReviews runs a manager with a validating webhook of its own for each kind in each
// version, as Ark's controllers have them: for creations and updates of the objects themselves,
// reached by a URL.
func (s *scene) startWithReviews(ctx context.Context) *manager {
	GinkgoHelper()
	m, endpoint, _ := s.startServing("--discovery")
	fail := admissionv1.Fail
	configuration := &admissionv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: s.namespaces[0]}}
	for _, kind := range registry.Describe() {
		for _, version := range kind.Versions {
			name := version.Version + "-" + strings.ToLower(kind.Kind)
			configuration.Webhooks = append(configuration.Webhooks, admissionv1.ValidatingWebhook{
				Name: name + ".review.ark.ai", ClientConfig: endpoint("/review-" + name),
				// Namespaces do not select what is in none.
				ObjectSelector: &metav1.LabelSelector{MatchLabels: s.labels},
				Rules: []admissionv1.RuleWithOperations{{
					Operations: []admissionv1.OperationType{admissionv1.Create, admissionv1.Update},
					Rule:       admissionv1.Rule{APIGroups: []string{version.Group}, APIVersions: []string{version.Version}, Resources: []string{kind.Plural}},
				}},
				FailurePolicy: &fail, SideEffects: sideEffects(), AdmissionReviewVersions: []string{"v1"},
			})
		}
	}
	s.create(ctx, configuration)
	DeferCleanup(func(ctx context.Context) { Expect(s.Delete(ctx, configuration)).To(Succeed()) })
	By("waiting until the webhooks are called")
	Eventually(func() error { return s.Create(ctx, s.query(s.namespaces[0], "probe"), client.DryRunAll) }).
		Should(MatchError(ContainSubstring("not found")))
	return m
}

// reviews are the operations that the webhooks of a kind were asked about, by version and name.
func (m *manager) reviews(kind string) map[string][]string {
	reviews := map[string][]string{}
	for _, r := range m.records() {
		if r.Msg == "review" && r.Kind == kind {
			of := r.Version + " " + r.Name
			reviews[of] = append(reviews[of], r.Event+r.Subresource)
		}
	}
	return reviews
}
