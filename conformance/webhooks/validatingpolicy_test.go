package webhooks_test

import (
	"context"
	"fmt"
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"

	"ark.ai/apiserver/conformance/framework"
	"ark.ai/apiserver/src/generated/clientset/versioned"
)

var _ = Describe("A validating admission policy", func() {
	var namespace string
	BeforeEach(func(ctx context.Context) { namespace = framework.Namespace(ctx) })

	It("denies what it finds invalid, and says why", func(ctx context.Context) {
		policy := enforceValidating(ctx, namespace, valid(`object.spec.prompt != "Rhyme."`, onCreate("agents")))
		created(ctx, namespace, agent("critic"))
		poet := agent("poet")
		poet.Spec.Prompt = new("Rhyme.")
		_, err := agents(namespace).Create(ctx, poet, metav1.CreateOptions{})
		Expect(apierrors.IsInvalid(err)).To(BeTrue(), "%v", err)
		denial := fmt.Sprintf("ValidatingAdmissionPolicy '%[1]s' with binding '%[1]s' denied request: refused", policy)
		status := statusOf(err)
		Expect(status.Code).To(BeEquivalentTo(http.StatusUnprocessableEntity))
		Expect(status.Message).To(Equal(`agents.ark.ai "poet" is forbidden: ` + denial))
		Expect(status.Details).To(Equal(&metav1.StatusDetails{Group: "ark.ai", Kind: "agents", Name: "poet", Causes: []metav1.StatusCause{{Message: denial}}}))
	})

	DescribeTable("denies with the reason", func(ctx context.Context, reason metav1.StatusReason, code int) {
		spec := valid("false", onCreate("agents"))
		spec.Validations[0].Reason = ptr.To(reason)
		enforceValidating(ctx, namespace, spec)
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(HaveOccurred())
		Expect(statusOf(err).Reason).To(Equal(reason))
		Expect(statusOf(err).Code).To(BeEquivalentTo(code))
	},
		Entry("Invalid", metav1.StatusReasonInvalid, http.StatusUnprocessableEntity),
		Entry("Forbidden", metav1.StatusReasonForbidden, http.StatusForbidden),
		Entry("RequestEntityTooLarge", metav1.StatusReasonRequestEntityTooLarge, http.StatusRequestEntityTooLarge),
	)

	It("compares what is written with what was there", func(ctx context.Context) {
		agent := created(ctx, namespace, agent("poet"))
		enforceValidating(ctx, namespace, valid("object.spec.prompt == oldObject.spec.prompt", on([]registrationv1.OperationType{registrationv1.Update}, "agents")))
		agent.Spec.Description = new("A poet.")
		agent, err := agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		agent.Spec.Prompt = new("Rhyme.")
		_, err = agents(namespace).Update(ctx, agent, metav1.UpdateOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
		_, err = agents(namespace).Patch(ctx, "poet", types.MergePatchType, []byte(`{"spec": {"prompt": "Rhyme."}}`), metav1.PatchOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
		_, err = agents(namespace).Patch(ctx, "poet", types.ApplyPatchType, applying(`{"prompt": "Rhyme."}`), metav1.PatchOptions{FieldManager: "author", Force: ptr.To(true)})
		Expect(err).To(MatchError(ContainSubstring("refused")))
		Expect(stored(ctx, namespace, "poet").Spec.Prompt).To(HaveValue(Equal("Be helpful.")))
	})

	It("looks at statuses that are written", func(ctx context.Context) {
		enforceValidating(ctx, namespace, valid("!has(object.status.conditions) || object.status.conditions.all(c, c.message != '')", onAny("agents/status")))
		agent := created(ctx, namespace, agent("poet"))
		agent.Status.Conditions = available()
		_, err := agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
		agent.Status.Conditions[0].Message = "Ready."
		_, err = agents(namespace).UpdateStatus(ctx, agent, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
	})

	It("protects objects from deletion", func(ctx context.Context) {
		protected := agent("poet")
		protected.Labels = map[string]string{"protected": "yes"}
		created(ctx, namespace, protected)
		created(ctx, namespace, agent("critic"))
		enforceValidating(ctx, namespace, valid(`object == null && !("protected" in oldObject.metadata.?labels.orValue({}))`,
			on([]registrationv1.OperationType{registrationv1.Delete}, "agents")))
		Expect(agents(namespace).Delete(ctx, "poet", metav1.DeleteOptions{})).To(MatchError(ContainSubstring("refused")))
		Expect(agents(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})).To(MatchError(ContainSubstring("refused")))
		Expect(agents(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "!protected"})).To(Succeed())
		stored(ctx, namespace, "poet")
	})

	It("denies a dry run too", func(ctx context.Context) {
		enforceValidating(ctx, namespace, valid("false", onCreate("agents")))
		_, err := agents(namespace).Create(ctx, agent("poet"), dryRunCreate)
		Expect(err).To(MatchError(ContainSubstring("refused")))
	})

	DescribeTable("knows", func(ctx context.Context, expression string, grant bool) {
		label := []byte(`{"metadata": {"labels": {"stage": "test"}}}`)
		_, err := framework.Client.CoreV1().Namespaces().Patch(ctx, namespace, types.MergePatchType, label, metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
		enforceValidating(ctx, namespace, valid(expression, onCreate("agents")))
		everywhere(ctx, func(g Gomega, server versioned.Interface) {
			_, err := server.ArkV1alpha1().Agents(namespace).Create(ctx, agent("poet"), dryRunCreate)
			g.Expect(err == nil).To(Equal(grant), "%v", err)
		})
	},
		Entry("the namespace", `namespaceObject.metadata.labels["stage"] == "test" && namespaceObject.metadata.name == object.metadata.namespace`, true),
		Entry("the namespace when it denies", `namespaceObject.metadata.labels["stage"] == "production"`, false),
		Entry("the request", `request.operation == "CREATE" && request.resource.resource == "agents" && request.kind.kind == "Agent" && request.name == object.metadata.name && request.dryRun`, true),
		Entry("the user", `"system:authenticated" in request.userInfo.groups`, true),
		Entry("what the user may do", `authorizer.group("ark.ai").resource("agents").namespace(object.metadata.namespace).check("bless").allowed()`, true),
		Entry("what somebody else may not do", `authorizer.serviceAccount(object.metadata.namespace, "default").group("ark.ai").resource("agents").namespace(object.metadata.namespace).check("create").allowed()`, false),
		Entry("Kubernetes' functions", `quantity("200M").compareTo(quantity("1G")) == -1 && url("https://example.org").getHost() == "example.org"`, true),
	)

	It("uses variables", func(ctx context.Context) {
		spec := valid(`variables.words > 2 && variables.long`, onCreate("agents"))
		spec.Variables = []registrationv1.Variable{
			{Name: "words", Expression: `object.spec.prompt.split(" ").size()`},
			{Name: "long", Expression: `variables.words > 3`},
		}
		spec.Validations[0].MessageExpression = `"only " + string(variables.words) + " words"`
		enforceValidating(ctx, namespace, spec)
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("denied request: only 2 words")))
		wordy := agent("poet")
		wordy.Spec.Prompt = new("Rhyme as often as you can.")
		created(ctx, namespace, wordy)
	})

	It("sees defaults and what mutating webhooks did", func(ctx context.Context) {
		receiver := newReceiver()
		registerMutating(ctx, namespace, receiver, receiver.webhook("mutating.example.org", patch(set("/spec/sessionId", "from-webhook")), onCreate("queries")))
		enforceValidating(ctx, namespace, valid(`object.spec.ttl == "720h" && object.spec.sessionId == "from-webhook"`, onCreate("queries")))
		_, err := queries(namespace).Create(ctx, query("weather"), metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
	})

	It("is asked about objects of the whole namespace, whatever their kind", func(ctx context.Context) {
		enforceValidating(ctx, namespace, valid(`object.metadata.name != "poet"`, onCreate("*")))
		_, err := agents(namespace).Create(ctx, agent("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
		_, err = queries(namespace).Create(ctx, query("poet"), metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("refused")))
		created(ctx, framework.Namespace(ctx), agent("poet"))
	})
})
