package webhooks_test

import (
	"context"
	"encoding/json"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("The review that a webhook gets", func() {
	var (
		namespace string
		receiver  *receiver
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
		registerValidating(ctx, namespace, receiver, receiver.webhook(asked, allow, onAny("agents", "agents/status")))
	})

	It("says what is written", func(ctx context.Context) {
		created(ctx, namespace, agent("poet"))
		request := receiver.last(asked)
		Expect(request.UID).NotTo(BeEmpty())
		Expect(request.Kind).To(Equal(metav1.GroupVersionKind{Group: "ark.ai", Version: "v1alpha1", Kind: "Agent"}))
		Expect(request.RequestKind).To(HaveValue(Equal(request.Kind)))
		Expect(request.Resource).To(Equal(metav1.GroupVersionResource{Group: "ark.ai", Version: "v1alpha1", Resource: "agents"}))
		Expect(request.RequestResource).To(HaveValue(Equal(request.Resource)))
		Expect(request.SubResource).To(BeEmpty())
		Expect(request.RequestSubResource).To(BeEmpty())
		Expect(request.Namespace).To(Equal(namespace))
		Expect(request.DryRun).To(HaveValue(BeFalse()))
	})

	It("names the subresource", func(ctx context.Context) {
		agent := created(ctx, namespace, agent("poet"))
		_, err := agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		request := receiver.last(asked)
		Expect(request.SubResource).To(Equal("status"))
		Expect(request.RequestSubResource).To(Equal("status"))
		Expect(request.Resource.Resource).To(Equal("agents"))
		Expect(request.Kind.Kind).To(Equal("Agent"))
	})

	It("has an identifier of its own", func(ctx context.Context) {
		created(ctx, namespace, agent("poet"))
		created(ctx, namespace, agent("critic"))
		uids := sets.New[types.UID]()
		for _, request := range receiver.requests(asked) {
			uids.Insert(request.UID)
		}
		Expect(uids).To(HaveLen(2))
	})

	It("has the object as it will be stored", func(ctx context.Context) {
		agent := created(ctx, namespace, agent("poet"))
		reviewed := agentIn(receiver.last(asked).Object)
		Expect(reviewed.APIVersion).To(Equal(v1alpha1.SchemeGroupVersion.String()))
		// The revision comes with storing.
		Expect(reviewed.ResourceVersion).To(BeEmpty())
		reviewed.ResourceVersion = agent.ResourceVersion
		reviewed.TypeMeta = agent.TypeMeta
		Expect(reviewed).To(Equal(agent))
	})

	It("has the object with its defaults", func(ctx context.Context) {
		registerValidating(ctx, namespace, receiver, receiver.webhook("queries.example.org", allow, onCreate("queries")))
		_, err := queries(namespace).Create(ctx, query("weather"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		reviewed := &v1alpha1.Query{}
		Expect(json.Unmarshal(receiver.last("queries.example.org").Object.Raw, reviewed)).To(Succeed())
		Expect(reviewed.Spec.TTL).To(BeEquivalentTo("720h"))
		Expect(reviewed.Spec.Type).To(Equal(v1alpha1.QueryTypeUser))
	})

	It("has the object with its generated name", func(ctx context.Context) {
		generated := agent("")
		generated.GenerateName = "poet-"
		name := created(ctx, namespace, generated).Name
		Expect(name).To(HavePrefix("poet-"))
		Expect(agentIn(receiver.last(asked).Object).Name).To(Equal(name))
	})

	It("has the options of the request", func(ctx context.Context) {
		agent, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{FieldManager: "author", FieldValidation: metav1.FieldValidationStrict})
		Expect(err).NotTo(HaveOccurred())
		Expect(optionsOf[metav1.CreateOptions](receiver)).To(Equal(metav1.CreateOptions{
			TypeMeta: optionsType("CreateOptions"), FieldManager: "author", FieldValidation: metav1.FieldValidationStrict,
		}))

		agent.Spec.Prompt = new("Rhyme.")
		_, err = agents(namespace).Update(ctx, agent, metav1.UpdateOptions{FieldManager: "editor"})
		Expect(err).NotTo(HaveOccurred())
		Expect(optionsOf[metav1.UpdateOptions](receiver)).To(Equal(metav1.UpdateOptions{TypeMeta: optionsType("UpdateOptions"), FieldManager: "editor"}))

		_, err = agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"spec": {"prompt": "Sing."}}`), metav1.PatchOptions{FieldManager: "singer"})
		Expect(err).NotTo(HaveOccurred())
		Expect(optionsOf[metav1.UpdateOptions](receiver)).To(Equal(metav1.UpdateOptions{TypeMeta: optionsType("UpdateOptions"), FieldManager: "singer"}))

		apply(ctx, namespace, `{"description": "A poet."}`, metav1.PatchOptions{FieldManager: "applier", Force: ptr.To(true)})
		Expect(optionsOf[metav1.UpdateOptions](receiver)).To(Equal(metav1.UpdateOptions{TypeMeta: optionsType("UpdateOptions"), FieldManager: "applier"}))

		uid := agent.UID
		options := metav1.DeleteOptions{PropagationPolicy: ptr.To(metav1.DeletePropagationBackground), Preconditions: &metav1.Preconditions{UID: &uid}}
		Expect(agents(namespace).Delete(ctx, "poet", options)).To(Succeed())
		deletion := optionsOf[metav1.DeleteOptions](receiver)
		Expect(deletion.PropagationPolicy).To(HaveValue(Equal(metav1.DeletePropagationBackground)))
		Expect(deletion.Preconditions.UID).To(HaveValue(Equal(uid)))
	})

	It("is of the first version in the webhook's list that there is", func(ctx context.Context) {
		modern := receiver.webhook("modern.example.org", allow, onCreate("agents"))
		modern.AdmissionReviewVersions = []string{"v2", "v1"}
		registerMutating(ctx, namespace, receiver, modern)
		created(ctx, namespace, agent("poet"))
		Expect(receiver.requests("modern.example.org")).NotTo(BeEmpty())
	})
})

func optionsType(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: "meta.k8s.io/v1", Kind: kind}
}

// optionsOf are the options of the last request.
func optionsOf[T any](receiver *receiver) T {
	GinkgoHelper()
	var options T
	Expect(json.Unmarshal(receiver.last(asked).Options.Raw, &options)).To(Succeed())
	return options
}
