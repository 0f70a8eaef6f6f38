package webhooks_test

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A dry run", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
	})

	for _, webhook := range bothTypes {
		for _, sideEffects := range []registrationv1.SideEffectClass{registrationv1.SideEffectClassNone, registrationv1.SideEffectClassNoneOnDryRun} {
			It("asks a "+webhook.name+" webhook with sideEffects "+string(sideEffects)+", and tells it", func(ctx context.Context) {
				w := receiver.webhook(asked, allow, onAny("agents", "agents/status"))
				w.SideEffects = ptr.To(sideEffects)
				webhook.register(ctx, namespace, receiver, w)
				agent := created(ctx, namespace, agent("poet"))

				for name, write := range dryRuns(namespace, agent) {
					receiver.forget()
					Expect(write(ctx)).To(Succeed(), name)
					Expect(receiver.last(asked).DryRun).To(HaveValue(BeTrue()), name)
				}
				Expect(stored(ctx, namespace, "poet")).To(Equal(agent))
				list, err := agents(namespace).List(ctx, metav1.ListOptions{})
				Expect(err).NotTo(HaveOccurred())
				Expect(list.Items).To(HaveLen(1))
			})
		}

		for _, sideEffects := range []registrationv1.SideEffectClass{registrationv1.SideEffectClassSome, registrationv1.SideEffectClassUnknown} {
			It("can't meet a "+webhook.name+" webhook with sideEffects "+string(sideEffects)+": there are none any more", func(ctx context.Context) {
				w := receiver.webhook(asked, allow, onAny("agents"))
				w.SideEffects = ptr.To(sideEffects)
				configurations := framework.Client.AdmissionregistrationV1()
				var err error
				if webhook.name == "mutating" {
					_, err = configurations.MutatingWebhookConfigurations().Create(ctx, &registrationv1.MutatingWebhookConfiguration{
						ObjectMeta: metav1.ObjectMeta{Name: uniqueName(namespace)}, Webhooks: []registrationv1.MutatingWebhook{w},
					}, dryRunCreate)
				} else {
					_, err = configurations.ValidatingWebhookConfigurations().Create(ctx, &registrationv1.ValidatingWebhookConfiguration{
						ObjectMeta: metav1.ObjectMeta{Name: uniqueName(namespace)}, Webhooks: []registrationv1.ValidatingWebhook{validating(w)},
					}, dryRunCreate)
				}
				Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
				Expect(err).To(MatchError(ContainSubstring(`supported values: "None", "NoneOnDryRun"`)))
			})
		}

		It("is denied by a "+webhook.name+" webhook as the write would be", func(ctx context.Context) {
			webhook.register(ctx, namespace, receiver, receiver.webhook(denying, denyWith("no poets"), onCreate("agents")))
			_, err := agents(namespace).Create(ctx, agent("poet"), dryRunCreate)
			Expect(err).To(MatchError(ContainSubstring("no poets")))
		})
	}

	It("shows what a mutating webhook would change", func(ctx context.Context) {
		agent := created(ctx, namespace, agent("poet"))
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patchIf(hasObject, set("/spec/description", "Touched.")), onAny("agents")))
		shown, err := agents(namespace).Update(ctx, agent, dryRunUpdate)
		Expect(err).NotTo(HaveOccurred())
		Expect(shown.Spec.Description).To(HaveValue(Equal("Touched.")))
		Expect(stored(ctx, namespace, "poet").Spec.Description).To(BeNil())
	})
})

// dryRuns are requests that would each change something.
func dryRuns(namespace string, stored *v1alpha1.Agent) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"create": func(ctx context.Context) error {
			_, err := agents(namespace).Create(ctx, agent("critic"), dryRunCreate)
			return err
		},
		"update": func(ctx context.Context) error {
			changed := stored.DeepCopy()
			changed.Spec.Prompt = new("Rhyme.")
			_, err := agents(namespace).Update(ctx, changed, dryRunUpdate)
			return err
		},
		"update status": func(ctx context.Context) error {
			changed := stored.DeepCopy()
			changed.Status.Conditions = available()
			_, err := agents(namespace).UpdateStatus(ctx, changed, dryRunUpdate)
			return err
		},
		"patch": func(ctx context.Context) error {
			_, err := agents(namespace).Patch(ctx, stored.Name, types.MergePatchType, []byte(`{"spec": {"prompt": "Rhyme."}}`), dryRunPatch)
			return err
		},
		"apply": func(ctx context.Context) error {
			options := dryRunPatch
			options.FieldManager = "author"
			_, err := agents(namespace).Patch(ctx, "reader", types.ApplyPatchType,
				[]byte(`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "reader"}, "spec": {"prompt": "Read."}}`), options)
			return err
		},
		"delete": func(ctx context.Context) error {
			return agents(namespace).Delete(ctx, stored.Name, dryRunDelete)
		},
		"delete collection": func(ctx context.Context) error {
			return agents(namespace).DeleteCollection(ctx, dryRunDelete, metav1.ListOptions{})
		},
	}
}
