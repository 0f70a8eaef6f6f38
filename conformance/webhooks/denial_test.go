package webhooks_test

import (
	"context"
	"net/http"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

const denying = "denying.example.org"

var _ = Describe("A webhook that denies", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
	})

	for _, webhook := range bothTypes {
		Context("and is "+webhook.name, func() {
			DescribeTable("has its status reach the client", func(ctx context.Context, answered, want *metav1.Status) {
				webhook.register(ctx, namespace, receiver, receiver.webhook(denying, deny(answered), onCreate("agents")))
				_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
				Expect(err).To(HaveOccurred())
				status := statusOf(err)
				Expect(status.Status).To(Equal(metav1.StatusFailure))
				Expect(status.Code).To(Equal(want.Code))
				Expect(status.Reason).To(Equal(want.Reason))
				Expect(status.Message).To(Equal(want.Message))
				Expect(status.Details).To(Equal(want.Details))
				_, err = agents(namespace).Get(ctx, "poet", metav1.GetOptions{})
				Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
			},
				Entry("with a message", &metav1.Status{Message: "no poets"},
					&metav1.Status{Code: http.StatusBadRequest, Message: `admission webhook "denying.example.org" denied the request: no poets`}),
				Entry("with a code and a reason", &metav1.Status{Message: "no poets", Code: http.StatusConflict, Reason: metav1.StatusReasonConflict},
					&metav1.Status{Code: http.StatusConflict, Reason: metav1.StatusReasonConflict, Message: `admission webhook "denying.example.org" denied the request: no poets`}),
				Entry("with a reason only", &metav1.Status{Reason: metav1.StatusReasonForbidden, Code: http.StatusForbidden},
					&metav1.Status{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden, Message: `admission webhook "denying.example.org" denied the request: Forbidden`}),
				Entry("with details",
					&metav1.Status{Message: "no poets", Code: http.StatusUnprocessableEntity, Reason: metav1.StatusReasonInvalid, Details: poetryDetails()},
					&metav1.Status{Code: http.StatusUnprocessableEntity, Reason: metav1.StatusReasonInvalid, Details: poetryDetails(), Message: `admission webhook "denying.example.org" denied the request: no poets`}),
				Entry("with a code that says success", &metav1.Status{Code: http.StatusOK, Message: "no poets"},
					&metav1.Status{Code: http.StatusBadRequest, Message: `admission webhook "denying.example.org" denied the request: no poets`}),
				Entry("without any", nil,
					&metav1.Status{Code: http.StatusBadRequest, Message: `admission webhook "denying.example.org" denied the request without explanation`}),
			)

			It("prevents updates", func(ctx context.Context) {
				agent := created(ctx, namespace, agent("poet"))
				webhook.register(ctx, namespace, receiver, receiver.webhook(denying, denyWith("no changes"), onAny("agents")))
				agent.Spec.Prompt = new("Rhyme.")
				_, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
				Expect(err).To(MatchError(ContainSubstring("no changes")))
				_, err = agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"spec": {"prompt": "Rhyme."}}`), metav1.PatchOptions{})
				Expect(err).To(MatchError(ContainSubstring("no changes")))
				_, err = agents(namespace).Patch(ctx, "poet", types.ApplyPatchType, applying(`{"description": "Rhymes."}`), metav1.PatchOptions{FieldManager: "author"})
				Expect(err).To(MatchError(ContainSubstring("no changes")))
				Expect(stored(ctx, namespace, "poet").Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
				// The rule has no subresource.
				agent.Status.Conditions = available()
				_, err = agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
				Expect(err).NotTo(HaveOccurred())
			})

			It("prevents writing a status", func(ctx context.Context) {
				agent := created(ctx, namespace, agent("poet"))
				webhook.register(ctx, namespace, receiver, receiver.webhook(denying, denyWith("no conditions"), onAny("agents/status")))
				agent.Status.Conditions = available()
				_, err := agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
				Expect(err).To(MatchError(ContainSubstring("no conditions")))
				Expect(stored(ctx, namespace, "poet").Status.Conditions).To(BeEmpty())
			})

			It("prevents deletion", func(ctx context.Context) {
				protected := agent("poet")
				protected.Labels = map[string]string{"protected": "yes"}
				created(ctx, namespace, protected)
				created(ctx, namespace, agent("critic"))
				webhook.register(ctx, namespace, receiver, receiver.webhook(denying, denyIfProtected, onAny("agents")))
				Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(MatchError(ContainSubstring("poets are protected")))
				Expect(agents(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})).To(MatchError(ContainSubstring("poets are protected")))
				stored(ctx, namespace, "poet")
				Expect(agents(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "!protected"})).To(Succeed())
				list, err := agents(namespace).List(ctx, metav1.ListOptions{})
				Expect(err).NotTo(HaveOccurred())
				Expect(list.Items).To(HaveLen(1))
			})

			It("wins over one that agrees", func(ctx context.Context) {
				webhook.register(ctx, namespace, receiver,
					receiver.webhook("agreeing.example.org", allow, onCreate("agents")),
					receiver.webhook(denying, denyWith("no poets"), onCreate("agents")))
				_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
				Expect(err).To(MatchError(ContainSubstring("no poets")))
			})

			DescribeTable("or agrees may warn the client", func(ctx context.Context, allowed bool) {
				warn := respond(func(*admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
					return &admissionv1.AdmissionResponse{
						Allowed:          allowed,
						Warnings:         []string{"poets are moody", `and "fragile"`},
						AuditAnnotations: map[string]string{"mood": "changing", "not a key!": "ignored"},
					}
				})
				webhook.register(ctx, namespace, receiver, receiver.webhook("warning.example.org", warn, onCreate("agents")))
				client, warnings := warned()
				_, err := client.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
				Expect(err == nil).To(Equal(allowed), "%v", err)
				Expect(warnings.list()).To(Equal([]string{"poets are moody", `and "fragile"`}))
			},
				Entry("while it agrees", true),
				Entry("while it denies", false),
			)
		})
	}

	It("and is mutating keeps validating webhooks from being asked", func(ctx context.Context) {
		registerValidating(ctx, namespace, receiver, receiver.webhook(asked, allow, onCreate("agents")))
		registerMutating(ctx, namespace, receiver, receiver.webhook(denying, denyWith("no poets"), onCreate("agents")))
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("no poets")))
		Expect(receiver.requests(asked)).To(BeEmpty())
	})
})

func poetryDetails() *metav1.StatusDetails {
	return &metav1.StatusDetails{Name: "poet", Kind: "Agent", Causes: []metav1.StatusCause{
		{Type: metav1.CauseTypeFieldValueInvalid, Field: "spec.prompt", Message: "does not rhyme"},
	}}
}

// denyIfProtected refuses to delete what has the label "protected".
var denyIfProtected = respond(func(request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
	if request.Operation == admissionv1.Delete && agentIn(request.OldObject).Labels["protected"] != "" {
		return &admissionv1.AdmissionResponse{Result: &metav1.Status{Message: "poets are protected"}}
	}
	return &admissionv1.AdmissionResponse{Allowed: true}
})

// warnings are those that a client got.
type warnings struct {
	mu       sync.Mutex
	messages []string
}

// warned is a client, and what it is warned of.
func warned() (versioned.Interface, *warnings) {
	GinkgoHelper()
	got := &warnings{}
	config := rest.CopyConfig(framework.Config)
	config.WarningHandler = got
	client, err := versioned.NewForConfig(config)
	Expect(err).NotTo(HaveOccurred())
	return client, got
}

func (w *warnings) HandleWarningHeader(_ int, _, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.messages = append(w.messages, text)
}

func (w *warnings) list() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.messages...)
}
