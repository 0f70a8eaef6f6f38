package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

var _ = Describe("A mutating webhook whose object is changed after it was asked", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
	})
	// first answers to the change of the second one.
	first := func(policy registrationv1.ReinvocationPolicyType) registrationv1.MutatingWebhook {
		webhook := receiver.webhook("first.example.org", patchIf(described("Second."), set("/spec/prompt", "Seen.")), onCreate("agents"))
		webhook.ReinvocationPolicy = ptr.To(policy)
		return webhook
	}
	second := func() registrationv1.MutatingWebhook {
		return receiver.webhook("second.example.org", patch(set("/spec/description", "Second.")), onCreate("agents"))
	}

	It("is asked again if it wants to be", func(ctx context.Context) {
		registerMutating(ctx, namespace, receiver, first(registrationv1.IfNeededReinvocationPolicy), second())
		Expect(created(ctx, namespace, agent("poet")).Spec.Prompt).To(HaveValue(Equal("Seen.")))
		Expect(receiver.requests("first.example.org")).To(HaveLen(2))
		Expect(receiver.requests("second.example.org")).To(HaveLen(1))
	})

	It("is not asked again otherwise", func(ctx context.Context) {
		registerMutating(ctx, namespace, receiver, first(registrationv1.NeverReinvocationPolicy), second())
		Expect(created(ctx, namespace, agent("poet")).Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
		Expect(receiver.requests("first.example.org")).To(HaveLen(1))
	})

	It("is not asked again if nothing was changed", func(ctx context.Context) {
		unchanging := receiver.webhook("second.example.org", allow, onCreate("agents"))
		registerMutating(ctx, namespace, receiver, first(registrationv1.IfNeededReinvocationPolicy), unchanging)
		created(ctx, namespace, agent("poet"))
		Expect(receiver.requests("first.example.org")).To(HaveLen(1))
	})

	It("is not asked for the first time in the second round", func(ctx context.Context) {
		// Only what the second one makes of the object matches.
		late := first(registrationv1.IfNeededReinvocationPolicy)
		late.MatchConditions = []registrationv1.MatchCondition{{Name: "described", Expression: "has(object.spec.description)"}}
		registerMutating(ctx, namespace, receiver, late, second())
		created(ctx, namespace, agent("poet"))
		Expect(receiver.requests("first.example.org")).To(BeEmpty())
	})
})

func described(as string) func(*admissionv1.AdmissionRequest) bool {
	return func(request *admissionv1.AdmissionRequest) bool {
		return ptr.Deref(agentIn(request.Object).Spec.Description, "") == as
	}
}
