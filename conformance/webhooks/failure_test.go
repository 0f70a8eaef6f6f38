package webhooks_test

import (
	"context"
	"crypto"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	certutil "k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
)

const failing = "failing.example.org"

// failure is a way for a webhook to fail: what it is, and how the client is told if it matters.
type failure struct {
	name    string
	webhook func(*receiver) registrationv1.MutatingWebhook
	message string
	// mutating is of failures that a validating webhook can't have.
	mutating bool
}

var failures = []failure{
	{name: "is not there", message: "connection refused", webhook: func(r *receiver) registrationv1.MutatingWebhook {
		webhook := r.webhook(failing, allow, onAny("agents"))
		webhook.ClientConfig.URL = ptr.To("https://" + deadAddress() + "/")
		return webhook
	}},
	{name: "has a certificate of an authority that was not named", message: "certificate signed by unknown authority", webhook: func(r *receiver) registrationv1.MutatingWebhook {
		webhook := r.webhook(failing, allow, onAny("agents"))
		webhook.ClientConfig.CABundle = otherAuthority()
		return webhook
	}},
	{name: "does not answer within its timeout", message: "deadline exceeded", webhook: func(r *receiver) registrationv1.MutatingWebhook {
		webhook := r.webhook(failing, func(ctx context.Context, _ http.ResponseWriter, _ *admissionv1.AdmissionRequest) { <-ctx.Done() }, onAny("agents"))
		webhook.TimeoutSeconds = ptr.To[int32](1)
		return webhook
	}},
	{name: "answers with an error", message: "the server could not find the requested resource", webhook: func(r *receiver) registrationv1.MutatingWebhook {
		return r.webhook(failing, func(_ context.Context, response http.ResponseWriter, _ *admissionv1.AdmissionRequest) {
			http.Error(response, "not here", http.StatusNotFound)
		}, onAny("agents"))
	}},
	{name: "answers nonsense", message: "couldn't get version/kind; json parse error", webhook: func(r *receiver) registrationv1.MutatingWebhook {
		return r.webhook(failing, func(_ context.Context, response http.ResponseWriter, _ *admissionv1.AdmissionRequest) {
			response.Header().Set("Content-Type", "application/json")
			_, _ = response.Write([]byte("Dear diary,"))
		}, onAny("agents"))
	}},
	{name: "answers another question", message: `expected response.uid="`, webhook: answering(&admissionv1.AdmissionResponse{UID: "other", Allowed: true})},
	{name: "patches without saying how", message: "response.patchType", mutating: true,
		webhook: answering(&admissionv1.AdmissionResponse{Allowed: true, Patch: []byte(`[]`)})},
	{name: "patches in an unknown way", message: "unsupported patch type", mutating: true,
		webhook: answering(&admissionv1.AdmissionResponse{Allowed: true, Patch: []byte(`[{"op": "remove", "path": "/spec/prompt"}]`), PatchType: ptr.To(admissionv1.PatchType("MergePatch"))})},
	{name: "has a patch that is none", message: "received undecodable patch", mutating: true,
		webhook: answering(&admissionv1.AdmissionResponse{Allowed: true, Patch: []byte(`{`), PatchType: ptr.To(admissionv1.PatchTypeJSONPatch)})},
}

var _ = Describe("A webhook that", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
	})

	for _, failure := range failures {
		for _, webhook := range bothTypes {
			if failure.mutating && webhook.name != "mutating" {
				continue
			}
			It(failure.name+" fails the request if its failurePolicy is Fail and it is "+webhook.name, func(ctx context.Context) {
				broken := failure.webhook(receiver)
				broken.FailurePolicy = ptr.To(registrationv1.Fail)
				webhook.register(ctx, namespace, receiver, broken)
				_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
				Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
				Expect(err).To(MatchError(ContainSubstring(`failed calling webhook "failing.example.org"`)))
				Expect(err).To(MatchError(ContainSubstring(failure.message)))
				_, err = agents(namespace).Get(ctx, "poet", metav1.GetOptions{})
				Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
			})

			It(failure.name+" does not matter if its failurePolicy is Ignore and it is "+webhook.name, func(ctx context.Context) {
				broken := failure.webhook(receiver)
				broken.FailurePolicy = ptr.To(registrationv1.Ignore)
				webhook.register(ctx, namespace, receiver, broken, receiver.webhook(asked, allow, onAny("agents")))
				agent := created(ctx, namespace, agent("poet"))
				agent.Spec.Prompt = new("Rhyme.")
				_, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
				Expect(err).NotTo(HaveOccurred())
				Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
				Expect(receiver.operations(asked)).To(Equal([]admissionv1.Operation{admissionv1.Create, admissionv1.Update, admissionv1.Delete}))
			})
		}
	}

	It("takes longer than the client waits leaves nothing behind", func(ctx context.Context) {
		slow := failures[2].webhook(receiver)
		slow.TimeoutSeconds = ptr.To[int32](30)
		slow.FailurePolicy = ptr.To(registrationv1.Ignore)
		registerValidating(ctx, namespace, receiver, slow)
		// The answer is 504, or the end of the stream if the webhook's failure is noticed first.
		err := framework.Ark.ArkV1alpha1().RESTClient().Post().Namespace(namespace).Resource("agents").Param("timeout", "1s").Body(agent("poet")).Do(ctx).Error()
		Expect(err).To(HaveOccurred())
		_, err = agents(namespace).Get(ctx, "poet", metav1.GetOptions{})
		Expect(apierrors.IsNotFound(err)).To(BeTrue(), "%v", err)
	})

	It("is validating and patches fails the request", func(ctx context.Context) {
		registerValidating(ctx, namespace, receiver, receiver.webhook(failing, patch(set("/spec/prompt", "Rhyme.")), onAny("agents")))
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring("validating webhook may not return response.patch")))
	})

	It("has a patch that does not fit fails the request whatever its failurePolicy", func(ctx context.Context) {
		broken := receiver.webhook(failing, patch(remove("/spec/nothing")), onAny("agents"))
		broken.FailurePolicy = ptr.To(registrationv1.Ignore)
		registerMutating(ctx, namespace, receiver, broken)
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
	})

	It("fails for good does not hide the denial of another one", func(ctx context.Context) {
		broken := failures[0].webhook(receiver)
		broken.FailurePolicy = ptr.To(registrationv1.Ignore)
		registerValidating(ctx, namespace, receiver, broken, receiver.webhook(denying, denyWith("no poets"), onAny("agents")))
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("no poets")))
	})
})

// answering is always with the same response. There is nothing that a patch could be of when an
// object is deleted.
func answering(response *admissionv1.AdmissionResponse) func(*receiver) registrationv1.MutatingWebhook {
	return func(r *receiver) registrationv1.MutatingWebhook {
		return r.webhook(failing, respond(func(*admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse { return response.DeepCopy() }),
			on([]registrationv1.OperationType{registrationv1.Create, registrationv1.Update}, "agents"))
	}
}

// deadAddress is one where nobody listens.
func deadAddress() string {
	GinkgoHelper()
	listener := framework.Listen()
	Expect(listener.Close()).To(Succeed())
	return listener.Addr().String()
}

// otherAuthority has issued nothing.
func otherAuthority() []byte {
	GinkgoHelper()
	encoded, err := keyutil.MakeEllipticPrivateKeyPEM()
	Expect(err).NotTo(HaveOccurred())
	key, err := keyutil.ParsePrivateKeyPEM(encoded)
	Expect(err).NotTo(HaveOccurred())
	certificate, err := certutil.NewSelfSignedCACert(certutil.Config{CommonName: "other"}, key.(crypto.Signer))
	Expect(err).NotTo(HaveOccurred())
	encoded, err = certutil.EncodeCertificates(certificate)
	Expect(err).NotTo(HaveOccurred())
	return encoded
}
