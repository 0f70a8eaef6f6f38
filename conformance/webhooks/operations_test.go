package webhooks_test

import (
	"context"
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// asked is of the webhook that most specs of this file register.
const asked = "asked.example.org"

var _ = Describe("A webhook", func() {
	for _, webhook := range bothTypes {
		Context("that is "+webhook.name, func() {
			var (
				namespace string
				receiver  *receiver
			)
			BeforeEach(func(ctx context.Context) {
				namespace, receiver = framework.Namespace(ctx), newReceiver()
				webhook.register(ctx, namespace, receiver, receiver.webhook(asked, allow, onAny("agents", "agents/status", "queries")))
			})

			It("is asked when an object is created", func(ctx context.Context) {
				created(ctx, namespace, agent("poet"))
				request := receiver.last(asked)
				Expect(request.Operation).To(Equal(admissionv1.Create))
				Expect(request.Name).To(Equal("poet"))
				Expect(agentIn(request.Object).Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
				Expect(request.OldObject.Raw).To(Or(BeEmpty(), MatchJSON("null")))
			})

			It("is asked when an object is updated", func(ctx context.Context) {
				agent := created(ctx, namespace, agent("poet"))
				agent.Spec.Prompt = new("Rhyme.")
				_, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
				Expect(err).NotTo(HaveOccurred())
				expectUpdate(receiver.last(asked), "Be helpful.", "Rhyme.")
			})

			DescribeTable("is asked when an object is changed by", func(ctx context.Context, patchType types.PatchType, patch string) {
				created(ctx, namespace, agent("poet"))
				_, err := agents(namespace).Patch(ctx, "poet", patchType, []byte(patch), metav1.PatchOptions{})
				Expect(err).NotTo(HaveOccurred())
				expectUpdate(receiver.last(asked), "Be helpful.", "Rhyme.")
			},
				Entry("a merge patch", types.MergePatchType, `{"spec": {"prompt": "Rhyme."}}`),
				Entry("a JSON patch", types.JSONPatchType, `[{"op": "replace", "path": "/spec/prompt", "value": "Rhyme."}]`),
			)

			It("is asked when an object is applied, first as a creation and then as an update", func(ctx context.Context) {
				apply(ctx, namespace, `{"prompt": "Be helpful."}`, metav1.PatchOptions{FieldManager: "owner"})
				Expect(receiver.last(asked).Operation).To(Equal(admissionv1.Create))
				apply(ctx, namespace, `{"prompt": "Rhyme."}`, metav1.PatchOptions{FieldManager: "owner"})
				expectUpdate(receiver.last(asked), "Be helpful.", "Rhyme.")
			})

			It("is asked when a status is written", func(ctx context.Context) {
				agent := created(ctx, namespace, agent("poet"))
				agent.Spec.Prompt = new("Ignored.")
				agent.Status.Conditions = available()
				_, err := agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
				Expect(err).NotTo(HaveOccurred())
				request := receiver.last(asked)
				Expect(request.SubResource).To(Equal("status"))
				Expect(request.Operation).To(Equal(admissionv1.Update))
				Expect(agentIn(request.Object).Status.Conditions).To(HaveLen(1))
				Expect(agentIn(request.OldObject).Status.Conditions).To(BeEmpty())

				_, err = agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"status": {"conditions": []}}`), metav1.PatchOptions{}, "status")
				Expect(err).NotTo(HaveOccurred())
				Expect(agentIn(receiver.last(asked).Object).Status.Conditions).To(BeEmpty())
				Expect(agentIn(receiver.last(asked).OldObject).Status.Conditions).To(HaveLen(1))
			})

			It("is asked when an object is deleted, and shown what is to go", func(ctx context.Context) {
				created(ctx, namespace, agent("poet"))
				Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
				request := receiver.last(asked)
				Expect(request.Operation).To(Equal(admissionv1.Delete))
				Expect(request.Name).To(Equal("poet"))
				Expect(request.Object.Raw).To(Or(BeEmpty(), MatchJSON("null")))
				Expect(agentIn(request.OldObject).Name).To(Equal("poet"))
			})

			It("is asked about each object of a collection that is deleted", func(ctx context.Context) {
				for _, name := range []string{"poet", "critic", "reader"} {
					created(ctx, namespace, agent(name))
				}
				spared := agent("spared")
				spared.Labels = map[string]string{"keep": "me"}
				created(ctx, namespace, spared)
				receiver.forget()
				Expect(agents(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "!keep"})).To(Succeed())
				names := sets.New[string]()
				for _, request := range receiver.requests(asked) {
					Expect(request.Operation).To(Equal(admissionv1.Delete))
					names.Insert(agentIn(request.OldObject).Name)
				}
				Expect(names).To(Equal(sets.New("poet", "critic", "reader")))
			})

			It("is asked when the last finalizer of an object that is being deleted goes", func(ctx context.Context) {
				finalized := agent("poet")
				finalized.Finalizers = []string{"example.org/finalizer"}
				created(ctx, namespace, finalized)
				Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(Succeed())
				_, err := agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"metadata": {"finalizers": null}}`), metav1.PatchOptions{})
				Expect(err).NotTo(HaveOccurred())
				request := receiver.last(asked)
				Expect(request.Operation).To(Equal(admissionv1.Update))
				Expect(agentIn(request.Object).Finalizers).To(BeEmpty())
				Expect(agentIn(request.OldObject).DeletionTimestamp).NotTo(BeNil())
			})

			It("is not asked about reading", func(ctx context.Context) {
				created(ctx, namespace, agent("poet"))
				receiver.forget()
				stored(ctx, namespace, "poet")
				list, err := agents(namespace).List(ctx, metav1.ListOptions{})
				Expect(err).NotTo(HaveOccurred())
				watch, err := agents(namespace).Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion, TimeoutSeconds: ptr.To[int64](1)})
				Expect(err).NotTo(HaveOccurred())
				watch.Stop()
				Expect(receiver.requests(asked)).To(BeEmpty())
			})

			It("is not asked about other namespaces and other kinds", func(ctx context.Context) {
				created(ctx, framework.Namespace(ctx), agent("poet"))
				_, err := framework.Ark.ArkV1alpha1().Memories(namespace).Create(ctx, memory("poems"), metav1.CreateOptions{})
				Expect(err).NotTo(HaveOccurred())
				Expect(receiver.requests(asked)).To(BeEmpty())
			})
		})
	}

	It("that is mutating is not asked about what is not well-formed", func(ctx context.Context) {
		namespace, receiver := framework.Namespace(ctx), newReceiver()
		registerMutating(ctx, namespace, receiver, receiver.webhook(asked, allow, onAny("agents")))
		err := framework.Ark.ArkV1alpha1().RESTClient().Post().Namespace(namespace).Resource("agents").
			SetHeader("Content-Type", "application/json").Body([]byte(`{"metadata": {`)).Do(ctx).Error()
		Expect(err).To(HaveOccurred())
		Expect(receiver.requests(asked)).To(BeEmpty())
	})

	It("that is validating is asked only about what is valid", func(ctx context.Context) {
		namespace, receiver := framework.Namespace(ctx), newReceiver()
		registerValidating(ctx, namespace, receiver, receiver.webhook(asked, allow, on([]registrationv1.OperationType{registrationv1.Create, registrationv1.Update}, "queries")))
		invalid := query("weather")
		invalid.Spec.Type = "song"
		_, err := queries(namespace).Create(ctx, invalid, metav1.CreateOptions{})
		Expect(err).To(HaveOccurred())
		Expect(receiver.requests(asked)).To(BeEmpty())
	})
})

// apply makes the agent "poet" have a spec.
func apply(ctx context.Context, namespace, spec string, options metav1.PatchOptions) *v1alpha1.Agent {
	GinkgoHelper()
	applied, err := agents(namespace).Patch(ctx, "poet", types.ApplyPatchType, applying(spec), options)
	Expect(err).NotTo(HaveOccurred())
	return applied
}

// applying is an apply configuration of the agent "poet".
func applying(spec string) []byte {
	return []byte(`{"apiVersion": "ark.ai/v1alpha1", "kind": "Agent", "metadata": {"name": "poet"}, "spec": ` + spec + `}`)
}

func expectUpdate(request *admissionv1.AdmissionRequest, oldPrompt, newPrompt string) {
	GinkgoHelper()
	Expect(request.Operation).To(Equal(admissionv1.Update))
	Expect(request.SubResource).To(BeEmpty())
	Expect(agentIn(request.OldObject).Spec.Prompt).To(HaveValue(Equal(oldPrompt)))
	Expect(agentIn(request.Object).Spec.Prompt).To(HaveValue(Equal(newPrompt)))
}

func agentIn(object runtime.RawExtension) *v1alpha1.Agent {
	GinkgoHelper()
	agent := &v1alpha1.Agent{}
	Expect(json.Unmarshal(object.Raw, agent)).To(Succeed())
	Expect(agent.Kind).To(Equal("Agent"))
	return agent
}
