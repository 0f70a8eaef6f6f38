package webhooks_test

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

// conditionExamples are match conditions, and which of the first creation, update and deletion they
// match.
var conditionExamples = []struct {
	name       string
	conditions []string
	want       []admissionv1.Operation
}{
	{"object", []string{`object != null && object.spec.prompt == "Rhyme."`}, []admissionv1.Operation{admissionv1.Update}},
	{"old-object", []string{`oldObject != null && oldObject.spec.prompt == "Be helpful."`}, []admissionv1.Operation{admissionv1.Update}},
	{"deleted-object", []string{`oldObject != null && oldObject.spec.prompt == "Rhyme."`}, []admissionv1.Operation{admissionv1.Delete}},
	{"change", []string{`object != null && oldObject != null && object.spec.prompt != oldObject.spec.prompt`}, []admissionv1.Operation{admissionv1.Update}},
	{"absent-field", []string{`object != null && !has(object.spec.description)`}, []admissionv1.Operation{admissionv1.Create, admissionv1.Update}},
	{"metadata", []string{`object != null && object.metadata.name == "poet"`}, []admissionv1.Operation{admissionv1.Create, admissionv1.Update}},
	{"operation", []string{`request.operation in ["CREATE", "DELETE"]`}, []admissionv1.Operation{admissionv1.Create, admissionv1.Delete}},
	{"resource", []string{`request.resource.group == "ark.ai" && request.resource.resource == "agents" && request.kind.kind == "Agent"`},
		[]admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete}},
	{"user", []string{`"system:authenticated" in request.userInfo.groups`}, []admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete}},
	{"nobody", []string{`request.userInfo.username == "nobody"`}, nil},
	{"authorizer", []string{`authorizer.group("ark.ai").resource("agents").namespace(request.namespace).check("bless").allowed()`},
		[]admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete}},
	{"all-of-several", []string{`request.operation != "CREATE"`, `request.operation != "DELETE"`}, []admissionv1.Operation{admissionv1.Update}},
	{"false-beats-error", []string{`object.spec.nothing == "x"`, `false`}, nil},
}

var _ = Describe("The match conditions of a webhook", func() {
	for _, webhook := range bothTypes {
		Context("that is "+webhook.name, func() {
			var (
				namespace string
				receiver  *receiver
			)
			BeforeEach(func(ctx context.Context) {
				namespace, receiver = framework.Namespace(ctx), newReceiver()
			})

			It("choose requests", func(ctx context.Context) {
				var webhooks []registrationv1.MutatingWebhook
				for _, example := range conditionExamples {
					webhooks = append(webhooks, conditional(receiver.webhook(example.name+".example.org", allow, onAny("agents")), example.conditions...))
				}
				webhook.register(ctx, namespace, receiver, webhooks...)
				agent := created(ctx, namespace, agent("poet"))
				agent.Spec.Prompt = new("Rhyme.")
				_, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
				Expect(err).NotTo(HaveOccurred())
				Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
				for _, example := range conditionExamples {
					Expect(receiver.operations(example.name+".example.org")).To(Equal(example.want), example.name)
				}
			})

			It("fail the request if they err and the failurePolicy is Fail", func(ctx context.Context) {
				erring := conditional(receiver.webhook(asked, allow, onAny("agents")), `object.metadata.labels["team"] == "red"`)
				webhook.register(ctx, namespace, receiver, erring)
				_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
				Expect(apierrors.IsForbidden(err)).To(BeTrue(), "%v", err)
				Expect(err).To(MatchError(ContainSubstring("no such key")))
				Expect(receiver.requests(asked)).To(BeEmpty())
			})

			It("leave the webhook out if they err and the failurePolicy is Ignore", func(ctx context.Context) {
				erring := conditional(receiver.webhook(asked, denyWith("no poets"), onAny("agents")), `object.metadata.labels["team"] == "red"`)
				erring.FailurePolicy = ptr.To(registrationv1.Ignore)
				webhook.register(ctx, namespace, receiver, erring)
				created(ctx, namespace, agent("poet"))
				Expect(receiver.requests(asked)).To(BeEmpty())
			})
		})
	}
})

func conditional(webhook registrationv1.MutatingWebhook, expressions ...string) registrationv1.MutatingWebhook {
	for i, expression := range expressions {
		webhook.MatchConditions = append(webhook.MatchConditions, registrationv1.MatchCondition{Name: fmt.Sprintf("condition-%d", i), Expression: expression})
	}
	return webhook
}
