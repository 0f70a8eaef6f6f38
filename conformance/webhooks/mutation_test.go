package webhooks_test

import (
	"context"
	"errors"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

var _ = Describe("A mutating webhook", func() {
	var (
		namespace string
		receiver  *receiver
		// mutate registers one that patches objects.
		mutate func(ctx context.Context, rule registrationv1.RuleWithOperations, operations ...operation)
	)
	BeforeEach(func(ctx context.Context) {
		namespace, receiver = framework.Namespace(ctx), newReceiver()
		mutate = func(ctx context.Context, rule registrationv1.RuleWithOperations, operations ...operation) {
			registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patchIf(hasObject, operations...), rule))
		}
	})

	It("changes what is created and what is updated", func(ctx context.Context) {
		mutate(ctx, onAny("agents"), set("/spec/description", "Touched."))
		watch, err := agents(namespace).Watch(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		defer watch.Stop()

		agent := created(ctx, namespace, agent("poet"))
		Expect(agent.Spec.Description).To(HaveValue(Equal("Touched.")))
		Expect(stored(ctx, namespace, "poet").Spec).To(Equal(agent.Spec))
		Eventually(ctx, watch.ResultChan()).Should(Receive(HaveField("Object.Spec", Equal(agent.Spec))))

		agent.Spec.Description = new("Mine.")
		updated, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(updated.Spec.Description).To(HaveValue(Equal("Touched.")))
	})

	It("leaves an update without effect if it undoes it", func(ctx context.Context) {
		agent := created(ctx, namespace, agent("poet"))
		mutate(ctx, onAny("agents"), set("/spec/prompt", "Be helpful."))
		// What is written now has another time in managedFields.
		Eventually(ctx, func() int64 { return time.Now().Unix() }).Should(BeNumerically(">", agent.ManagedFields[0].Time.Unix()))
		agent.Spec.Prompt = new("Rhyme.")
		updated, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(updated.Generation).To(Equal(agent.Generation))
		Expect(updated.ResourceVersion).To(Equal(agent.ResourceVersion))
	})

	It("adds metadata", func(ctx context.Context) {
		mutate(ctx, onCreate("agents"),
			set("/metadata/labels", map[string]string{"team": "red"}),
			set("/metadata/annotations", map[string]string{"example.org/by": "webhook"}),
			set("/metadata/finalizers", []string{"example.org/finalizer"}))
		agent := created(ctx, namespace, agent("poet"))
		Expect(agent.Labels).To(HaveKeyWithValue("team", "red"))
		Expect(agent.Annotations).To(HaveKeyWithValue("example.org/by", "webhook"))
		Expect(agent.Finalizers).To(ConsistOf("example.org/finalizer"))
		selected, err := agents(namespace).List(ctx, metav1.ListOptions{LabelSelector: "team=red"})
		Expect(err).NotTo(HaveOccurred())
		Expect(selected.Items).To(HaveLen(1))
		_, err = agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"metadata": {"finalizers": null}}`), metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
	})

	It("changes a status that is written to the subresource, and nothing else there", func(ctx context.Context) {
		mutate(ctx, onAny("agents/status"), set("/status/conditions/0/message", "From the webhook."), set("/spec/prompt", "Hijacked."))
		agent := created(ctx, namespace, agent("poet"))
		agent.Status.Conditions = available()
		_, err := agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		agent = stored(ctx, namespace, "poet")
		Expect(agent.Status.Conditions[0].Message).To(Equal("From the webhook."))
		Expect(agent.Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
	})

	It("can't give an object a status outside of the subresource", func(ctx context.Context) {
		mutate(ctx, onAny("agents"), set("/status", map[string]any{"conditions": available()}))
		agent := created(ctx, namespace, agent("poet"))
		Expect(agent.Status.Conditions).To(BeEmpty())
		agent.Spec.Prompt = new("Rhyme.")
		agent, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(agent.Status.Conditions).To(BeEmpty())
	})

	It("completes what would be invalid without it", func(ctx context.Context) {
		incomplete := query("weather")
		incomplete.Spec.Target = nil
		mutate(ctx, onCreate("queries"), set("/spec/target", map[string]string{"type": "agent", "name": "forecaster"}))
		query, err := queries(namespace).Create(ctx, incomplete, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(query.Spec.Target.Name).To(Equal("forecaster"))
	})

	It("does not make an object invalid", func(ctx context.Context) {
		mutate(ctx, onCreate("queries"), set("/spec/type", "song"))
		_, err := queries(namespace).Create(ctx, query("weather"), metav1.CreateOptions{})
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring("spec.type")))
	})

	It("does not take a default away", func(ctx context.Context) {
		mutate(ctx, onCreate("queries"), remove("/spec/timeout"))
		query, err := queries(namespace).Create(ctx, query("weather"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(query.Spec.Timeout).To(BeEquivalentTo("5m"))
	})

	It("says how long a query is kept, before the configuration does", func(ctx context.Context) {
		mutate(ctx, onCreate("queries"), set("/spec/ttl", "1h"))
		query, err := queries(namespace).Create(ctx, query("weather"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(query.Spec.TTL).To(BeEquivalentTo("1h"))
	})

	It("can't add fields that the kind does not have", func(ctx context.Context) {
		mutate(ctx, onCreate("agents"), set("/spec/instrument", "lyre"), set("/spec/description", "Sings."))
		created(ctx, namespace, agent("poet"))
		agent, err := framework.Dynamic.Resource(v1alpha1.SchemeGroupVersion.WithResource("agents")).Namespace(namespace).Get(ctx, "poet", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(agent.Object["spec"]).To(HaveKeyWithValue("description", "Sings."))
		Expect(agent.Object["spec"]).NotTo(HaveKey("instrument"))
	})

	It("shows its changes to the webhooks after it", func(ctx context.Context) {
		first := receiver.webhook("first.example.org", patch(set("/spec/description", "First.")), onCreate("agents"))
		second := receiver.webhook("second.example.org", patchIf(func(request *admissionv1.AdmissionRequest) bool {
			return ptr.Deref(agentIn(request.Object).Spec.Description, "") == "First."
		}, set("/spec/description", "First and second.")), onCreate("agents"))
		registerMutating(ctx, namespace, receiver, first, second)
		registerValidating(ctx, namespace, receiver, receiver.webhook("validating.example.org", allow, onCreate("agents")))
		created(ctx, namespace, agent("poet"))
		Expect(agentIn(receiver.requests("first.example.org")[0].Object).Spec.Description).To(BeNil())
		Expect(agentIn(receiver.requests("second.example.org")[0].Object).Spec.Description).To(HaveValue(Equal("First.")))
		Expect(agentIn(receiver.requests("validating.example.org")[0].Object).Spec.Description).To(HaveValue(Equal("First and second.")))
		Expect(stored(ctx, namespace, "poet").Spec.Description).To(HaveValue(Equal("First and second.")))
	})

	DescribeTable("can't move an object that exists", func(ctx context.Context, change operation, status OmegaMatcher) {
		agent := created(ctx, namespace, agent("poet"))
		mutate(ctx, onAny("agents"), change)
		agent.Spec.Prompt = new("Rhyme.")
		_, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
		Expect(err).To(HaveOccurred())
		Expect(statusOf(err).Code).To(status, "%v", err)
		Expect(stored(ctx, namespace, "poet").Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
	},
		Entry("to another name", set("/metadata/name", "critic"), BeEquivalentTo(http.StatusUnprocessableEntity)),
		Entry("to another namespace", set("/metadata/namespace", "default"), BeEquivalentTo(http.StatusBadRequest)),
		// Kubernetes' own kinds answer with the former, CustomResourceDefinitions with the latter.
		Entry("to another kind", set("/kind", "Team"), Or(BeEquivalentTo(http.StatusInternalServerError), BeEquivalentTo(http.StatusUnprocessableEntity))),
		Entry("to another group", set("/apiVersion", "example.org/v1"), BeEquivalentTo(http.StatusInternalServerError)),
	)

	It("can't create in another namespace", func(ctx context.Context) {
		mutate(ctx, onCreate("agents"), set("/metadata/namespace", "default"))
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(apierrors.IsBadRequest(err)).To(BeTrue(), "%v", err)
	})

	It("can't patch what is deleted", func(ctx context.Context) {
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patch(set("/spec/prompt", "Stay.")), onAny("agents")))
		created(ctx, namespace, agent("poet"))
		err := agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})
		Expect(apierrors.IsInternalError(err)).To(BeTrue(), "%v", err)
		Expect(err).To(MatchError(ContainSubstring(`admission webhook "mutating.example.org" attempted to modify the object, which is not supported for this operation`)))
		stored(ctx, namespace, "poet")
	})
})

// statusOf is what the server said.
func statusOf(err error) metav1.Status {
	GinkgoHelper()
	status := &apierrors.StatusError{}
	Expect(errors.As(err, &status)).To(BeTrue(), "%v", err)
	return status.ErrStatus
}
