package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/rand"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

const (
	// sentinelName is of a webhook that each configuration has beside its own: it tells that the
	// configuration is in force by denying the objects with the label probeLabel and the
	// configuration's name.
	sentinelName = "sentinel.conformance.ark.ai"
	probeLabel   = "conformance.ark.ai/probe"
	// probeName is of objects that other webhooks don't see.
	probeName = "probe"
)

// on is a rule for resources of Ark.
func on(operations []registrationv1.OperationType, resources ...string) registrationv1.RuleWithOperations {
	return registrationv1.RuleWithOperations{
		Operations: operations,
		Rule:       registrationv1.Rule{APIGroups: []string{v1alpha1.GroupName}, APIVersions: []string{"v1alpha1"}, Resources: resources},
	}
}

func onAny(resources ...string) registrationv1.RuleWithOperations {
	return on([]registrationv1.OperationType{registrationv1.OperationAll}, resources...)
}

func onCreate(resources ...string) registrationv1.RuleWithOperations {
	return on([]registrationv1.OperationType{registrationv1.Create}, resources...)
}

// registerMutating puts webhooks into force for the objects of a namespace.
func registerMutating(ctx context.Context, namespace string, receiver *receiver, webhooks ...registrationv1.MutatingWebhook) {
	GinkgoHelper()
	name := uniqueName(namespace)
	create(ctx, framework.Client.AdmissionregistrationV1().MutatingWebhookConfigurations(), &registrationv1.MutatingWebhookConfiguration{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Webhooks:   completed(webhooks, namespace, receiver, name),
	})
	untilInForce(ctx, namespace, name)
}

// registerValidating puts webhooks into force for the objects of a namespace.
func registerValidating(ctx context.Context, namespace string, receiver *receiver, webhooks ...registrationv1.MutatingWebhook) {
	GinkgoHelper()
	name := uniqueName(namespace)
	configuration := &registrationv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: name}}
	for _, webhook := range completed(webhooks, namespace, receiver, name) {
		configuration.Webhooks = append(configuration.Webhooks, validating(webhook))
	}
	create(ctx, framework.Client.AdmissionregistrationV1().ValidatingWebhookConfigurations(), configuration)
	untilInForce(ctx, namespace, name)
}

// uniqueName is for what belongs to no namespace, but to a spec.
func uniqueName(namespace string) string { return namespace + "-" + rand.String(5) }

// resource is a client of one kind of object.
type resource[T metav1.Object] interface {
	Create(ctx context.Context, object T, options metav1.CreateOptions) (T, error)
	Delete(ctx context.Context, name string, options metav1.DeleteOptions) error
}

// create writes an object for the time of a spec.
func create[T metav1.Object](ctx context.Context, client resource[T], object T) {
	GinkgoHelper()
	created, err := client.Create(ctx, object, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx context.Context) {
		Expect(client.Delete(ctx, created.GetName(), metav1.DeleteOptions{})).To(Succeed())
	})
}

// bothTypes of webhooks are for specs about what they have in common.
var bothTypes = []struct {
	name     string
	register func(ctx context.Context, namespace string, receiver *receiver, webhooks ...registrationv1.MutatingWebhook)
}{
	{"mutating", registerMutating},
	{"validating", registerValidating},
}

// completed restricts webhooks to a namespace and adds the sentinel, as the last one: the others
// are asked too.
func completed(webhooks []registrationv1.MutatingWebhook, namespace string, receiver *receiver, name string) []registrationv1.MutatingWebhook {
	sentinel := receiver.webhook(sentinelName, denyWith(name), onCreate("memories"))
	sentinel.ObjectSelector = &metav1.LabelSelector{MatchLabels: map[string]string{probeLabel: name}}
	webhooks = append(webhooks, sentinel)
	for i := range webhooks {
		if webhooks[i].NamespaceSelector == nil {
			webhooks[i].NamespaceSelector = selectorOf(namespace)
		}
	}
	return webhooks
}

func validating(webhook registrationv1.MutatingWebhook) registrationv1.ValidatingWebhook {
	return registrationv1.ValidatingWebhook{
		Name:                    webhook.Name,
		ClientConfig:            webhook.ClientConfig,
		Rules:                   webhook.Rules,
		FailurePolicy:           webhook.FailurePolicy,
		MatchPolicy:             webhook.MatchPolicy,
		NamespaceSelector:       webhook.NamespaceSelector,
		ObjectSelector:          webhook.ObjectSelector,
		SideEffects:             webhook.SideEffects,
		TimeoutSeconds:          webhook.TimeoutSeconds,
		AdmissionReviewVersions: webhook.AdmissionReviewVersions,
		MatchConditions:         webhook.MatchConditions,
	}
}

func selectorOf(namespace string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}}
}

// probeOf is an object for the sentinel of a configuration or policy.
func probeOf(name string) *v1alpha1.Memory {
	probe := memory(probeName)
	probe.Labels = map[string]string{probeLabel: name}
	return probe
}

func untilInForce(ctx context.Context, namespace, configuration string) {
	GinkgoHelper()
	probe := probeOf(configuration)
	everywhere(ctx, func(g Gomega, server versioned.Interface) {
		_, err := server.ArkV1alpha1().Memories(namespace).Create(ctx, probe, dryRunCreate)
		g.Expect(err).To(MatchError(ContainSubstring("%q denied the request: %s", sentinelName, configuration)))
	})
}
